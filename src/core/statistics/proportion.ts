import { ok, type Result } from "#core/kernel/result.ts";
import type { Interval } from "./interval.ts";
import { isCount, refused, refusedLevel, type Refusal } from "./refusal.ts";
import { betaQuantile, normalQuantile } from "./special-functions.ts";

/** Successes among independent trials: whole numbers, 0 <= successes <= trials. */
export interface Proportion {
  readonly successes: number;
  readonly trials: number;
}

/** Why a proportion cannot be used: `bad-count`, or `too-few` without a trial. */
export function refusedProportion(
  { successes, trials }: Proportion,
  name: string,
): { readonly ok: false; readonly error: Refusal } | undefined {
  if (!isCount(trials) || !isCount(successes) || successes > trials) {
    return refused("bad-count", `The ${name} has ${successes} successes of ${trials} trials`);
  }
  return trials === 0 ? refused("too-few", `The ${name} has no trials`) : undefined;
}

/**
 * Wilson's score interval for a proportion: all p that a z-test with the error of p itself does not reject.
 * (p + z^2/2n -/+ z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n), z = z_{1-alpha/2}; within [0, 1], and good from few trials on.
 * Wilson (1927), JASA 22. Refuses `bad-level`, `bad-count`, `too-few`.
 */
export function wilsonInterval(proportion: Proportion, alpha: number): Result<Interval, Refusal> {
  const refusal = refusedLevel(alpha) ?? refusedProportion(proportion, "sample");
  return refusal ?? ok(scoreInterval(proportion, -normalQuantile(alpha / 2)));
}

/** Wilson's interval for a critical value z. At 0 and at all successes, the bound is exact: there, rounding is not. */
export function scoreInterval({ successes, trials }: Proportion, z: number): Interval {
  const share = successes / trials;
  const shrink = 1 + (z * z) / trials;
  const centre = (share + (z * z) / (2 * trials)) / shrink;
  const variance = (share * (1 - share)) / trials + (z * z) / (4 * trials * trials);
  const margin = (z * Math.sqrt(variance)) / shrink;
  return [
    successes === 0 ? 0 : Math.max(0, centre - margin),
    successes === trials ? 1 : Math.min(1, centre + margin),
  ];
}

/**
 * Exact interval for a proportion: quantiles of Beta(x, n-x+1) and Beta(x+1, n-x). Holds at least 1 - alpha, mostly more.
 * Clopper & Pearson (1934), Biometrika 26. Refuses `bad-level`, `bad-count`, `too-few`.
 */
export function clopperPearsonInterval(proportion: Proportion, alpha: number): Result<Interval, Refusal> {
  const refusal = refusedLevel(alpha) ?? refusedProportion(proportion, "sample");
  if (refusal) return refusal;
  const { successes, trials } = proportion;
  const failures = trials - successes;
  return ok([
    successes === 0 ? 0 : betaQuantile(alpha / 2, successes, failures + 1),
    // From the other end: 1 - alpha/2 would round a small alpha away.
    failures === 0 ? 1 : 1 - betaQuantile(alpha / 2, failures, successes + 1),
  ]);
}

/**
 * Jeffreys' interval: equal tails of Beta(x + 1/2, n - x + 1/2), closed at 0 and at all successes.
 * Brown, Cai & DasGupta (2001), Statistical Science 16(2). Refuses `bad-level`, `bad-count`, `too-few`.
 */
export function jeffreysInterval(proportion: Proportion, alpha: number): Result<Interval, Refusal> {
  const refusal = refusedLevel(alpha) ?? refusedProportion(proportion, "sample");
  if (refusal) return refusal;
  const { successes, trials } = proportion;
  const failures = trials - successes;
  return ok([
    successes === 0 ? 0 : betaQuantile(alpha / 2, successes + 0.5, failures + 0.5),
    failures === 0 ? 1 : 1 - betaQuantile(alpha / 2, failures + 0.5, successes + 0.5),
  ]);
}

/**
 * Wald's interval after z^2 trials more, half of them successes: (x + z^2/2) / (n + z^2) for the share. Simple to compute, at least
 * as wide as Wilson's, and beyond [0, 1] near its ends. Agresti & Coull (1998), The American Statistician 52(2).
 * Refuses `bad-level`, `bad-count`, `too-few`.
 */
export function agrestiCoullInterval(proportion: Proportion, alpha: number): Result<Interval, Refusal> {
  const refusal = refusedLevel(alpha) ?? refusedProportion(proportion, "sample");
  if (refusal) return refusal;
  const z = -normalQuantile(alpha / 2);
  const trials = proportion.trials + z * z;
  const share = (proportion.successes + (z * z) / 2) / trials;
  const margin = z * Math.sqrt((share * (1 - share)) / trials);
  return ok([share - margin, share + margin]);
}

/**
 * Upper bound of a rate of which nothing was seen in n trials: 1 - alpha^(1/n), one-sided and exact; the "rule of three", 3/n,
 * is its approximation at alpha = 0.05. Refuses `bad-level`, `bad-count`, `too-few`.
 */
export function unseenRateBound(trials: number, alpha: number): Result<number, Refusal> {
  const refusal = refusedLevel(alpha) ?? refusedProportion({ successes: 0, trials }, "sample");
  return refusal ?? ok(-Math.expm1(Math.log(alpha) / trials));
}
