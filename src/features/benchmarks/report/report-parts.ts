import { signalboxMetrics } from "#core/benchmarks/metrics/signalbox-metrics.ts";
import type { RepeatedFigure } from "#core/benchmarks/repeated-figure.ts";
import { shareText } from "#core/kernel/share.ts";
import type { ReportPart, Table } from "#core/reports/report-part.ts";
import type { BenchmarkReport, ReportedRun, ReportedTarget } from "./benchmark-report.ts";
import type { RunFigures } from "./run-figures.ts";

/** What a report comes to, the weightiest first: whether it can be believed, what is borne, whether objectives were kept. */
export function reportSentences(report: BenchmarkReport): readonly [string, ...string[]] {
  const { invalid, targets } = report;
  const [first = "No target was asked", ...others] = [
    ...invalid.map((reason) => `Invalid: ${reason}`),
    ...targets.flatMap(sweepSentences),
    ...objectiveSentence(report),
    ...targets.map(countSentence),
  ];
  return [first, ...others];
}

function objectiveSentence({ plan, keepsObjectives }: BenchmarkReport): readonly string[] {
  if (plan.slo.length === 0) return [];
  const bounds = plan.slo.map(
    ({ metric, limit }) => `${metric.id} ${metric.better === "more" ? "at least" : "at most"} ${limit}`,
  );
  const wanted = `${shareText(plan.slo_share)} of requests with ${bounds.join(", ")}`;
  return [`Objectives ${keepsObjectives ? "kept" : "failed"}: ${wanted}`];
}

function sweepSentences({ name, sweep }: ReportedTarget): readonly string[] {
  if (!sweep) return [];
  const { kneeRate, keptRate, brokenRate, brokenBy } = sweep;
  const broken =
    brokenRate === undefined
      ? "the highest that was tried"
      : `at ${numberText(brokenRate)} ${brokenBy === "saturation" ? "it was saturated" : "the objectives broke"}`;
  const kept = keptRate === undefined ? "no rate that was tried" : `${numberText(keptRate)} requests/s`;
  const knee = kneeRate === undefined ? "" : `; the knee is at ${numberText(kneeRate)}`;
  return [`${name}: bears ${kept}, ${broken}${knee}`];
}

/** What became of a target's requests, all runs together. */
function countSentence({ name, runs }: ReportedTarget): string {
  const sum = (of: (figures: RunFigures) => number): number =>
    runs.reduce((total, { figures }) => total + of(figures), 0);
  return `${name}: ${sum(({ answered }) => answered)} answered, ${sum(({ failed }) => failed)} failed, ${sum(({ cancelled }) => cancelled)} cancelled`;
}

/** The parts of a report, without empty ones. */
export function reportParts(report: BenchmarkReport): readonly ReportPart[] {
  const [, ...sentences] = reportSentences(report);
  const tables = tablesOf(report).filter(([, table]) => table.length > 1);
  return [
    ...(sentences.length > 0 ? [{ kind: "list", heading: "Summary", items: sentences } as const] : []),
    ...tables.map(([heading, table]) => ({ kind: "table", heading, table }) as const),
  ];
}

/** What the metrics of a report mean. */
export const definitions: ReportPart = {
  kind: "list",
  heading: "What the metrics mean",
  items: signalboxMetrics.map(({ id, meaning }) => `${id}: ${meaning}`),
};

function tablesOf(report: BenchmarkReport): readonly (readonly [heading: string, table: Table])[] {
  const { targets } = report;
  const [control] = targets;
  return [
    ["Overview", overviewTable(targets)],
    ...targets.map(
      (target) => [`${target.name} against ${control?.name ?? ""}`, differenceTable(target)] as const,
    ),
    ...targets.flatMap(requestTables),
    ["Failures", failureTable(targets)],
    ["Load generator", generatorTable(report)],
    ["Deployments", deploymentTable(report)],
  ];
}

function requestTables({ name, sweep, runs }: ReportedTarget): readonly (readonly [string, Table])[] {
  if (sweep) return [[`Rates of ${name}`, sweepTable(runs)]];
  return runs.map((run, at) => [
    runs.length === 1 ? `Requests of ${name}` : `Requests of ${name}, run ${at + 1}`,
    metricTable(run),
  ]);
}

function overviewTable(targets: readonly ReportedTarget[]): Table {
  const names = [...new Set(targets.flatMap(({ overview }) => overview.map(([{ name }]) => name)))];
  return [
    ["figure", ...targets.map(({ name }) => name)],
    ...names.map((name) => [
      name,
      ...targets.map(({ overview }) => {
        const found = overview.find(([figure]) => figure.name === name);
        return found ? repeatedText(found[1]) : "";
      }),
    ]),
  ];
}

function differenceTable({ differences }: ReportedTarget): Table {
  return [
    ["figure", "difference", "relative", "sure"],
    ...differences.map(([{ name }, difference]) => [
      name,
      repeatedText(difference),
      difference.relative === undefined ? "" : shareText(difference.relative),
      difference.isSure ? "yes" : "no",
    ]),
  ];
}

function sweepTable(runs: readonly ReportedRun[]): Table {
  return [
    [
      "requests/s",
      "answered/s",
      "output tokens/s",
      "good",
      "ttft p50",
      "ttft p95",
      "e2e_intended p95",
      "saturated",
    ],
    ...runs
      .toSorted((a, b) => (a.rate ?? 0) - (b.rate ?? 0))
      .map(({ rate, run, figures: { requestsPerS, outputTokensPerS, goodShare, metrics } }) => [
        numberText(rate),
        numberText(requestsPerS),
        numberText(outputTokensPerS),
        goodShare === undefined ? "" : shareText(goodShare),
        numberText(metrics.get("ttft_ms")?.p50),
        numberText(metrics.get("ttft_ms")?.p95),
        numberText(metrics.get("e2e_intended_ms")?.p95),
        run.isSaturated ? "yes" : "no",
      ]),
  ];
}

function metricTable({ figures: { metrics } }: ReportedRun): Table {
  return [
    ["metric", "count", "mean", "p50", "p90", "p95", "p99", "max"],
    ...signalboxMetrics.flatMap(({ id }) => {
      const of = metrics.get(id);
      return of ? [[id, ...[of.count, of.mean, of.p50, of.p90, of.p95, of.p99, of.max].map(numberText)]] : [];
    }),
  ];
}

function failureTable(targets: readonly ReportedTarget[]): Table {
  return [
    ["target", "failure", "requests", "first"],
    ...targets.flatMap(({ name, runs }) =>
      runs.flatMap(({ run }) =>
        [...run.measurement.failures].map(([failure, { count, detail }]) => [
          name,
          failure,
          String(count),
          detail,
        ]),
      ),
    ),
  ];
}

function generatorTable({ runs }: BenchmarkReport): Table {
  return [
    ["run", "CPU, cores", "memory max, MB", "event-loop delay p50, ms", "p99, ms"],
    ...runs.map(({ rate, client }, at) => [
      rate === undefined ? String(at + 1) : `${numberText(rate)}/s`,
      numberText(client.cpuShare),
      numberText(client.memoryBytesMax / 1e6),
      numberText(client.eventLoopDelayMsP50),
      numberText(client.eventLoopDelayMsP99),
    ]),
  ];
}

function deploymentTable({ runs }: BenchmarkReport): Table {
  return [
    ["run", "target", "metric", "mean or increase", "max or per second"],
    ...runs.flatMap(({ rate, deployments }, at) =>
      deployments.flatMap(({ name, metrics }) =>
        [...metrics].map(([metric, series]) => [
          rate === undefined ? String(at + 1) : `${numberText(rate)}/s`,
          name,
          metric,
          numberText(series.kind === "gauge" ? series.mean : series.increase),
          numberText(series.kind === "gauge" ? series.max : series.perSecond),
        ]),
      ),
    ),
  ];
}

function repeatedText({ mean, interval }: RepeatedFigure): string {
  return interval
    ? `${numberText(mean)} (${numberText(interval[0])} to ${numberText(interval[1])})`
    : numberText(mean);
}

/** Four digits are what a person reads. */
function numberText(value: number | undefined): string {
  return value === undefined ? "" : String(Number(value.toPrecision(4)));
}
