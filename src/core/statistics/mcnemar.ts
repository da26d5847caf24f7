import { ok, type Result } from "#core/kernel/result.ts";
import type { Interval } from "./interval.ts";
import { normalInterval } from "./normal-interval.ts";
import { isCount, refused, refusedLevel, type Refusal } from "./refusal.ts";
import { betaCdf, chiSquareSurvival, logGamma } from "./special-functions.ts";

/** How many pairs had a success in both, in one alone, in neither. */
export interface PairedCounts {
  readonly both: number;
  readonly onlyA: number;
  readonly onlyB: number;
  readonly neither: number;
}

/** How the success rates of two variants on the same units differ. */
export interface PairedDifference {
  /** pA - pB. */
  readonly difference: number;
  readonly standardError: number;
  /** Wald's, of the difference. */
  readonly interval: Interval;
  /** Exact binomial, two-sided. */
  readonly pExact: number;
  /** The exact one less half the probability of what was seen: nearer to its level. */
  readonly pMidP: number;
  readonly chiSquare: number;
  readonly pChiSquare: number;
  /** With the correction for continuity. */
  readonly chiSquareCorrected: number;
  readonly pChiSquareCorrected: number;
}

/**
 * McNemar's test of paired successes: only the b + c pairs that disagree tell, binomial with 1/2 under the null hypothesis.
 * chi2 = (b-c)^2/(b+c), corrected (|b-c|-1)^2/(b+c), 1 df; SE^2 = (b + c - (b-c)^2/n)/n^2.
 * Assumes independent pairs. McNemar (1947), Psychometrika 12; mid-p: Fagerland et al. (2013), BMC Med. Res. Meth. 13:91.
 * Refuses `bad-level`, `bad-count`, `too-few` without pairs, `no-variance` where all pairs agree.
 */
export function mcnemarTest(counts: PairedCounts, alpha: number): Result<PairedDifference, Refusal> {
  const { both, onlyA, onlyB, neither } = counts;
  const level = refusedLevel(alpha);
  if (level) return level;
  if (![both, onlyA, onlyB, neither].every(isCount)) return refused("bad-count", "Counts are whole and >= 0");
  const pairs = both + onlyA + onlyB + neither;
  if (pairs === 0) return refused("too-few", "There are no pairs");
  const apart = onlyA + onlyB;
  if (apart === 0) return refused("no-variance", "All pairs agree");
  const gap = Math.abs(onlyA - onlyB);
  const difference = (onlyA - onlyB) / pairs;
  const standardError = Math.sqrt(apart / pairs - difference * difference) / Math.sqrt(pairs);
  const chiSquare = (gap * gap) / apart;
  const chiSquareCorrected = Math.max(0, gap - 1) ** 2 / apart;
  return ok({
    difference,
    standardError,
    interval: normalInterval({ estimate: difference, standardError }, alpha),
    ...exact(Math.min(onlyA, onlyB), apart),
    chiSquare,
    pChiSquare: chiSquareSurvival(chiSquare, 1),
    // Equal counts have a gap of 0, whose correction peers take as 1/n: (|0| - 1)^2.
    chiSquareCorrected: gap === 0 ? 1 / apart : chiSquareCorrected,
    pChiSquareCorrected: chiSquareSurvival(gap === 0 ? 1 / apart : chiSquareCorrected, 1),
  });
}

/** P(X <= fewer) = I_{1/2}(n - fewer, fewer + 1), twice; the mid-p takes half of P(X = fewer) off each side. */
function exact(fewer: number, apart: number): { readonly pExact: number; readonly pMidP: number } {
  const lower = betaCdf(0.5, apart - fewer, fewer + 1);
  const seen = Math.exp(
    logGamma(apart + 1) - logGamma(fewer + 1) - logGamma(apart - fewer + 1) - apart * Math.LN2,
  );
  return { pExact: Math.min(1, 2 * lower), pMidP: Math.min(1, Math.max(0, 2 * lower - seen)) };
}
