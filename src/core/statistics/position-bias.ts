import { ok, type Result } from "#core/kernel/result.ts";
import { covarianceOf, type CrossMoments } from "./cross-moments.ts";
import type { Interval } from "./interval.ts";
import { varianceOf } from "./moments.ts";
import { refused, refusedLevel, type Refusal } from "./refusal.ts";
import { studentTested } from "./welch-test.ts";

/** A mean over duels that were judged in both orders. */
export interface SwappedMean {
  readonly value: number;
  readonly standardError: number;
  /** Two-sided, of the null hypothesis: one half for a win rate, 0 for a bias. */
  readonly pValue: number;
  /** By Student's t over the duels. */
  readonly interval: Interval;
}

/**
 * Win rate of A without the judge's habit to prefer a position: the mean of both orders' scores of one duel, over the duels.
 *
 * Assumes independent duels (prompts); both orders of one duel go together, and so does their error: that of the duels' means,
 * Var((x + y) / 2) / n = (vx + vy + 2 cov) / 4n, not that of 2n verdicts.
 *
 * @param scores of A in one duel each: x where A stands first, y where it stands second; 1 is a win, 1/2 a tie, 0 a loss
 * Refuses `bad-level`, `bad-value` for means outside [0, 1], `too-few` below 2 duels, `no-variance` where all came out alike.
 */
export function swappedWinRate(scores: CrossMoments, alpha: number): Result<SwappedMean, Refusal> {
  return swappedMean(scores, { alpha, sign: 1, nullValue: 0.5 });
}

/**
 * How much a judge prefers what stands first: (x - y) / 2 over the duels, in [-1/2, 1/2]; 0 where the order does not matter,
 * 1/2 where the first always wins. Scores, errors and refusals as for swappedWinRate: Var((x - y) / 2) / n; a judge that never
 * changed its verdict shows no bias and is refused as `no-variance`.
 */
export function positionBias(scores: CrossMoments, alpha: number): Result<SwappedMean, Refusal> {
  return swappedMean(scores, { alpha, sign: -1, nullValue: 0 });
}

/** Mean and error of (x + sign y) / 2. */
function swappedMean(
  scores: CrossMoments,
  { alpha, sign, nullValue }: { readonly alpha: number; readonly sign: 1 | -1; readonly nullValue: number },
): Result<SwappedMean, Refusal> {
  const level = refusedLevel(alpha);
  if (level) return level;
  const { x, y } = scores;
  if (![x.mean, y.mean].every((mean) => mean >= 0 && mean <= 1)) {
    return refused("bad-value", "A score is 1 for a win, 1/2 for a tie, 0 for a loss");
  }
  const covariance = covarianceOf(scores);
  if (!covariance.ok) return covariance;
  const [first, second] = [varianceOf(x), varianceOf(y)];
  if (!first.ok) return first;
  if (!second.ok) return second;
  const variance = (first.value + second.value + 2 * sign * covariance.value) / 4;
  // Less than rounding leaves of equal scores is nothing.
  if (variance <= 4 * Number.EPSILON)
    return refused("no-variance", "All duels came out alike in both orders");
  const tested = studentTested(
    { difference: (x.mean + sign * y.mean) / 2, standardError: Math.sqrt(variance / x.count) },
    { alpha, nullDifference: nullValue },
    [{ count: x.count, variance }],
  );
  if (!tested.ok) return tested;
  const { difference: value, standardError, pValue, interval } = tested.value;
  return ok({ value, standardError, pValue, interval });
}
