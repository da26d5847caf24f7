import { ok, type Result } from "#core/kernel/result.ts";
import type { DifferenceQuestion, RawDifference, Scale } from "./difference.ts";
import {
  linearMetrics,
  metricCovariances,
  withoutOthers,
  type JointMetric,
  type LinearMetric,
  type WeightedMetrics,
} from "./joint-metric.ts";
import { mergedJointMoments, weightedProducts, type JointMoments } from "./joint-moments.ts";
import { solved } from "./linear-system.ts";
import { isCount, refused, refusedLevel, type Refusal } from "./refusal.ts";
import { sumAboveRounding } from "./rounding.ts";
import { errorOf, studentTested, type ErrorPart, type MeanDifference } from "./welch-test.ts";

/** A question to two arms whose units are known from before. */
export interface AdjustedComparison extends DifferenceQuestion {
  readonly control: JointMoments;
  readonly treatment: JointMoments;
  readonly outcome: JointMetric;
  /** What no variant can have changed: the same metric before the experiment, the length of the prompt. At least one. */
  readonly covariates: readonly JointMetric[];
  /** In units of the outcome, or as a share of the unadjusted control. Default absolute. */
  readonly scale?: Scale;
}

/** How two means or ratios differ, less what was already known. */
export interface AdjustedDifference extends MeanDifference {
  /** theta: how much of each covariate was taken off. */
  readonly coefficients: readonly number[];
  /** The share of the variance of the absolute difference that is gone; below 0 where covariates tell nothing. */
  readonly varianceReduction: number;
}

/**
 * CUPED: the difference of outcome - theta x covariates, whose expectation is that of the outcome, as randomisation gives both
 * arms the same covariates. Assumes covariates from before the assignment, and many more units than covariates.
 * Deng, Xu, Kohavi & Walker (2013), Improving the sensitivity of online controlled experiments, WSDM.
 *
 * theta solves V theta = c, with the covariances V of the covariates and c of them with the outcome. Of means both arms are
 * taken as one sample; of ratios the covariances of both arms, each at its own ratio, are added (GrowthBook 8f1db445 does both).
 * Any theta is unbiased; theta itself counts as known. Variances by the delta method, degrees of freedom as in welchTest.
 *
 * Relative: (A_T - A_C)/|B| with the adjusted A and the unadjusted control B. SE^2 = var(A_T)/B^2 + var(A_C + r B)/B^2, r the
 * relative difference: the exact gradient. GrowthBook's, for means, has the unadjusted difference in the place of r.
 *
 * Refuses `bad-level`, `bad-count`, `too-few` (below 2 units an arm, no covariate), `no-variance` (an adjusted arm, or covariates
 * that do not vary or follow from each other), `bad-value` (variables that are not there), `zero-baseline`, `not-finite`.
 */
export function cupedTest(comparison: AdjustedComparison): Result<AdjustedDifference, Refusal> {
  const control = armOf(comparison.control, comparison);
  if (!control.ok) return control;
  const treatment = armOf(comparison.treatment, comparison);
  if (!treatment.ok) return treatment;
  const level = refusedLevel(comparison.alpha);
  if (level) return level;
  const arms = { control: control.value, treatment: treatment.value };
  const coefficients = coefficientsOf(arms, comparison);
  if (coefficients === undefined) {
    return refused("no-variance", "A covariate does not vary, or follows from the others");
  }
  return difference(arms, coefficients, comparison);
}

interface Arm {
  readonly joint: JointMoments;
  readonly outcome: LinearMetric;
  readonly covariates: readonly LinearMetric[];
}

interface Arms {
  readonly control: Arm;
  readonly treatment: Arm;
}

function armOf(
  joint: JointMoments,
  metrics: Pick<AdjustedComparison, "outcome" | "covariates">,
): Result<Arm, Refusal> {
  if (!isCount(joint.count))
    return refused("bad-count", `An arm has ${joint.count} units, not a whole number`);
  if (joint.count < 2) return refused("too-few", `Each arm needs 2 units, one has ${joint.count}`);
  if (metrics.covariates.length === 0) return refused("too-few", "An adjustment needs a covariate");
  const found = linearMetrics([metrics.outcome, ...metrics.covariates], joint);
  if (!found.ok) return found;
  const [outcome, ...covariates] = found.value;
  if (!outcome) return refused("too-few", "An adjustment needs an outcome");
  return ok({ joint, outcome, covariates });
}

function coefficientsOf(
  { control, treatment }: Arms,
  { outcome, covariates }: AdjustedComparison,
): readonly number[] | undefined {
  const isOneSample = [outcome, ...covariates].every((metric) => "mean" in metric);
  // The weights of a mean are the same everywhere, so that those of either arm hold for both together.
  const both = { ...metricsOf(control), joint: mergedJointMoments(control.joint, treatment.joint) };
  const each = [metricsOf(control), metricsOf(treatment)];
  const rows = metricCovariances(isOneSample ? [both] : each).slice(0, covariates.length);
  const matrix = rows.map((row) => row.slice(0, covariates.length));
  return solved(
    matrix,
    rows.map((row) => row[covariates.length] ?? 0),
  );
}

/** The covariates, and the outcome after them. */
function metricsOf({ joint, covariates, outcome }: Arm): WeightedMetrics {
  return { joint, metrics: [...covariates, outcome], weight: 1 };
}

function difference(
  { control, treatment }: Arms,
  coefficients: readonly number[],
  comparison: AdjustedComparison,
): Result<AdjustedDifference, Refusal> {
  const adjusted = (arm: Arm): LinearMetric => withoutOthers(arm.outcome, arm.covariates, coefficients);
  const parts = [treatment, control].map((arm) => partOf(arm, adjusted(arm)));
  const before = [treatment, control].map((arm) => partOf(arm, arm.outcome));
  const unadjusted = errorOf(before);
  // Below this share of the variance it is taken from, what is left of it is rounding.
  const isNothing = parts.some(
    ({ variance }, arm) => variance <= 8 * Number.EPSILON * (before[arm]?.variance ?? 0),
  );
  if (unadjusted === 0 || isNothing) {
    return refused(
      "no-variance",
      "Nothing varies in an arm, or nothing is left to vary after the adjustment",
    );
  }
  const raw: RawDifference = {
    difference: adjusted(treatment).value - adjusted(control).value,
    standardError: errorOf(parts),
  };
  const scaled = comparison.scale === "relative" ? relative({ control, treatment }, raw, adjusted) : ok(raw);
  if (!scaled.ok) return scaled;
  const tested = studentTested(scaled.value, comparison, parts);
  if (!tested.ok) return tested;
  return ok({
    ...tested.value,
    coefficients,
    varianceReduction: 1 - (raw.standardError / unadjusted) ** 2,
  });
}

function relative(
  { control, treatment }: Arms,
  raw: RawDifference,
  adjusted: (arm: Arm) => LinearMetric,
): Result<RawDifference, Refusal> {
  const baseline = control.outcome;
  if (baseline.value === 0) {
    return refused("zero-baseline", "A relative difference needs a control other than 0");
  }
  const gradient = withoutOthers(adjusted(control), [baseline], [-raw.difference / baseline.value]);
  const error = errorOf([partOf(treatment, adjusted(treatment)), partOf(control, gradient)]);
  return ok({
    difference: raw.difference / Math.abs(baseline.value),
    standardError: error / Math.abs(baseline.value),
  });
}

function partOf({ joint }: Arm, { weights }: LinearMetric): ErrorPart {
  const deviations = sumAboveRounding(weightedProducts(joint, weights, weights));
  return { count: joint.count, variance: deviations / (joint.count - 1) };
}
