import { ok, type Result } from "#core/kernel/result.ts";
import type { Interval } from "./interval.ts";
import type { Refusal } from "./refusal.ts";
import { chiSquareQuantile } from "./special-functions.ts";
import { differenceOf, refusedComparison, type ProportionComparison } from "./two-proportions.ts";

/** Halvings of [-1, 1]: to the last place of a number. */
const halvings = 60;

/**
 * Score interval of pT - pC: all differences d whose score test does not reject,
 * (pT - pC - d)^2 <= chi2_{1-alpha,1} (qT/nT + qC/nC) N/(N-1), with q = p(1-p) at the likeliest shares that differ by d.
 * Close to its level from few units on. Miettinen & Nurminen (1985), Statistics in Medicine 4.
 * Refuses `bad-level`, `bad-count`, `too-few`.
 */
export function miettinenNurminenInterval(comparison: ProportionComparison): Result<Interval, Refusal> {
  const refusal = refusedComparison(comparison);
  if (refusal) return refusal;
  const limit = chiSquareQuantile(1 - comparison.alpha, 1);
  const found = differenceOf(comparison);
  const rejects = (difference: number): boolean => {
    const variance = restrictedVariance(comparison, difference);
    return (found - difference) ** 2 > limit * variance;
  };
  return ok([bound(rejects, found, -1), bound(rejects, found, 1)]);
}

/** The place between a difference that is not rejected and an end of the scale where the test begins to reject. */
function bound(rejects: (difference: number) => boolean, inside: number, outside: number): number {
  if (!rejects(outside)) return outside;
  let [kept, rejected] = [inside, outside];
  for (let step = 0; step < halvings; step += 1) {
    const middle = (kept + rejected) / 2;
    if (rejects(middle)) rejected = middle;
    else kept = middle;
  }
  return (kept + rejected) / 2;
}

function restrictedVariance(comparison: ProportionComparison, difference: number): number {
  const { control, treatment } = comparison;
  const { shareControl, shareTreatment } = restrictedShares(comparison, difference);
  const trials = control.trials + treatment.trials;
  const variance =
    (shareTreatment * (1 - shareTreatment)) / treatment.trials +
    (shareControl * (1 - shareControl)) / control.trials;
  return variance * (trials / (trials - 1));
}

/**
 * The likeliest shares under pT - pC = difference: the root of a cubic, in closed form by a cosine.
 * Farrington & Manning (1990), Statistics in Medicine 9, appendix I.
 */
export function restrictedShares(
  { control, treatment }: Pick<ProportionComparison, "control" | "treatment">,
  difference: number,
): { readonly shareControl: number; readonly shareTreatment: number } {
  const theta = control.trials / treatment.trials;
  const shareT = treatment.successes / treatment.trials;
  const shareC = control.successes / control.trials;
  const a = 1 + theta;
  const b = -(1 + theta + shareT + theta * shareC + difference * (theta + 2));
  const c = difference * difference + difference * (2 * shareT + theta + 1) + shareT + theta * shareC;
  const d = -shareT * difference * (1 + difference);
  const v = (b / (3 * a)) ** 3 - (b * c) / (6 * a * a) + d / (2 * a);
  const u = Math.sign(v || 1) * Math.sqrt(Math.max(0, (b / (3 * a)) ** 2 - c / (3 * a)));
  const cosine = u === 0 ? 1 : Math.min(1, Math.max(-1, v / u ** 3));
  const angle = (Math.PI + Math.acos(cosine)) / 3;
  const root = 2 * u * Math.cos(angle) - b / (3 * a);
  const shareTreatment = Math.min(1, 1 + difference, Math.max(0, difference, root));
  return { shareTreatment, shareControl: Math.min(1, Math.max(0, shareTreatment - difference)) };
}
