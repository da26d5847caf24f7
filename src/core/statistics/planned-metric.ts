import type { Scale } from "./difference.ts";
import { refused, type Refusal } from "./refusal.ts";

/** A metric before the experiment, from the past: what one unit's value is without the change, and how it varies. */
export type PlannedMetric =
  /** A mean, or a ratio of sums: then mean and variance of `ratioSample`. */
  | {
      readonly kind: "mean";
      readonly mean: number;
      /** Of one unit, > 0. */
      readonly variance: number;
      /** Of one unit with the change. Default the same. */
      readonly treatmentVariance?: number;
    }
  /** A share of units in (0, 1); its variance follows the effect. */
  | { readonly kind: "proportion"; readonly share: number }
  /** Both variants for each unit, such as a prompt: the mean without the change, and the variance of the differences. */
  | { readonly kind: "paired"; readonly mean: number; readonly varianceOfDifferences: number };

/** Variance of an estimated effect times units: constant + linear x effect + square x effect^2. */
export interface UnitVariance {
  readonly constant: number;
  readonly linear: number;
  readonly square: number;
}

/**
 * How exact a unit of a two-armed experiment makes the estimate, units counted over both arms (pairs count once). With s the
 * share of units in the treatment, and 1 + d the factor of a relative effect (delta method, as welchTest):
 * - mean: vT/s + vC/(1-s); relative (vT/s + vC (1+d)^2/(1-s)) / mC^2
 * - proportion: the same, with p(1-p) of each arm at the effect
 * - paired: vD; relative vD / mC^2, the control mean as known
 */
export function unitVariance(
  metric: PlannedMetric,
  { scale, treatmentShare }: { readonly scale: Scale; readonly treatmentShare: number },
): UnitVariance {
  const [ofTreatment, ofControl] = [1 / treatmentShare, 1 / (1 - treatmentShare)];
  const size = scale === "relative" ? Math.abs(controlMean(metric)) : 1;
  if (metric.kind === "paired") {
    return { constant: metric.varianceOfDifferences / size / size, linear: 0, square: 0 };
  }
  const variance = metric.kind === "mean" ? metric.variance : metric.share * (1 - metric.share);
  const control = (variance * ofControl) / size / size;
  const treatment = treatmentVariance(metric, size, ofTreatment);
  // A change of the ratio moves with the error of the control mean, by the square of 1 + d.
  const sign = Math.sign(controlMean(metric));
  return scale === "absolute"
    ? { ...treatment, constant: treatment.constant + control }
    : {
        constant: treatment.constant + control,
        linear: treatment.linear + 2 * sign * control,
        square: treatment.square + control,
      };
}

/** The mean of units without the change. */
export function controlMean(metric: PlannedMetric): number {
  return metric.kind === "proportion" ? metric.share : metric.mean;
}

/** Why a metric cannot be planned with: `not-finite`, `no-variance`, `zero-baseline`, `bad-value` for a share. */
export function refusedMetric(
  metric: PlannedMetric,
  scale: Scale,
): { readonly ok: false; readonly error: Refusal } | undefined {
  if (metric.kind === "proportion") {
    if (metric.share > 0 && metric.share < 1) return undefined;
    return refused("bad-value", `A share is above 0 and below 1, it is ${metric.share}`);
  }
  const variances =
    metric.kind === "mean"
      ? [metric.variance, metric.treatmentVariance ?? metric.variance]
      : [metric.varianceOfDifferences];
  if (![metric.mean, ...variances].every(Number.isFinite)) {
    return refused("not-finite", "The mean and the variances must be finite numbers");
  }
  if (variances.some((variance) => variance <= 0)) {
    return refused("no-variance", "The variances of a plan are above 0");
  }
  if (scale === "relative" && metric.mean === 0) {
    return refused("zero-baseline", "A relative effect needs a control mean other than 0");
  }
  return undefined;
}

/** Of the treatment alone: that of a mean is the same at any effect, that of a share is (p + d)(1 - p - d). */
function treatmentVariance(
  metric: Exclude<PlannedMetric, { kind: "paired" }>,
  size: number,
  factor: number,
): UnitVariance {
  if (metric.kind === "mean") {
    const variance = metric.treatmentVariance ?? metric.variance;
    return { constant: (variance * factor) / size / size, linear: 0, square: 0 };
  }
  // In powers of d, where d is in sizes.
  const { share } = metric;
  return {
    constant: (share * (1 - share) * factor) / size / size,
    linear: ((1 - 2 * share) * factor) / size,
    square: -factor,
  };
}
