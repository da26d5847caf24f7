import { sizeText } from "#core/kernel/size-text.ts";
import type { ReadingReport } from "./reading-report.ts";

/** Fields, splits and reasons that are named one by one. */
const namedMax = 20;

/** A reading report as a person reads it. */
export function readingLines(report: ReadingReport): readonly string[] {
  return [
    `${counted(report.rows, "row")}, ${counted(report.items, "item")}, ${report.selected} of them chosen${report.isWhole ? "" : "; not read to its end"}`,
    ...passedOver(report),
    ...refused(report),
    ...ids(report),
    ...named("Splits", Object.entries(report.splits)),
    ...named("Missing in items", Object.entries(report.missing)),
    fileLine(report),
    ...report.notes,
    `Digest ${report.digest}`,
  ];
}

/** What would be worth a look: rows that are no items, and what was not understood. */
export function readingProblems({ refused, notes }: ReadingReport): number {
  return refused.reduce((sum, { count }) => sum + count, notes.length);
}

function passedOver({ passedOver: counts }: ReadingReport): readonly string[] {
  const parts = Object.entries(counts).map(([reason, count]) => `${count} by ${reason}`);
  return parts.length === 0 ? [] : [`Passed over: ${parts.join(", ")}`];
}

function refused({ refused: reasons, firstRefused }: ReadingReport): readonly string[] {
  const count = reasons.reduce((sum, reason) => sum + reason.count, 0);
  if (count === 0) return [];
  return [
    `${counted(count, "row")} refused:`,
    ...reasons.slice(0, namedMax).map((reason) => `  ${reason.count} with ${shown(reason.reason)}`),
    ...firstRefused.map(({ line, reason }) => `  line ${line}: ${shown(reason)}`),
    ...(count > firstRefused.length ? [`  and ${count - firstRefused.length} more`] : []),
  ];
}

function ids({ madeIds, repeatedRows }: ReadingReport): readonly string[] {
  if (madeIds === 0) return [];
  const repeated = repeatedRows === 0 ? "" : `; ${repeatedRows} are as earlier ones, and numbered`;
  return [`${counted(madeIds, "item")} without an id, which is made of the content${repeated}`];
}

function named(what: string, counts: readonly (readonly [string, number])[]): readonly string[] {
  if (counts.length === 0) return [];
  const parts = counts.slice(0, namedMax).map(([name, count]) => `${shown(name)} ${count}`);
  return [`${what}: ${parts.join(", ")}${counts.length > namedMax ? ", ..." : ""}`];
}

function fileLine({ bytes, isCompressed, hasByteOrderMark, hasCrLf }: ReadingReport): string {
  const parts = [
    sizeText(bytes),
    ...(isCompressed ? ["compressed in the file"] : []),
    ...(hasByteOrderMark ? ["with a byte-order mark"] : []),
    ...(hasCrLf ? ["lines that end in CR LF"] : []),
  ];
  return parts.join(", ");
}

/** A name of a file's, which may be orders to a terminal. */
function shown(name: string): string {
  const line = name.replaceAll(/\p{C}/gu, "?");
  return line.length > 100 ? `${line.slice(0, 100)}...` : line;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
