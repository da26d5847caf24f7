import { ok, type Result } from "#core/kernel/result.ts";
import { plannedArms, type WeightedArm } from "./planned-arms.ts";
import { refused, type Refusal } from "./refusal.ts";
import { chiSquareSurvival } from "./special-functions.ts";

/** How far the arms' sizes are from their shares. */
export interface SampleRatio {
  readonly chiSquare: number;
  readonly degreesOfFreedom: number;
  /** Below 0.001, assignment or recording is broken and no result of the experiment is sound. */
  readonly pValue: number;
}

/**
 * Sample-ratio mismatch: Pearson's chi-square of the arms' sizes against their shares,
 * sum (o - e)^2/e over arms of a positive weight, one degree of freedom less than these. Weights are relative.
 * For data that are looked at once: `sampleRatioSequence` is for sizes that are watched as they grow.
 * Assumes independent units and an expected size of about 8 an arm. Pearson (1900); Fabijan et al. (2019), KDD.
 * Refuses `bad-count` (of units), `bad-value` (weights, or units in an arm without weight), `too-few` (fewer than two such
 * arms, or no units).
 */
export function sampleRatio(arms: readonly WeightedArm[]): Result<SampleRatio, Refusal> {
  const planned = plannedArms(arms);
  if (!planned.ok) return planned;
  const total = planned.value.reduce((sum, { units }) => sum + units, 0);
  let chiSquare = 0;
  for (const { units, share } of planned.value) {
    const expected = total * share;
    chiSquare += (units - expected) * ((units - expected) / expected);
  }
  if (!Number.isFinite(chiSquare)) return refused("bad-value", "The weights are too far apart");
  const degreesOfFreedom = planned.value.length - 1;
  return ok({ chiSquare, degreesOfFreedom, pValue: chiSquareSurvival(chiSquare, degreesOfFreedom) });
}
