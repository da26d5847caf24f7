import { isMissing, writtenBoolean, writtenNumber } from "#core/kernel/written-value.ts";

/** What a cell of a metric's column holds: a number, nothing, or something else. */
export type Cell = number | "missing" | "unreadable";

/** Reads a cell: numbers, `true` and `false` as 1 and 0. A number beyond what one holds is unreadable. */
export function cellOf(text: string): Cell {
  const number = writtenNumber(text);
  if (number !== undefined) return number;
  if (isMissing(text)) return "missing";
  const truth = writtenBoolean(text);
  return truth === undefined ? "unreadable" : Number(truth);
}

/** Later than any time that is meant in seconds: 2286. */
const secondsMax = 1e10;

/** A day and a time of day without a zone, which ECMAScript would read in that of the machine. */
const zoneless = /^(?<day>\d{4}-\d\d-\d\d)[T ](?<time>\d\d:\d\d(?::\d\d(?:\.\d+)?)?)$/;

/**
 * The time that a cell tells, ms since 1970: ISO 8601, of UTC where there is no zone, or a number of seconds or milliseconds.
 * Undefined for others, and for what no date can be (ECMAScript's end in the year 275760).
 */
export function timeOf(text: string): number | undefined {
  const value = cellOf(text);
  const ms =
    typeof value === "number" ? msOf(value) : Date.parse(text.trim().replace(zoneless, "$<day>T$<time>Z"));
  return Number.isNaN(new Date(ms).getTime()) ? undefined : ms;
}

function msOf(value: number): number {
  return Math.abs(value) < secondsMax ? value * 1000 : value;
}
