import { ok, type Result } from "#core/kernel/result.ts";
import type { Estimate } from "./confidence-sequence.ts";
import {
  differenceOf,
  studentOf,
  testedDifference,
  type DifferenceQuestion,
  type RawDifference,
  type Scale,
  type TestedDifference,
} from "./difference.ts";
import { refused, refusedLevel, type Refusal } from "./refusal.ts";
import { refusedSample, type Sample } from "./sample.ts";

/** A question to two arms. */
export interface MeanComparison extends DifferenceQuestion {
  readonly control: Sample;
  readonly treatment: Sample;
  /** In units of the metric, or as a share of the control mean's size (0.05 is 5 %). Default absolute. */
  readonly scale?: Scale;
}

/** How two means differ. */
export interface MeanDifference extends TestedDifference {
  /** Welch-Satterthwaite, a real number. */
  readonly degreesOfFreedom: number;
}

/**
 * Welch's test: the difference of two means whose variances need not be equal.
 *
 * Assumes independent units and means close to normal (by the values or by their number). t = (difference - null) / SE,
 * SE^2 = vT/nT + vC/nC, df = SE^4 / ((vT/nT)^2/(nT-1) + (vC/nC)^2/(nC-1)). Welch (1947), Biometrika 34; Satterthwaite (1946).
 *
 * Relative: (mT - mC)/|mC| with SE^2 = vT/(nT mC^2) + vC mT^2/(nC mC^4) by the delta method and the same df; sound while the
 * control mean is many standard errors from 0 (else: fiellerInterval). The sign is that of the absolute difference.
 *
 * Refuses `bad-level`, `not-finite`, `bad-count`, `too-few` (below 2 units an arm), `no-variance` (in either arm),
 * `zero-baseline`.
 */
export function welchTest(comparison: MeanComparison): Result<MeanDifference, Refusal> {
  const { control, treatment, alpha, scale = "absolute" } = comparison;
  const refusal =
    refusedLevel(alpha) ?? refusedSample(control, "control") ?? refusedSample(treatment, "treatment");
  if (refusal) return refusal;
  const raw = differenceOf({ control: meanOf(control), treatment: meanOf(treatment) }, scale);
  return raw.ok ? studentTested(raw.value, comparison, [control, treatment]) : raw;
}

/** The difference against Student's t, with the degrees of freedom of what its error is made of. Refuses `not-finite`. */
export function studentTested(
  raw: RawDifference,
  question: DifferenceQuestion,
  parts: readonly ErrorPart[],
): Result<MeanDifference, Refusal> {
  const degreesOfFreedom = satterthwaite(parts);
  if (!Number.isFinite(degreesOfFreedom)) {
    return refused("not-finite", "The degrees of freedom are beyond what a number holds");
  }
  const tested = testedDifference(raw, question, studentOf(degreesOfFreedom));
  return tested.ok ? ok({ ...tested.value, degreesOfFreedom }) : tested;
}

/** A mean with its standard error, sqrt(variance / count). */
export function meanOf(sample: Sample): Estimate {
  return { value: sample.mean, standardError: meanError(sample) };
}

/** What an independent part of an error is made of. */
export type ErrorPart = Pick<Sample, "count" | "variance">;

/** The standard error of a sum of independent means. */
export function errorOf(parts: readonly ErrorPart[]): number {
  return Math.hypot(...parts.map(meanError));
}

function meanError({ variance, count }: ErrorPart): number {
  return Math.sqrt(variance / count);
}

/** As shares of the squared error, which cannot overflow. */
function satterthwaite(parts: readonly ErrorPart[]): number {
  const whole = errorOf(parts);
  const terms = parts.map((part) => (meanError(part) / whole) ** 4 / (part.count - 1));
  return 1 / terms.reduce((sum, term) => sum + term, 0);
}
