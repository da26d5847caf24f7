import { ok, type Result } from "#core/kernel/result.ts";
import { betaBinomialEvidence, mixtureWeight } from "./beta-binomial-mixture.ts";
import type { Alternative, Interval } from "./interval.ts";
import { leastWith } from "./least-with.ts";
import { refusedProportion, type Proportion } from "./proportion.ts";
import { isPositive, refused, refusedLevel, type Refusal } from "./refusal.ts";

/** How a sequence is tuned. */
export interface SequenceTerms {
  /** Error rate of all looks together in (0, 1). */
  readonly alpha: number;
  /** Of `tunedRho`, with the trials at which a decision is expected (and twice alpha where one-sided); fixed beforehand. */
  readonly rho: number;
  /** Default two-sided. */
  readonly alternative?: Alternative;
}

/**
 * A confidence sequence of one rate: it holds the true share at every look together with probability 1 - alpha, from the first
 * trial on, without any approximation. All shares p against which the evidence of a beta-binomial mixture around p is below
 * 1 / alpha. Assumes independent trials.
 * Howard et al. (2021), Annals of Statistics 49(2), section 4.3. Refuses `bad-level`, `bad-value` for rho, `bad-count`, `too-few`.
 */
export function proportionSequence(
  proportion: Proportion,
  { alpha, rho, alternative = "two-sided" }: SequenceTerms,
): Result<Interval, Refusal> {
  const refusal = refusedTerms({ alpha, rho }) ?? refusedProportion(proportion, "sample");
  if (refusal) return refusal;
  const { successes, trials } = proportion;
  const failures = trials - successes;
  const terms = { alpha, weight: mixtureWeight(rho), isTwoSided: alternative === "two-sided" };
  return ok([
    alternative === "less" ? 0 : leastShare({ successes, failures }, terms),
    // From the other end, where the digits are.
    alternative === "greater" ? 1 : 1 - leastShare({ successes: failures, failures: successes }, terms),
  ]);
}

/** The least share that is possible, which is 0 where one is below anything that a number holds. */
function leastShare(
  { successes, failures }: { readonly successes: number; readonly failures: number },
  terms: { readonly alpha: number; readonly weight: number; readonly isTwoSided: boolean },
): number {
  const isPossible = (share: number): boolean =>
    betaBinomialEvidence(
      { successes, failures, share, weight: terms.weight },
      terms.isTwoSided ? "two-sided" : "greater",
    ) < -Math.log(terms.alpha);
  if (successes === 0 || isPossible(least)) return 0;
  return leastWith(isPossible, { low: least, high: successes / (successes + failures) });
}

/** Of shares; a mixture around less has no logarithm. */
const least = 1e-300;

/** Why a sequence cannot be tuned so: `bad-level`, `bad-value`. */
export function refusedTerms({
  alpha,
  rho,
}: Pick<SequenceTerms, "alpha" | "rho">): { readonly ok: false; readonly error: Refusal } | undefined {
  if (!isPositive(rho)) return refused("bad-value", `rho is a finite number above 0, it is ${rho}`);
  return refusedLevel(alpha);
}
