import { alignedRows } from "#core/kernel/aligned-rows.ts";
import { reportParts, type ReportInput } from "./analysis-report.ts";

/** An analysis for a terminal. Names are anybody's: none of their characters moves the cursor. */
export function analysisLines(input: ReportInput): readonly string[] {
  const lines = [
    input.analysis.verdict.sentence,
    ...reportParts(input).flatMap((part) => [
      "",
      `${part.heading}:`,
      ...(part.kind === "list" ? part.items.map((item) => `- ${item}`) : alignedRows(part.table)).map(
        (line) => `  ${line}`,
      ),
    ]),
  ];
  return lines.map((line) => line.replaceAll(/\p{Cc}/gu, " "));
}
