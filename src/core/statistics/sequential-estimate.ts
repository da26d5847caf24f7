import { ok, type Result } from "#core/kernel/result.ts";
import type { Estimate } from "./confidence-sequence.ts";
import { driftThatCrosses, firstCrossings } from "./first-crossings.ts";
import { groupSequentialBounds, groupSequentialLook, type SequentialPlan } from "./group-sequential.ts";
import type { Interval } from "./interval.ts";
import { refused, type Refusal } from "./refusal.ts";
import { normalQuantile } from "./special-functions.ts";

/** What a group-sequential test that has ended says of the effect. */
export interface SequentialEstimate {
  /** As often above the true effect as below it; the plain estimate of a test that stopped early is too far from 0. */
  readonly estimate: number;
  /** Holds the true effect in 1 - alpha of experiments; leaves 0 out exactly where a bound was crossed. */
  readonly interval: Interval;
  /** At most alpha exactly where a bound was crossed. */
  readonly pValue: number;
}

/**
 * The effect after a group-sequential test, by the order of its ends: to cross earlier is more extreme than later, and at one
 * look the greater statistic. With p(d) the probability under an effect d of an end as extreme as this or more (crossings before,
 * and now beyond what is seen), estimate and bounds are where p is 1/2, alpha/2 and 1 - alpha/2 (one-sided alpha), the p-value is
 * that of no effect, doubled where two-sided. Tsiatis, Rosner & Mehta (1984), Biometrics 40; Jennison & Turnbull (2000),
 * sections 8.2 to 8.5.
 *
 * Of a two-sided test either side has its own recursion, as its bounds: what crosses one and then the other moves the
 * estimate by less than a hundredth of its error, near 0.
 * Assumes that it ends here, and that no earlier look had crossed: who goes on in spite of a bound, or wants an interval at a
 * look between, takes that of groupSequentialLook. Refuses as that, `bad-value` before the end, `not-finite`.
 * @param seen fractions of all looks, and the estimate at the last of them
 */
export function sequentialEstimate(
  plan: SequentialPlan,
  seen: { readonly fractions: readonly number[]; readonly estimate: Estimate },
): Result<SequentialEstimate, Refusal> {
  const look = groupSequentialLook(plan, seen);
  if (!look.ok) return look;
  const { statistic, crossed, fraction } = look.value;
  if (!crossed && fraction < 1) {
    return refused("bad-value", "The test goes on: no bound is crossed, and information is below the plan");
  }
  const bounds = groupSequentialBounds(plan, seen.fractions);
  if (!bounds.ok) return bounds;
  const { alpha, alternative = "two-sided" } = plan;
  const isTwoSided = alternative === "two-sided";
  // Towards the side that is asked for, or on which it ended.
  const sign = alternative === "less" || (isTwoSided && statistic < 0) ? -1 : 1;
  const ends = [...bounds.value.slice(0, -1), { fraction, bound: sign * statistic }];
  const scale = sign * Math.sqrt(fraction) * seen.estimate.standardError;
  const effectAt = (probability: number): number => {
    const guess = (sign * statistic + normalQuantile(probability)) / Math.sqrt(fraction);
    return scale * (driftThatCrosses(ends, { probability, guess }) ?? Number.NaN);
  };
  const rate = isTwoSided ? alpha / 2 : alpha;
  const [estimate, near, far] = [
    effectAt(0.5),
    effectAt(rate),
    isTwoSided ? effectAt(1 - rate) : sign * Infinity,
  ];
  if ([estimate, near, far].some(Number.isNaN)) {
    return refused("not-finite", "The effect is beyond what the looks can tell");
  }
  const extreme = firstCrossings(ends, 0).reduce((sum, crossing) => sum + crossing, 0);
  return ok({
    estimate,
    interval: sign > 0 ? [near, far] : [far, near],
    pValue: Math.min(1, isTwoSided ? 2 * extreme : extreme),
  });
}
