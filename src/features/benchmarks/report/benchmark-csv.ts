import { allMetrics } from "#core/benchmarks/metrics/all-metrics.ts";
import { csvLine } from "#core/kernel/csv-line.ts";
import type { BenchmarkReport } from "./benchmark-report.ts";

/** A report as CSV: a row for each target, run and metric, the metrics of other tools among them. */
export function benchmarkCsv({ targets }: BenchmarkReport): string {
  const statistics = [
    "count",
    "mean",
    "deviation",
    "min",
    "p50",
    "p90",
    "p95",
    "p99",
    "p99_9",
    "max",
  ] as const;
  const rows = targets.flatMap(({ name, runs }) =>
    runs.flatMap(({ rate, figures }, at) =>
      allMetrics.flatMap(({ id, by, unit }) => {
        const of = figures.metrics.get(id);
        return of
          ? [[name, at + 1, rate, id, by, unit, ...statistics.map((statistic) => of[statistic])]]
          : [];
      }),
    ),
  );
  return [["target", "run", "rate", "metric", "defined_by", "unit", ...statistics], ...rows]
    .map(csvLine)
    .join("");
}
