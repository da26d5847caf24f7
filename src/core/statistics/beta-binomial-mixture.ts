import type { Alternative } from "./interval.ts";
import { betaCdf, betaSurvival, logGamma } from "./special-functions.ts";

/** Trials under a null hypothesis; successes and failures may be parts of one where outcomes are between 0 and 1. */
export interface NullTrials {
  readonly successes: number;
  readonly failures: number;
  /** Of successes under the null hypothesis, in (0, 1). */
  readonly share: number;
  /** Trials that the mixture is worth, > 0. */
  readonly weight: number;
}

/**
 * ln of the likelihood of trials under shares of Beta(m p, m (1 - p)), those on the side asked for, to that under the share p:
 * ln B(m p + x, m (1-p) + y) - ln B(m p, m (1-p)) - x ln p - y ln(1-p), m the weight, and one-sided with the parts of both beta
 * distributions beyond p. Howard, Ramdas, McAuliffe & Sekhon (2021), Annals of Statistics 49(2), propositions 7 and 8.
 */
export function betaBinomialEvidence(
  { successes, failures, share, weight }: NullTrials,
  alternative: Alternative = "two-sided",
): number {
  const prior = [weight * share, weight * (1 - share)] as const;
  const posterior = [prior[0] + successes, prior[1] + failures] as const;
  const both =
    logBeta(...posterior) - logBeta(...prior) - successes * Math.log(share) - failures * Math.log1p(-share);
  if (alternative === "two-sided") return both;
  const part = alternative === "greater" ? betaSurvival : betaCdf;
  return both + Math.log(part(share, ...posterior)) - Math.log(part(share, ...prior));
}

/**
 * The weight of the mixture that goes with the rho of a confidence sequence: 1 / rho^2 - 1, and a thousandth of a trial where that
 * is less (tuned for a handful of trials).
 */
export function mixtureWeight(rho: number): number {
  return Math.max(1 / (rho * rho) - 1, 1e-3);
}

function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}
