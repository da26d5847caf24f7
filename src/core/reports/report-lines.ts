import { alignedRows } from "#core/kernel/aligned-rows.ts";
import type { ReportPart } from "./report-part.ts";

/** A report for a terminal. Names are anybody's: none of their characters moves the cursor. */
export function reportLines({
  verdict,
  parts,
}: {
  readonly verdict: string;
  readonly parts: readonly ReportPart[];
}): readonly string[] {
  const lines = [
    verdict,
    ...parts.flatMap((part) => [
      "",
      `${part.heading}:`,
      ...(part.kind === "list" ? part.items.map((item) => `- ${item}`) : alignedRows(part.table)).map(
        (line) => `  ${line}`,
      ),
    ]),
  ];
  return lines.map((line) => line.replaceAll(/\p{Cc}/gu, " "));
}
