/** What a cell of a metric's column holds: a number, nothing, or something else. */
export type Cell = number | "missing" | "unreadable";

const missingWords: ReadonlySet<string> = new Set(["", "na", "n/a", "nan", "null", "none"]);

/** A number as programs write it: no thousands separators, no units, no hexadecimals. */
const written = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** Reads a cell: numbers, `true` and `false` as 1 and 0. A number beyond what one holds is unreadable. */
export function cellOf(text: string): Cell {
  const trimmed = text.trim();
  if (written.test(trimmed)) {
    const value = Number(trimmed);
    return Number.isFinite(value) ? value : "unreadable";
  }
  const word = trimmed.toLowerCase();
  if (missingWords.has(word)) return "missing";
  if (word === "true") return 1;
  return word === "false" ? 0 : "unreadable";
}

/** Later than any time that is meant in seconds: 2286. */
const secondsMax = 1e10;

/**
 * The time that a cell tells, ms since 1970: ISO 8601, or a number of seconds or milliseconds. Undefined for others, and for what
 * no date can be (ECMAScript's end in the year 275760).
 */
export function timeOf(text: string): number | undefined {
  const value = cellOf(text);
  const ms = typeof value === "number" ? msOf(value) : Date.parse(text.trim());
  return Number.isNaN(new Date(ms).getTime()) ? undefined : ms;
}

function msOf(value: number): number {
  return Math.abs(value) < secondsMax ? value * 1000 : value;
}
