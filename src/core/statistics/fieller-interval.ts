import { ok, type Result } from "#core/kernel/result.ts";
import type { Interval } from "./interval.ts";
import { refused, refusedLevel, type Refusal } from "./refusal.ts";
import { refusedSample, type Sample } from "./sample.ts";
import { normalQuantile } from "./special-functions.ts";
import { meanOf } from "./welch-test.ts";

/** A relative difference without the assumption that the control mean is exact enough to divide by. */
export interface RelativeDifference {
  /** (mT - mC)/|mC|, as a share. */
  readonly difference: number;
  /** Two-sided; not symmetric around the difference. */
  readonly interval: Interval;
  /**
   * g: the square of the margin of the control mean over that mean, in [0, 1). Near 0 the interval is that of the delta
   * method, near 1 the control mean can hardly be told from 0.
   */
  readonly baselineNoise: number;
}

/**
 * Fieller's interval of the relative difference of two independent means (or ratios: `ratioSample`): all r with
 * |mT - r mC| <= z sqrt(sT^2 + r^2 sC^2), less 1. With r = mT/mC, g = z^2 sC^2 / mC^2 the bounds of mT/mC are
 * (r -/+ (z/|mC|) sqrt(sT^2 + r^2 sC^2 - g sT^2)) / (1 - g). Exact for normal means of known error; z is the normal
 * quantile, so dozens of units an arm are wanted. Below a negative control mean the sign is that of mT - mC.
 * Where g >= 1 the set has no ends, and it is refused: no relative difference can be told over such a control.
 * Fieller (1954), J. Royal Statistical Society B 16(2).
 *
 * Refuses `bad-level`, `not-finite`, `bad-count`, `too-few`, `no-variance`, `zero-baseline`.
 */
export function fiellerInterval({
  control,
  treatment,
  alpha,
}: {
  readonly control: Sample;
  readonly treatment: Sample;
  readonly alpha: number;
}): Result<RelativeDifference, Refusal> {
  const refusal =
    refusedLevel(alpha) ?? refusedSample(control, "control") ?? refusedSample(treatment, "treatment");
  if (refusal) return refusal;
  const z = -normalQuantile(alpha / 2);
  const noise = ((z * meanOf(control).standardError) / control.mean) ** 2;
  // Also where the mean is 0, whose noise is infinite.
  if (!(noise < 1)) {
    return refused(
      "zero-baseline",
      "The control mean cannot be told from 0, so nothing can be a share of it",
    );
  }
  const ratio = treatment.mean / control.mean;
  const treatmentError = meanOf(treatment).standardError / control.mean;
  const controlError = meanOf(control).standardError / control.mean;
  const margin = z * Math.hypot(treatmentError * Math.sqrt(1 - noise), ratio * controlError);
  const bounds = [(ratio - margin) / (1 - noise), (ratio + margin) / (1 - noise)] as const;
  if (![ratio, ...bounds].every(Number.isFinite)) {
    return refused("not-finite", "The relative difference is beyond what a number holds");
  }
  const [lower, upper] = bounds;
  return ok({
    difference: control.mean > 0 ? ratio - 1 : 1 - ratio,
    interval: control.mean > 0 ? [lower - 1, upper - 1] : [1 - upper, 1 - lower],
    baselineNoise: noise,
  });
}
