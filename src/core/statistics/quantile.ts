import { ok, type Result } from "#core/kernel/result.ts";
import type { Interval } from "./interval.ts";
import { leastWhole } from "./least-whole.ts";
import { isCount, refused, refusedLevel, type Refusal } from "./refusal.ts";
import { betaCdf, betaSurvival } from "./special-functions.ts";

/** A quantile of one arm, and where the true one lies. */
export interface SampleQuantile {
  /** The least value that the share of the values asked for is not above (type 1). */
  readonly value: number;
  /** Two of the values. */
  readonly interval: Interval;
  /** Probability that such an interval holds the true quantile, at least 1 - alpha. */
  readonly coverage: number;
}

/** Places of sorted values, the least being 1. */
export interface RankInterval {
  /** 0: no value is a lower bound. */
  readonly lower: number;
  /** The number of values + 1: none is an upper bound. */
  readonly upper: number;
  /** Of the interval from one place to the other. */
  readonly coverage: number;
}

/**
 * A quantile with an interval that no distribution can break: two of the values, by the exact binomial. Assumes independent
 * values, so one a conversation; for messages of conversations see quantileEstimate. Two-sided.
 * Refuses `bad-level`, `bad-value` (a level outside (0, 1)), `not-finite`, `too-few` where values end before the interval does
 * (p95 below 72, p99 below 368 at alpha 0.05).
 */
export function sampleQuantile(
  values: readonly number[],
  { level, alpha }: { readonly level: number; readonly alpha: number },
): Result<SampleQuantile, Refusal> {
  const ranks = quantileRanks({ count: values.length, level, alpha });
  if (!ranks.ok) return ranks;
  const sorted = sortedValues(values);
  if (!sorted.ok) return sorted;
  const at = (place: number): number | undefined => sorted.value[place - 1];
  const [lower, upper] = [at(ranks.value.lower), at(ranks.value.upper)];
  const value = at(rankOf(values.length, level));
  if (lower === undefined || upper === undefined || value === undefined) {
    return refused("too-few", `${values.length} values do not reach around the quantile ${level}`);
  }
  return ok({ value, interval: [lower, upper], coverage: ranks.value.coverage });
}

/**
 * Places [l, u] of sorted values between which the true quantile lies: of count values B are below it, binomial with the level;
 * l is the least with P(B <= l) >= alpha/2, u one more than the least with P(B <= u - 1) >= 1 - alpha/2, the coverage
 * P(l <= B < u). Exact for continuous values, and at least that with ties. David & Nagaraja (2003), Order Statistics, 7.1.
 * Refuses `bad-level`, `bad-count`, `bad-value` (a level outside (0, 1)), `too-few` without values.
 */
export function quantileRanks({
  count,
  level,
  alpha,
}: {
  readonly count: number;
  readonly level: number;
  readonly alpha: number;
}): Result<RankInterval, Refusal> {
  const refusal = refusedLevel(alpha) ?? refusedQuantile(count, level);
  if (refusal) return refusal;
  const lower = leastWhole(count, (below) => binomialCdf(below, count, level) >= alpha / 2);
  const upper = leastWhole(count, (below) => binomialSurvival(below, count, level) <= alpha / 2) + 1;
  const coverage = binomialCdf(upper - 1, count, level) - binomialCdf(lower - 1, count, level);
  return ok({ lower, upper, coverage });
}

/**
 * The value that a share `level` of the values is not above, in the middle between two of them where it falls there: linear,
 * at place 1 + level (n - 1), as spreadsheets and NumPy take it (type 7). level in [0, 1].
 * Hyndman & Fan (1996), The American Statistician 50(4). Refuses `too-few` without values, `not-finite`, `bad-value`.
 */
export function interpolatedQuantile(values: readonly number[], level: number): Result<number, Refusal> {
  if (!(level >= 0 && level <= 1)) return refused("bad-value", `A quantile is in [0, 1], it is ${level}`);
  const sorted = sortedValues(values);
  if (!sorted.ok) return sorted;
  const place = level * (values.length - 1);
  const below = sorted.value[Math.floor(place)];
  const above = sorted.value[Math.ceil(place)];
  if (below === undefined || above === undefined) return refused("too-few", "A quantile needs a value");
  const share = place - Math.floor(place);
  return ok(below * (1 - share) + above * share);
}

/** Why a quantile of so many values is not asked for. */
export function refusedQuantile(count: number, level: number): ReturnType<typeof refusedLevel> {
  if (!(level > 0 && level < 1)) return refused("bad-value", `A quantile is in (0, 1), it is ${level}`);
  if (!isCount(count)) return refused("bad-count", `A count is a whole number >= 0, it is ${count}`);
  if (count === 0) return refused("too-few", "A quantile needs a value");
  return undefined;
}

/** The place, from 1, of the least value that a share of the values is not above. 0.07 x 100 is 7, whatever is its last digit. */
export function rankOf(count: number, level: number): number {
  return Math.max(1, Math.ceil(count * level * (1 - 2 * Number.EPSILON)));
}

/** A copy, least first. Refuses `not-finite`. */
export function sortedValues(values: readonly number[]): Result<Float64Array, Refusal> {
  const sorted = new Float64Array(values).toSorted();
  return sorted.every(Number.isFinite) ? ok(sorted) : refused("not-finite", "A value is not a finite number");
}

/** P(B <= k) of the binomial: that of a beta variable with k + 1 and n - k above p. A&S (1964), 26.5.24. */
function binomialCdf(k: number, count: number, probability: number): number {
  if (k < 0) return 0;
  return k >= count ? 1 : betaSurvival(probability, k + 1, count - k);
}

/** P(B > k) of the binomial: the tail as such, whose digits 1 - cdf would lose. */
function binomialSurvival(k: number, count: number, probability: number): number {
  return k >= count ? 0 : betaCdf(probability, k + 1, count - k);
}
