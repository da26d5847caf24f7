import type { Alternative } from "./interval.ts";
import { logNormalCdf } from "./special-functions.ts";

/*
 * The likelihood of an estimate under a normal mixture of effects to that under no effect. `ratio` > 0 is the variance of the
 * mixture over that of the estimate: units * rho^2 in confidence sequences, tau / V in mixture sequential probability ratio
 * tests (Johari, Koomen, Pekelis and Walsh, Peeking at A/B tests, KDD 2017). One-sided, the mixture is the half above 0.
 * Howard, Ramdas, McAuliffe and Sekhon, Time-uniform, nonparametric, nonasymptotic confidence sequences, Annals of
 * Statistics 49(2), 2021, propositions 5 and 6.
 */

/** Natural logarithm of the likelihood ratio, of an estimate so many standard errors above 0. */
export function mixtureLogEvidence(z: number, ratio: number, alternative: Alternative = "two-sided"): number {
  const both = (ratio * z * z) / (2 * (1 + ratio)) - Math.log1p(ratio) / 2;
  if (alternative === "two-sided") return both;
  const above = alternative === "greater" ? z : -z;
  return both + Math.LN2 + logNormalCdf(above * Math.sqrt(ratio / (1 + ratio)));
}

/**
 * How many standard errors an estimate may be away, at any look: where the evidence reaches 1 / alpha. Two-sided
 * sqrt((1 + 1/r) (ln(1 + r) - 2 ln alpha)). One-sided there is no closed form: Newton's method on the evidence, which is
 * convex, from the bound that leaves 1 in the place of the normal distribution and so is too high.
 */
export function mixtureBound(ratio: number, alpha: number, alternative: Alternative = "two-sided"): number {
  const level = -Math.log(alpha);
  if (alternative === "two-sided") return Math.sqrt((1 + 1 / ratio) * (Math.log1p(ratio) + 2 * level));
  const half = Math.log1p(Math.sqrt(1 + ratio) / (2 * alpha));
  let z = Math.sqrt(2 * (1 + 1 / ratio) * half);
  for (let step = 0; step < 50; step++) {
    const change = (mixtureLogEvidence(z, ratio, "greater") - level) / evidenceSlope(z, ratio);
    z -= change;
    if (!(Math.abs(change) > 4 * Number.EPSILON * z)) break;
  }
  return z;
}

/** Of the one-sided evidence: r z / (1 + r), and the hazard of the normal distribution at z sqrt(r / (1 + r)). */
function evidenceSlope(z: number, ratio: number): number {
  const share = Math.sqrt(ratio / (1 + ratio));
  const x = z * share;
  const hazard = Math.exp((-x * x) / 2 - logNormalCdf(x)) / Math.sqrt(2 * Math.PI);
  return share * (x + hazard);
}
