import { alignedRows } from "#core/kernel/aligned-rows.ts";
import type { JudgedCell } from "./judge.ts";
import { summaryLine, summaryOf } from "./summary.ts";

/** The columns of the table: mode, moment and extent of a fault. */
const columns = [
  "stream/before/one",
  "stream/before/all",
  "stream/before/all-but-fallback",
  "stream/after/one",
  "stream/after/all",
  "whole/before/one",
  "whole/before/all",
  "whole/before/all-but-fallback",
] as const;

/** How the columns are headed: two lines. */
const headings = [
  ["fault", "stream before", "", "", "stream after", "", "whole", "", ""],
  ["", "one", "all", "fallback", "one", "all", "one", "all", "fallback"],
] as const;

/** A run as a person reads it: a row a fault, the cells that do not hold with their reasons, and the figures. */
export function textReport(judged: readonly JudgedCell[]): string {
  const rows = [...Map.groupBy(judged, ({ cell }) => cell.fault)].map(([fault, cells]) => [
    fault,
    ...columns.map((column) => markOf(cells.find(({ cell }) => cell.id === `${fault}/${column}`))),
  ]);
  const failed = judged.filter(({ problems }) => problems.length > 0);
  return [
    ...alignedRows([...headings, ...rows]),
    "",
    ...failed.map((one) => problemLine(one)),
    ...(failed.length > 0 ? [""] : []),
    summaryLine(summaryOf(judged)),
    "",
  ].join("\n");
}

/** Why a cell does not hold, in a line. */
export function problemLine({ cell, problems, status, code, asked, tookMs }: JudgedCell): string {
  const seen = [status ?? "no status", code ?? "", `asked ${asked.join("") || "nobody"}`, `${tookMs} ms`];
  return `${cell.id}: ${problems.join("; ")} (${seen.filter((word) => word !== "").join(", ")})`;
}

/** The outcome, with `!` where it is not as wanted. */
function markOf(judged: JudgedCell | undefined): string {
  if (!judged) return "";
  return judged.problems.length === 0 ? judged.outcome : `! ${judged.outcome}`;
}
