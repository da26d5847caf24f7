import { ok, type Result } from "#core/kernel/result.ts";
import { isCount, refused, type Refusal } from "./refusal.ts";

/** How many units an arm has, and what it was to have beside the others, >= 0. */
export interface WeightedArm {
  readonly units: number;
  readonly weight: number;
}

/** How many units an arm has, and the share of all that it was to have, in (0, 1). */
export interface PlannedArm {
  readonly units: number;
  readonly share: number;
}

/**
 * The arms of a positive weight with their shares, which sum to 1. Refuses `bad-count` (of units), `bad-value` (weights, units in
 * an arm without weight, a share below what a number holds), `too-few` (fewer than two such arms, or no units).
 */
export function plannedArms(arms: readonly WeightedArm[]): Result<readonly PlannedArm[], Refusal> {
  if (!arms.every(({ units }) => isCount(units))) return refused("bad-count", "Units are whole numbers >= 0");
  if (!arms.every(({ weight }) => weight >= 0 && weight < Infinity)) {
    return refused("bad-value", "Weights are finite numbers >= 0");
  }
  if (arms.some(({ units, weight }) => weight === 0 && units > 0)) {
    return refused("bad-value", "An arm without weight has units");
  }
  const weighted = arms.filter(({ weight }) => weight > 0);
  if (weighted.length < 2 || weighted.every(({ units }) => units === 0)) {
    return refused("too-few", "There are no two arms to compare");
  }
  const most = Math.max(...weighted.map(({ weight }) => weight));
  const weights = weighted.reduce((sum, { weight }) => sum + weight / most, 0);
  const planned = weighted.map(({ units, weight }) => ({ units, share: weight / most / weights }));
  // Less than this has no room for what is reckoned with it.
  if (planned.some(({ share }) => share < leastShare)) {
    return refused("bad-value", "The weights are too far apart");
  }
  return ok(planned);
}

const leastShare = 1e-300;
