import type { LoadWindow } from "#core/benchmarks/saturation.ts";
import { htmlPage, type Tone } from "#core/reports/html-page.ts";
import { lineChart, type Chart } from "#core/reports/line-chart.ts";
import type { BenchmarkReport, ReportedRun, ReportedTarget } from "./benchmark-report.ts";
import { definitions, reportParts, reportSentences } from "./report-parts.ts";

/** A report as one HTML page. */
export function benchmarkHtml(report: BenchmarkReport): string {
  return htmlPage({
    title: report.plan.name,
    verdict: { text: reportSentences(report)[0], tone: toneOf(report) },
    charts: (report.plan.profile.kind === "sweep" ? sweepCharts(report) : courseCharts(report)).map(
      lineChart,
    ),
    parts: [...reportParts(report), definitions],
  });
}

/** Without objectives a run is neither good nor bad. */
function toneOf({ invalid, keepsObjectives, plan }: BenchmarkReport): Tone {
  if (invalid.length > 0 || !keepsObjectives) return "bad";
  return plan.slo.length === 0 ? "open" : "good";
}

type Point = readonly [x: number, y: number];

/** How latency and throughput go with the rate. */
function sweepCharts({ targets }: BenchmarkReport): readonly Chart[] {
  const chart = (
    title: string,
    yLabel: string,
    valueOf: (run: ReportedRun) => number | undefined,
  ): Chart => ({
    title,
    xLabel: "requests per second",
    yLabel,
    series: targets.map(({ name, runs }) => ({ name, points: ratePoints(runs, valueOf) })),
  });
  return [
    chart("Time to first token, p95", "ms", p95("ttft_ms")),
    chart("End to end from the intended start, p95", "ms", p95("e2e_intended_ms")),
    chart("Output tokens per second", "tokens/s", ({ figures }) => figures.outputTokensPerS),
  ];
}

/** The 95th percentile of a metric in a run. */
function p95(id: string): (run: ReportedRun) => number | undefined {
  return ({ figures }) => figures.metrics.get(id)?.p95;
}

function ratePoints(
  runs: readonly ReportedRun[],
  valueOf: (run: ReportedRun) => number | undefined,
): readonly Point[] {
  return runs
    .flatMap((run): readonly Point[] => {
      const value = valueOf(run);
      return value === undefined ? [] : [[run.rate ?? 0, value]];
    })
    .toSorted(([a], [b]) => a - b);
}

/** The course of the load in the first run. */
function courseCharts({ targets }: BenchmarkReport): readonly Chart[] {
  const chart = (
    title: string,
    yLabel: string,
    valueOf: (window: LoadWindow) => number | undefined,
  ): Chart => ({
    title,
    xLabel: "seconds",
    yLabel,
    series: targets.map(({ name, runs }) => ({ name, points: coursePoints(runs, valueOf) })),
  });
  return [
    chart("Requests under way", "requests", ({ concurrency }) => concurrency),
    chart("Time to first token, mean of each second", "ms", ({ firstTokenMs }) => firstTokenMs),
  ];
}

function coursePoints(
  [first]: ReportedTarget["runs"],
  valueOf: (window: LoadWindow) => number | undefined,
): readonly Point[] {
  return (first?.run.measurement.windows.list() ?? []).flatMap((window): readonly Point[] => {
    const value = valueOf(window);
    return value === undefined ? [] : [[window.atMs / 1_000, value]];
  });
}
