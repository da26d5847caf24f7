import { alignedRows } from "#core/kernel/aligned-rows.ts";
import { reportParts, type ReportInput } from "./analysis-report.ts";

/** An analysis for a terminal. */
export function analysisLines(input: ReportInput): readonly string[] {
  return [
    input.analysis.verdict.sentence,
    ...reportParts(input).flatMap((part) => [
      "",
      `${part.heading}:`,
      ...(part.kind === "list" ? part.items.map((item) => `- ${item}`) : alignedRows(part.table)).map(
        (line) => `  ${line}`,
      ),
    ]),
  ];
}
