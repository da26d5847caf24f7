import { reportLines } from "#core/reports/report-lines.ts";
import type { BenchmarkReport } from "./benchmark-report.ts";
import { reportParts, reportSentences } from "./report-parts.ts";

/** A report for a terminal. */
export function benchmarkLines(report: BenchmarkReport): readonly string[] {
  return reportLines({ verdict: reportSentences(report)[0], parts: reportParts(report) });
}
