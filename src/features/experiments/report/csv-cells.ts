import type { Reading } from "#core/experiments/comparisons/comparison.ts";
import type { CsvCell } from "#core/kernel/csv-line.ts";
import type { Result } from "#core/kernel/result.ts";
import type { Refusal } from "#core/statistics/refusal.ts";

/** A table of CSV: its header first. */
export type Rows = readonly (readonly CsvCell[])[];

/** The columns of `readingCells`. */
export const readingColumns = ["difference", "difference_lower", "difference_upper", "p_value"];

/** The difference, both ends of its interval, and its p-value; empty cells where there is none. */
export function readingCells(reading: Result<Reading, Refusal>): readonly CsvCell[] {
  if (!reading.ok) return [undefined, undefined, undefined, undefined];
  const { value, interval, pValue } = reading.value;
  return [value, ...interval, pValue];
}
