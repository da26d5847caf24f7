import { ok, type Result } from "#core/kernel/result.ts";
import { linearMetrics, metricCovariances, type JointMetric } from "./joint-metric.ts";
import type { JointMoments } from "./joint-moments.ts";
import { solved } from "./linear-system.ts";
import { isCount, refused, type Refusal } from "./refusal.ts";
import { fSurvival } from "./special-functions.ts";

/** Whether both arms have the same units, by what was known of them before. */
export interface CovariateBalance {
  /** Each covariate's difference, treatment - control, in standard deviations of one unit. */
  readonly standardized: readonly number[];
  /** Of all covariates together: below 0.001 the assignment, or the counting of units, is likely broken. */
  readonly pValue: number;
}

/**
 * Hotelling's T^2 of the covariates of two arms: T^2 = nC nT/(nC + nT) d' S^-1 d with the differences d and the covariances S
 * within arms; T^2 (N - k - 1)/(k (N - 2)) is F with k and N - k - 1 degrees of freedom, N = nC + nT. One covariate: Student's t.
 * Assumes covariates from before the assignment, alike spread in both arms (as randomisation makes them), means close to
 * normal. Hotelling (1931), Ann. Math. Stat. 2; Hansen & Bowers (2008), Statistical Science 23(2).
 * The place of `sampleRatio` in what was known before: the numbers of units may be right and the units not.
 *
 * Refuses `bad-count`, `too-few` (below k + 2 units, 2 an arm, no covariate), `no-variance` (covariates that do not vary or follow
 * from each other), `bad-value`, `zero-baseline`, `not-finite`.
 */
export function covariateBalance({
  control,
  treatment,
  covariates,
}: {
  readonly control: JointMoments;
  readonly treatment: JointMoments;
  readonly covariates: readonly JointMetric[];
}): Result<CovariateBalance, Refusal> {
  const units = control.count + treatment.count;
  const free = units - covariates.length - 1;
  if (!isCount(control.count) || !isCount(treatment.count)) {
    return refused("bad-count", "Each arm has a whole number of units");
  }
  if (Math.min(control.count, treatment.count) < 2 || free < 1 || covariates.length === 0) {
    return refused("too-few", `${covariates.length} covariates of ${units} units cannot be compared`);
  }
  const before = linearMetrics(covariates, control);
  if (!before.ok) return before;
  const after = linearMetrics(covariates, treatment);
  if (!after.ok) return after;
  const differences = after.value.map(({ value }, place) => value - (before.value[place]?.value ?? 0));
  const within = metricCovariances([
    { joint: control, metrics: before.value, weight: (control.count - 1) / (units - 2) },
    { joint: treatment, metrics: after.value, weight: (treatment.count - 1) / (units - 2) },
  ]);
  const weights = solved(within, differences);
  if (!weights) return refused("no-variance", "A covariate does not vary, or follows from the others");
  const distance = differences.reduce(
    (sum, difference, place) => sum + difference * (weights[place] ?? 0),
    0,
  );
  const square = distance * control.count * (treatment.count / units);
  const statistic = (square / covariates.length) * (free / (units - 2));
  if (!Number.isFinite(statistic)) return refused("not-finite", "The distance is beyond what a number holds");
  return ok({
    standardized: differences.map((difference, place) => difference / Math.sqrt(within[place]?.[place] ?? 1)),
    pValue: fSurvival(statistic, covariates.length, free),
  });
}
