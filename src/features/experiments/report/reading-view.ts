import type { Reading } from "#core/experiments/comparisons/comparison.ts";
import type { JudgedReadings } from "#core/experiments/comparisons/judgement.ts";
import type { Result } from "#core/kernel/result.ts";
import type { Interval } from "#core/statistics/interval.ts";
import type { Refusal } from "#core/statistics/refusal.ts";

/** A reading on both scales. */
export function readingsView({ absolute, relative }: JudgedReadings) {
  return { absolute: readingView(absolute), relative: readingView(relative) };
}

/** A reading, or why there is none. */
export function readingView(reading: Result<Reading, Refusal>) {
  if (!reading.ok) return { refused: reading.error.code, reason: reading.error.reason };
  const { value, standardError, interval, pValue } = reading.value;
  return { difference: value, standard_error: standardError, interval: bounds(interval), p_value: pValue };
}

/** JSON has no infinities: a bound that is none is null. */
export function bounds([lower, upper]: Interval): [number | null, number | null] {
  return [Number.isFinite(lower) ? lower : null, Number.isFinite(upper) ? upper : null];
}
