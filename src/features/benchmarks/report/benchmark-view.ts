import { allMetrics } from "#core/benchmarks/metrics/all-metrics.ts";
import type { RepeatedFigure } from "#core/benchmarks/repeated-figure.ts";
import type { WatchedSeries } from "#core/benchmarks/prometheus-text.ts";
import { present } from "#core/kernel/present.ts";
import type { LoadProfile } from "../profile-schema.ts";
import type { BenchmarkRun } from "../run-once.ts";
import type { BenchmarkReport, ReportedRun, ReportedTarget } from "./benchmark-report.ts";
import { keyFigures } from "./key-figures.ts";
import { rounded } from "./run-figures.ts";

/** A report as JSON, snake_case; numbers to six digits. */
export function benchmarkView({ plan, startedMs, invalid, keepsObjectives, targets, runs }: BenchmarkReport) {
  return {
    name: plan.name,
    started_at: new Date(startedMs).toISOString(),
    seed: plan.seed,
    profile: profileView(plan.profile),
    slo: Object.fromEntries(plan.slo.map(({ metric, limit }) => [metric.id, limit])),
    slo_share: plan.slo_share,
    valid: invalid.length === 0,
    invalid,
    keeps_objectives: keepsObjectives,
    targets: targets.map(targetView),
    load_generator: runs.map(generatorView),
    definitions: Object.fromEntries(
      allMetrics.map(({ id, by, unit, meaning }) => [id, { unit, defined_by: by, meaning }]),
    ),
  };
}

/** Durations have their unit in their names, as everywhere in JSON. */
function profileView(profile: LoadProfile) {
  return Object.fromEntries(
    Object.entries(profile).map(([name, value]) => [
      name === "duration" || name === "spike" ? `${name}_ms` : name,
      value,
    ]),
  );
}

function targetView({ name, target, runs, overview, differences, sweep }: ReportedTarget) {
  const { url, model, dialect, stream } = target;
  return present({
    name,
    url,
    model,
    dialect,
    stream,
    overview: Object.fromEntries(overview.map(([figure, repeated]) => [figure.name, repeatedView(repeated)])),
    against_first: Object.fromEntries(
      differences.map(([figure, { relative, isSure, ...difference }]) => [
        figure.name,
        present({
          ...repeatedView(difference),
          relative: relative === undefined ? undefined : rounded(relative),
          sure: isSure,
        }),
      ]),
    ),
    sweep:
      sweep &&
      present({
        knee_rate: sweep.kneeRate,
        kept_rate: sweep.keptRate,
        broken_rate: sweep.brokenRate,
        broken_by: sweep.brokenBy,
      }),
    runs: runs.map(runView),
  });
}

function repeatedView({ mean, interval }: RepeatedFigure) {
  return present({ mean: rounded(mean), interval: interval?.map(rounded) });
}

function runView({ rate, run, figures }: ReportedRun) {
  const { answered, failed, cancelled, durationS, inputTokensPerS, metrics, gatewayMs, costUsd } = figures;
  return present({
    rate,
    requests: { answered, failed, cancelled },
    duration_s: rounded(durationS),
    input_tokens_per_s: rounded(inputTokensPerS),
    ...Object.fromEntries(
      keyFigures.flatMap(({ name, of }) => {
        const value = of(figures);
        return value === undefined ? [] : [[name, rounded(value)]];
      }),
    ),
    saturated: run.isSaturated,
    failures: Object.fromEntries(run.measurement.failures),
    usd: costUsd === undefined ? undefined : rounded(costUsd),
    gateway_ms: gatewayMs,
    metrics: Object.fromEntries(metrics),
  });
}

function generatorView({ rate, client, deployments, invalid }: BenchmarkRun) {
  return present({
    rate,
    invalid,
    cpu_share: rounded(client.cpuShare),
    memory_bytes_max: client.memoryBytesMax,
    event_loop_delay_ms_p50: rounded(client.eventLoopDelayMsP50),
    event_loop_delay_ms_p99: rounded(client.eventLoopDelayMsP99),
    deployments: Object.fromEntries(
      deployments.map(({ name, readings, metrics }) => [
        name,
        {
          readings,
          metrics: Object.fromEntries([...metrics].map(([metric, series]) => [metric, seriesView(series)])),
        },
      ]),
    ),
  });
}

function seriesView(series: WatchedSeries) {
  return series.kind === "gauge"
    ? { mean: rounded(series.mean), max: rounded(series.max) }
    : { increase: rounded(series.increase), per_s: rounded(series.perSecond) };
}
