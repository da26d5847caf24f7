import { ok, type Result } from "#core/kernel/result.ts";
import { betaBinomialEvidence } from "./beta-binomial-mixture.ts";
import type { Alternative } from "./interval.ts";
import { leastWith } from "./least-with.ts";
import { isPositive, refused, refusedLevel, type Refusal } from "./refusal.ts";
import { gammaCdf, gammaSurvival, logGamma } from "./special-functions.ts";

/**
 * What is known of the steps of a sum, beyond their variance: how they may surprise.
 * - `bounded`: each within [-below, above] of its mean; the variance of a step counts as below x above
 * - `exponential`: upwards as long a tail as an exponential one of this scale: waiting times, costs
 * - `poisson`: upwards a step of at most this scale, seldom: counts of rare events
 */
export type SumSteps =
  | { readonly kind: "bounded"; readonly below: number; readonly above: number }
  | { readonly kind: "exponential"; readonly scale: number }
  | { readonly kind: "poisson"; readonly scale: number };

/** A sum that is watched. */
export interface WatchedSum {
  readonly steps: SumSteps;
  /** The variance of the mixture: variance / (variance x rho^2) of tunedRho, 1 / tunedRho(alpha, variance)^2. */
  readonly tuning: number;
  /** "two-sided" only where steps are bounded. Default "greater". */
  readonly alternative?: Exclude<Alternative, "less">;
}

/**
 * ln of the evidence (an e-value) at any time that a sum of steps has drifted up (or either way) from its mean, by mixtures over
 * the drift. With s the sum of deviations, v their variance, c the scale, r the tuning:
 * - bounded: betaBinomialEvidence of (h s + v) / (h (g + h)) successes and (v - g s) / (g (g + h)) failures, share
 *   g / (g + h), weight r / (g h) - 1, g below and h above
 * - exponential: ln of (r/c^2)^(r/c^2) Gamma(n) P(n, m) e^(m - r/c^2) / (Gamma(r/c^2) P(r/c^2, r/c^2) m^n), n = (v + r) / c^2
 *   and m = (c s + v + r) / c^2
 * - poisson: the same of upper parts Q, with m and n changed about, and e^(v/c^2)
 *
 * Howard, Ramdas, McAuliffe & Sekhon (2021), Annals of Statistics 49(2), propositions 7 to 10.
 * Refuses `not-finite`, and `bad-value` for steps, tuning or variance that are not above 0, a two-sided sum of other steps than
 * bounded ones, or a sum beyond what steps allow.
 */
export function sumEvidence(
  watched: WatchedSum,
  { sum, variance }: { readonly sum: number; readonly variance: number },
): Result<number, Refusal> {
  const refusal = refusedWatch(watched, variance);
  if (refusal) return refusal;
  if (!Number.isFinite(sum)) return refused("not-finite", "The sum must be a finite number");
  if (sum > highestSum(watched.steps, variance) || sum < lowestSum(watched.steps, variance)) {
    return refused("bad-value", `No steps of this variance sum up to ${sum}`);
  }
  return ok(evidenceOf(watched, { sum, variance }));
}

/**
 * How far above its mean a sum of a variance may be, at all times together with probability 1 - alpha: where the evidence
 * reaches 1 / alpha, or the most that bounded steps allow. Refuses as sumEvidence, and `bad-level`.
 */
export function sumBound(
  watched: WatchedSum,
  { variance, alpha }: { readonly variance: number; readonly alpha: number },
): Result<number, Refusal> {
  const refusal = refusedWatch(watched, variance) ?? refusedLevel(alpha);
  if (refusal) return refusal;
  const isBeyond = (sum: number): boolean => evidenceOf(watched, { sum, variance }) >= -Math.log(alpha);
  const highest = highestSum(watched.steps, variance);
  let high = Math.min(highest, Math.sqrt(variance));
  while (high < highest && !isBeyond(high)) high = Math.min(highest, 2 * high);
  return ok(isBeyond(high) ? leastWith(isBeyond, { low: 0, high }) : high);
}

interface Deviation {
  readonly sum: number;
  readonly variance: number;
}

function evidenceOf({ steps, tuning, alternative = "greater" }: WatchedSum, deviation: Deviation): number {
  switch (steps.kind) {
    case "bounded":
      return betaBinomialEvidence(boundedTrials(steps, tuning, deviation), alternative);
    case "exponential":
      return exponentialEvidence(steps.scale, tuning, deviation);
    case "poisson":
      return poissonEvidence(steps.scale, tuning, deviation);
  }
}

function boundedTrials(
  { below, above }: { readonly below: number; readonly above: number },
  tuning: number,
  { sum, variance }: Deviation,
) {
  const range = below + above;
  return {
    successes: Math.max(0, above * sum + variance) / above / range,
    failures: Math.max(0, variance - below * sum) / below / range,
    share: below / range,
    weight: Math.max(tuning / below / above - 1, 1e-3),
  };
}

function exponentialEvidence(scale: number, tuning: number, { sum, variance }: Deviation): number {
  const prior = tuning / scale / scale;
  const shape = (variance + tuning) / scale / scale;
  const rate = shape + sum / scale;
  const before = prior * Math.log(prior) - logGamma(prior) - Math.log(gammaCdf(prior, prior));
  return before + logGamma(shape) + Math.log(gammaCdf(rate, shape)) - shape * Math.log(rate) + rate - prior;
}

function poissonEvidence(scale: number, tuning: number, { sum, variance }: Deviation): number {
  const prior = tuning / scale / scale;
  const rate = (variance + tuning) / scale / scale;
  const shape = rate + sum / scale;
  const before = prior * Math.log(prior) - logGamma(prior) - Math.log(gammaSurvival(prior, prior));
  const after = logGamma(shape) + Math.log(gammaSurvival(rate, shape)) - shape * Math.log(rate);
  return before + after + variance / scale / scale;
}

/** Steps that are all the highest. */
function highestSum(steps: SumSteps, variance: number): number {
  return steps.kind === "bounded" ? variance / steps.below : Infinity;
}

function lowestSum(steps: SumSteps, variance: number): number {
  if (steps.kind === "bounded") return -variance / steps.above;
  // Below, the rate or the shape of the gamma distribution would not be above 0.
  return -variance / steps.scale;
}

function refusedWatch(
  { steps, tuning, alternative }: WatchedSum,
  variance: number,
): { readonly ok: false; readonly error: Refusal } | undefined {
  const sizes = steps.kind === "bounded" ? [steps.below, steps.above] : [steps.scale];
  if (![...sizes, tuning, variance].every(isPositive)) {
    return refused("bad-value", "Steps, tuning and variance are finite numbers above 0");
  }
  if (alternative === "two-sided" && steps.kind !== "bounded") {
    return refused("bad-value", "Only sums of bounded steps are watched on both sides");
  }
  return undefined;
}
