import { openDatabase } from "#adapters/postgres/open-database.ts";
import { analyse } from "#core/experiments/analyse.ts";
import { planDefaults, type AnalysisPlan } from "#core/experiments/plan/analysis-plan.ts";
import { builtInMetrics } from "#core/experiments/plan/built-in-metrics.ts";
import { quantileEstimate } from "#core/statistics/quantile-estimate.ts";
import { experimentData } from "#features/experiments/results/experiment-data.ts";
import type { ResultStores } from "#features/experiments/results/result-stores.ts";
import { postgresFeedbackStore, postgresRequestLogStore } from "#features/traffic/index.ts";
import { startPostgresServer } from "../../test/support/postgres-server.ts";
import type { Claim, Measurement } from "../claim.ts";
import { loadExperimentLog, loggedExperiment, loggedVariants } from "../experiments/experiment-log.ts";

/** Longest that comparing may take, from what is known of each variant, ms. */
const comparingMsMax = 2_000;
/** Longest that reading units or requests and comparing may take, ms. */
const readingMsMax = 30_000;
/** Longest statement of the load, ms. */
const loadMsMax = 900_000;
const metricCount = 10;
const tail = { level: 0.95, alpha: 0.05 } as const;

/** Everything that units are compared by, in three variants. */
const plan: AnalysisPlan = {
  control: loggedVariants[0],
  shares: new Map(loggedVariants.map((variant) => [variant, 1])),
  metrics: [...builtInMetrics].slice(0, metricCount).map(([name, { better }]) => ({
    name,
    role: name === "latency" ? "primary" : "secondary",
    better,
    column: name,
    aggregation: { kind: "ratio" },
  })),
  design: { kind: "always-valid" },
  alpha: planDefaults.alpha,
  guardrailAlpha: planDefaults.guardrailAlpha,
  power: planDefaults.power,
  minimum: planDefaults.minimum,
  assumed: [],
};

/** Results of large experiments, by the way that every reading of them goes. */
export const claim: Claim = {
  id: "experiment-analysis-speed",
  title: "Results of an experiment with 1,000,000 units in Postgres are there while one waits",
  wanted: `${metricCount} metrics of ${loggedVariants.length} variants compared in < ${comparingMsMax / 1000} s from what is known of each; read by unit and compared, and a p95 by unit, each in < ${readingMsMax / 1000} s`,
  async run({ short }) {
    const units = short ? 20_000 : 1_000_000;
    await using server = await startPostgresServer();
    const databaseUrl = await server.createDatabase("experiment_analysis");
    await using database = await openDatabase({ kind: "url", databaseUrl, statementMsMax: loadMsMax });
    await loadExperimentLog(database.kysely, units);
    const stores = {
      log: postgresRequestLogStore(database.kysely),
      feedback: postgresFeedbackStore(database.kysely),
    };
    const measurement = await measured(stores, units);
    return {
      ...measurement,
      ...(short && { judgedBy: `the same times, of ${units.toLocaleString("en")} units` }),
    };
  },
};

async function measured(stores: ResultStores, units: number): Promise<Measurement> {
  const phase = { ...loggedExperiment, plan, days: 7, isOver: false, nowMs: Date.now() };
  const read = await timed(() => experimentData(stores, phase));
  const compared = await timed(async () => analyse(plan, read.value));
  const quantiles = await timed(() => p95Of(stores.log));
  const counted = [...read.value.counts.all.values()].reduce((sum, count) => sum + count, 0);
  const comparisons = compared.value.metrics.flatMap((metric) => metric.comparisons);
  const isWhole =
    counted === units &&
    comparisons.length === metricCount * (loggedVariants.length - 1) &&
    quantiles.value.length === loggedVariants.length;
  const readMs = read.tookMs + compared.tookMs;
  return {
    ok:
      isWhole && compared.tookMs < comparingMsMax && readMs < readingMsMax && quantiles.tookMs < readingMsMax,
    figure: `compared in ${compared.tookMs.toFixed(0)} ms; read by unit and compared in ${seconds(readMs)}, a p95 by unit in ${seconds(quantiles.tookMs)}, of ${counted.toLocaleString("en")} units`,
    details: [
      `two requests a unit, summed up by the statement that sums up every request; ${comparisons.length} comparisons`,
      "rates, times, tokens and costs are ratios over units (delta method), from sums by unit",
      `p95 of the time of each variant, with its error by units: ${quantiles.value.join(", ")}`,
    ],
  };
}

/** The p95 of each variant with its error; throws where one has none, as a figure without it proves nothing. */
async function p95Of(store: ResultStores["log"]): Promise<readonly string[]> {
  const found = await store.experimentQuantile({ ...loggedExperiment, ...tail, measure: "totalMs" });
  return found.map(({ variant, count, around }) => {
    const estimate = around.ok ? quantileEstimate({ ...tail, count, ...around.value }) : around;
    if (!estimate.ok) throw new Error(`Cannot tell the p95 of "${variant}": ${estimate.error.reason}`);
    return `${variant} ${estimate.value.value.toFixed(0)} +- ${estimate.value.standardError.toFixed(1)} ms`;
  });
}

interface Timed<Value> {
  readonly value: Value;
  readonly tookMs: number;
}

async function timed<Value>(call: () => Promise<Value>): Promise<Timed<Value>> {
  const startedMs = performance.now();
  const value = await call();
  return { value, tookMs: performance.now() - startedMs };
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
