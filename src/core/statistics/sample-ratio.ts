import { ok, type Result } from "#core/kernel/result.ts";
import { isCount, refused, type Refusal } from "./refusal.ts";
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
 * Assumes independent units and an expected size of about 8 an arm. Pearson (1900); Fabijan et al. (2019), KDD.
 * Refuses `bad-count` (of units), `bad-value` (weights, or units in an arm without weight), `too-few` (fewer than two such
 * arms, or no units).
 */
export function sampleRatio(
  arms: readonly { readonly units: number; readonly weight: number }[],
): Result<SampleRatio, Refusal> {
  if (!arms.every(({ units }) => isCount(units))) return refused("bad-count", "Units are whole numbers >= 0");
  if (!arms.every(({ weight }) => weight >= 0 && weight < Infinity)) {
    return refused("bad-value", "Weights are finite numbers >= 0");
  }
  if (arms.some(({ units, weight }) => weight === 0 && units > 0)) {
    return refused("bad-value", "An arm without weight has units");
  }
  const weighted = arms.filter(({ weight }) => weight > 0);
  const total = weighted.reduce((sum, { units }) => sum + units, 0);
  if (weighted.length < 2 || total === 0) return refused("too-few", "There are no two arms to compare");
  const most = Math.max(...weighted.map(({ weight }) => weight));
  const weights = weighted.reduce((sum, { weight }) => sum + weight / most, 0);
  let chiSquare = 0;
  for (const { units, weight } of weighted) {
    const expected = total * (weight / most / weights);
    chiSquare += (units - expected) * ((units - expected) / expected);
  }
  if (!Number.isFinite(chiSquare)) return refused("bad-value", "The weights are too far apart");
  const degreesOfFreedom = weighted.length - 1;
  return ok({ chiSquare, degreesOfFreedom, pValue: chiSquareSurvival(chiSquare, degreesOfFreedom) });
}
