import { ok, type Result } from "#core/kernel/result.ts";
import type { Estimate } from "./confidence-sequence.ts";
import { intervalAround, pValueOf, type Alternative, type Interval } from "./interval.ts";
import { refused, refusedLevel, type Refusal } from "./refusal.ts";
import { normalQuantile, normalSurvival, studentQuantile, studentSurvival } from "./special-functions.ts";

/** What is asked of a difference. */
export interface DifferenceQuestion {
  /** Error rate in (0, 1): of both sides together, or of the one side asked for. */
  readonly alpha: number;
  /** Default two-sided. */
  readonly alternative?: Alternative;
  /** The difference of the null hypothesis, on the scale asked for. Default 0. */
  readonly nullDifference?: number;
}

/** In units of the metric, or as a share of the control's size (0.05 is 5 %). */
export type Scale = "absolute" | "relative";

/** A difference with its error, before anything is asked of it. */
export interface RawDifference {
  readonly difference: number;
  readonly standardError: number;
}

/** A difference, and how sure it is. */
export interface TestedDifference extends RawDifference {
  readonly statistic: number;
  readonly pValue: number;
  /** Holds the true difference in 1 - alpha of experiments. */
  readonly interval: Interval;
}

/** Two independent estimates of one metric. */
export interface EstimateComparison extends DifferenceQuestion {
  readonly control: Estimate;
  readonly treatment: Estimate;
  /** Default absolute. */
  readonly scale?: Scale;
}

/**
 * The difference of two independent estimates whose errors are close to normal: quantiles, or whatever else comes with a
 * standard error and no degrees of freedom. z = (difference - null) / SE against the normal distribution, relative as in
 * welchTest; means of few units want welchTest, whose intervals are wider.
 * Refuses `bad-level`, `not-finite`, `no-variance` (a standard error not above 0), `zero-baseline`.
 */
export function normalTest(comparison: EstimateComparison): Result<TestedDifference, Refusal> {
  const { control, treatment, scale = "absolute" } = comparison;
  const refusal = refusedLevel(comparison.alpha) ?? refusedError(control) ?? refusedError(treatment);
  if (refusal) return refusal;
  const raw = differenceOf({ control, treatment }, scale);
  return raw.ok ? testedDifference(raw.value, comparison, normal) : raw;
}

/**
 * treatment - control with SE^2 = sT^2 + sC^2; relative (T - C)/|C| with SE^2 = sT^2/C^2 + sC^2 T^2/C^4 (delta method).
 * The sign is that of the absolute difference. Refuses `zero-baseline`.
 */
export function differenceOf(
  { control, treatment }: { readonly control: Estimate; readonly treatment: Estimate },
  scale: Scale,
): Result<RawDifference, Refusal> {
  if (scale === "absolute") {
    return ok({
      difference: treatment.value - control.value,
      standardError: Math.hypot(treatment.standardError, control.standardError),
    });
  }
  if (control.value === 0) {
    return refused("zero-baseline", "A relative difference needs a control mean other than 0");
  }
  const baseline = Math.abs(control.value);
  return ok({
    difference: (treatment.value - control.value) / baseline,
    // hypot, and ratios before products: squares of tiny or huge values would not fit a number.
    standardError: Math.hypot(
      treatment.standardError / baseline,
      (control.standardError / baseline) * (treatment.value / baseline),
    ),
  });
}

/** How a statistic is spread if the null hypothesis is true; symmetric around 0. */
export interface Reference {
  readonly survival: (statistic: number) => number;
  /** q with P(T > q) = the tail. */
  readonly upperQuantile: (tail: number) => number;
}

const normal: Reference = { survival: normalSurvival, upperQuantile: (tail) => -normalQuantile(tail) };

/** Student's t with real degrees of freedom > 0. */
export function studentOf(degreesOfFreedom: number): Reference {
  return {
    survival: (t) => studentSurvival(t, degreesOfFreedom),
    upperQuantile: (tail) => -studentQuantile(tail, degreesOfFreedom),
  };
}

/** statistic = (difference - null) / SE, its p-value and the interval. Refuses `not-finite`. */
export function testedDifference(
  { difference, standardError }: RawDifference,
  { alpha, alternative = "two-sided", nullDifference = 0 }: DifferenceQuestion,
  { survival, upperQuantile }: Reference,
): Result<TestedDifference, Refusal> {
  const statistic = (difference - nullDifference) / standardError;
  if (![difference, standardError, statistic].every(Number.isFinite)) {
    return refused("not-finite", "The difference or its error is beyond what a number holds");
  }
  return ok({
    difference,
    standardError,
    statistic,
    pValue: pValueOf(statistic, alternative, survival),
    interval: intervalAround({ estimate: difference, standardError }, { alpha, alternative }, upperQuantile),
  });
}

function refusedError({ value, standardError }: Estimate): ReturnType<typeof refusedLevel> {
  if (!Number.isFinite(value) || !Number.isFinite(standardError)) {
    return refused("not-finite", "An estimate and its error must be finite numbers");
  }
  if (standardError > 0) return undefined;
  return refused("no-variance", `An estimate needs an error above 0, it is ${standardError}`);
}
