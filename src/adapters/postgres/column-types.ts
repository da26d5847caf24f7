/** Types of columns by their number, pg_type.dat of Postgres 18. */
const oid = { int8: 20, date: 1082, numeric: 1700 } as const;

/**
 * How values of a column become JavaScript values: the same over both drivers, whose defaults differ (pg gives
 * bigint as text and a date as local midnight; PGlite gives bigint as number or BigInt and a date as UTC).
 */
export const columnParsers: ReadonlyMap<number, (text: string) => unknown> = new Map<
  number,
  (text: string) => unknown
>([
  [oid.int8, safeInteger],
  [oid.date, (text) => text],
  [oid.numeric, (text) => text],
]);

/** int8 as a number. Counts and token sums stay far below 2^53; money is numeric and stays text. */
function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value))
    throw new RangeError(`Cannot read integer "${text}": at most 2^53 - 1 is wanted`);
  return value;
}
