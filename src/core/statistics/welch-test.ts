import { ok, type Result } from "#core/kernel/result.ts";
import { intervalAround, pValueOf, type Alternative, type Interval } from "./interval.ts";
import { refused, refusedLevel, type Refusal } from "./refusal.ts";
import { refusedSample, type Sample } from "./sample.ts";
import { studentQuantile, studentSurvival } from "./special-functions.ts";

/** A question to two arms. */
export interface MeanComparison {
  readonly control: Sample;
  readonly treatment: Sample;
  /** Error rate in (0, 1): of both sides together, or of the one side asked for. */
  readonly alpha: number;
  /** In units of the metric, or as a share of the control mean's size (0.05 is 5 %). Default absolute. */
  readonly scale?: "absolute" | "relative";
  /** Default two-sided. */
  readonly alternative?: Alternative;
  /** The difference of the null hypothesis, on the scale asked for. Default 0. */
  readonly nullDifference?: number;
}

/** How two means differ. */
export interface MeanDifference {
  readonly difference: number;
  readonly standardError: number;
  readonly statistic: number;
  /** Welch-Satterthwaite, a real number. */
  readonly degreesOfFreedom: number;
  readonly pValue: number;
  /** Holds the true difference in 1 - alpha of experiments. */
  readonly interval: Interval;
}

/**
 * Welch's test: the difference of two means whose variances need not be equal.
 *
 * Assumes independent units and means close to normal (by the values or by their number). t = (difference - null) / SE,
 * SE^2 = vT/nT + vC/nC, df = SE^4 / ((vT/nT)^2/(nT-1) + (vC/nC)^2/(nC-1)). Welch (1947), Biometrika 34; Satterthwaite (1946).
 *
 * Relative: (mT - mC)/|mC| with SE^2 = vT/(nT mC^2) + vC mT^2/(nC mC^4) by the delta method and the same df; sound while the
 * control mean is many standard errors from 0 (else: Fieller). The sign is that of the absolute difference.
 *
 * Refuses `bad-level`, `not-finite`, `bad-count`, `too-few` (below 2 units an arm), `no-variance` (in either arm),
 * `zero-baseline`.
 */
export function welchTest(comparison: MeanComparison): Result<MeanDifference, Refusal> {
  const { control, treatment, alpha, alternative = "two-sided", nullDifference = 0 } = comparison;
  const refusal =
    refusedLevel(alpha) ?? refusedSample(control, "control") ?? refusedSample(treatment, "treatment");
  if (refusal) return refusal;
  const relative = comparison.scale === "relative";
  if (relative && control.mean === 0) {
    return refused("zero-baseline", "A relative difference needs a control mean other than 0");
  }
  const difference = relative ? relativeDifference(comparison) : treatment.mean - control.mean;
  const standardError = relative ? relativeError(comparison) : absoluteError(comparison);
  const statistic = (difference - nullDifference) / standardError;
  const degreesOfFreedom = welchDegrees(comparison);
  if (![difference, standardError, statistic, degreesOfFreedom].every(Number.isFinite)) {
    return refused("not-finite", "The difference or its error is beyond what a number holds");
  }
  return ok({
    difference,
    standardError,
    statistic,
    degreesOfFreedom,
    pValue: pValueOf(statistic, alternative, (t) => studentSurvival(t, degreesOfFreedom)),
    interval: intervalAround(
      { estimate: difference, standardError },
      { alpha, alternative },
      (tail) => -studentQuantile(tail, degreesOfFreedom),
    ),
  });
}

interface Arms {
  readonly control: Sample;
  readonly treatment: Sample;
}

function relativeDifference({ control, treatment }: Arms): number {
  return (treatment.mean - control.mean) / Math.abs(control.mean);
}

function absoluteError({ control, treatment }: Arms): number {
  return Math.hypot(meanError(treatment), meanError(control));
}

/** hypot, and ratios before products: squares of tiny or huge values would not fit a number. */
function relativeError({ control, treatment }: Arms): number {
  const baseline = Math.abs(control.mean);
  return Math.hypot(
    meanError(treatment) / baseline,
    (meanError(control) / baseline) * (treatment.mean / baseline),
  );
}

function meanError({ variance, count }: Sample): number {
  return Math.sqrt(variance / count);
}

/** As shares of the squared error, which cannot overflow. */
function welchDegrees({ control, treatment }: Arms): number {
  const ratio = meanError(treatment) / absoluteError({ control, treatment });
  const treatmentShare = ratio * ratio;
  const controlRatio = meanError(control) / absoluteError({ control, treatment });
  const controlShare = controlRatio * controlRatio;
  return 1 / (treatmentShare ** 2 / (treatment.count - 1) + controlShare ** 2 / (control.count - 1));
}
