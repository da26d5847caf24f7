import { ok, type Result } from "#core/kernel/result.ts";
import { varianceOf, type Moments } from "./moments.ts";
import { isCount, refused, type Refusal } from "./refusal.ts";

/** What a test of means needs of one arm. */
export interface Sample {
  readonly count: number;
  readonly mean: number;
  /** Of one unit's value, >= 0. */
  readonly variance: number;
}

/** The sample that moments tell, with the unbiased variance. Refuses `too-few` below 2 values. */
export function sampleOf(moments: Moments): Result<Sample, Refusal> {
  const variance = varianceOf(moments);
  if (!variance.ok) return variance;
  return ok({ count: moments.count, mean: moments.mean, variance: variance.value });
}

/** Why a sample cannot be compared: `not-finite`, `bad-count`, `too-few` below 2 units, `no-variance`. */
export function refusedSample(
  { count, mean, variance }: Sample,
  name: string,
): { readonly ok: false; readonly error: Refusal } | undefined {
  if (!Number.isFinite(mean) || !Number.isFinite(variance)) {
    return refused("not-finite", `The mean and the variance of the ${name} must be finite numbers`);
  }
  if (!isCount(count)) return refused("bad-count", `The ${name} has ${count} units, not a whole number`);
  if (count < 2) return refused("too-few", `The ${name} needs 2 units, it has ${count}`);
  if (variance <= 0) return refused("no-variance", `Nothing varies in the ${name}`);
  return undefined;
}
