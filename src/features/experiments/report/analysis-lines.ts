import { reportLines } from "#core/reports/report-lines.ts";
import { reportParts, type ReportInput } from "./analysis-report.ts";

/** An analysis for a terminal. */
export function analysisLines(input: ReportInput): readonly string[] {
  return reportLines({ verdict: input.analysis.verdict.sentence, parts: reportParts(input) });
}
