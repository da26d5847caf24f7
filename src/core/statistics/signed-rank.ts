import { ok, type Result } from "#core/kernel/result.ts";
import { pValueOf } from "./interval.ts";
import { leastWhole } from "./least-whole.ts";
import { tieSum } from "./mann-whitney.ts";
import { refused, type Refusal } from "./refusal.ts";
import { normalSurvival } from "./special-functions.ts";

/** Differences up to which the exact distribution is counted: 2^50 signs are still exact in a number. */
const exactMax = 50;

/** Whether differences lie around 0, by the ranks of their sizes. */
export interface SignedRank {
  /** Sums of the ranks of the sizes of differences above and below 0; ties share their ranks. */
  readonly above: number;
  readonly below: number;
  /** Normal approximation, two-sided, corrected for ties, not for continuity. */
  readonly pValue: number;
  /** Exact, two-sided; undefined with ties or above 50 differences. */
  readonly pExact: number | undefined;
}

/**
 * Wilcoxon's signed-rank test of paired differences; those of 0 are left out. With W the sum of ranks above,
 * z = (W - n(n+1)/4) / s, s^2 = n(n+1)(2n+1)/24 - sum(t^3 - t)/48, t the sizes of ties.
 * Assumes independent differences, symmetric around their centre. Wilcoxon (1945), Biometrics Bulletin 1(6).
 * Refuses `not-finite`, `too-few` where no difference is other than 0.
 */
export function signedRankTest(differences: readonly number[]): Result<SignedRank, Refusal> {
  if (!differences.every(Number.isFinite))
    return refused("not-finite", "A difference is not a finite number");
  const others = differences.filter((difference) => difference !== 0);
  const count = others.length;
  if (count === 0) return refused("too-few", "No difference is other than 0");
  const sizes = Float64Array.from(others, Math.abs).toSorted();
  const above = others.reduce(
    (sum, difference) => (difference > 0 ? sum + rankOf(difference, sizes) : sum),
    0,
  );
  const all = (count * (count + 1)) / 2;
  const ties = tieSum(sizes);
  const variance = (all * (2 * count + 1)) / 12 - ties / 48;
  return ok({
    above,
    below: all - above,
    pValue: pValueOf((above - all / 2) / Math.sqrt(variance), "two-sided", normalSurvival),
    pExact: ties > 0 || count > exactMax ? undefined : exactP(count, Math.min(above, all - above)),
  });
}

/** The mean of the places of a size among the sorted sizes, from 1. */
function rankOf(size: number, sorted: Float64Array): number {
  const from = (isAbove: (one: number) => boolean) =>
    leastWhole(sorted.length, (place) => isAbove(sorted[place] ?? Infinity));
  return (from((one) => one >= size) + from((one) => one > size) + 1) / 2;
}

/** 2 P(W <= w): of the 2^n choices of ranks 1 to n, how many sum to at most w. */
function exactP(count: number, least: number): number {
  const choices = new Float64Array(least + 1);
  choices[0] = 1;
  for (let rank = 1; rank <= count; rank += 1) {
    for (let sum = least; sum >= rank; sum -= 1)
      choices[sum] = (choices[sum] ?? 0) + (choices[sum - rank] ?? 0);
  }
  return Math.min(1, (2 * choices.reduce((total, number) => total + number, 0)) / 2 ** count);
}
