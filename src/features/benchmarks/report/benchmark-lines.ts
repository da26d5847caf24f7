import { alignedRows } from "#core/kernel/aligned-rows.ts";
import type { BenchmarkReport } from "./benchmark-report.ts";
import { reportParts, reportSentences } from "./report-parts.ts";

/** A report for a terminal. */
export function benchmarkLines(report: BenchmarkReport): readonly string[] {
  return [
    ...reportParts(report).flatMap(({ heading, table }) => [
      heading,
      ...alignedRows(table).map((line) => `  ${line}`),
      "",
    ]),
    ...reportSentences(report),
  ];
}
