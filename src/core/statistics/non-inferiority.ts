import { ok, type Result } from "#core/kernel/result.ts";
import type { Interval } from "./interval.ts";
import { refused, refusedLevel, type Refusal } from "./refusal.ts";
import type { Sample } from "./sample.ts";
import { restrictedShares } from "./score-interval.ts";
import { normalQuantile, normalSurvival, studentQuantile, studentSurvival } from "./special-functions.ts";
import {
  differenceOf,
  refusedComparison,
  unpooledError,
  type ProportionComparison,
} from "./two-proportions.ts";
import { welchTest } from "./welch-test.ts";

/** Whether a treatment is worse than the control by less than a margin. */
export interface NonInferiority {
  readonly difference: number;
  /** How far the difference is from the margin, in standard errors: positive on the good side. */
  readonly statistic: number;
  /** One-sided, of the null hypothesis that the treatment is worse by the margin or more. */
  readonly pValue: number;
  /** One-sided bound of the difference on the bad side. */
  readonly bound: number;
  /** The bound does not reach the margin. */
  readonly nonInferior: boolean;
}

/** What is asked: the margin > 0 that is bearable, and which way is worse. */
export interface NonInferiorityQuestion {
  readonly margin: number;
  /** One-sided error rate in (0, 1). */
  readonly alpha: number;
  readonly higherIsBetter: boolean;
}

/**
 * Non-inferiority of a mean, margin as a share of the control mean's size, taken as fixed: Welch's t of the difference against
 * the margin, one-sided. Assumes what welchTest does. Rothmann, Wiens & Chan (2012).
 * Refuses as welchTest, `bad-value` for a margin that is not above 0, `zero-baseline`.
 */
export function nonInferiorMean(
  arms: { readonly control: Sample; readonly treatment: Sample },
  { margin, alpha, higherIsBetter }: NonInferiorityQuestion,
): Result<NonInferiority & { readonly absoluteMargin: number }, Refusal> {
  const refusal = refusedMargin(margin);
  if (refusal) return refusal;
  if (arms.control.mean === 0)
    return refused("zero-baseline", "A relative margin needs a control mean other than 0");
  const absoluteMargin = margin * Math.abs(arms.control.mean);
  const found = welchTest({
    ...arms,
    alpha,
    alternative: higherIsBetter ? "greater" : "less",
    nullDifference: higherIsBetter ? -absoluteMargin : absoluteMargin,
  });
  if (!found.ok) return found;
  const { difference, statistic, pValue, interval } = found.value;
  const bound = interval[higherIsBetter ? 0 : 1];
  return ok({
    difference,
    statistic: higherIsBetter ? statistic : -statistic,
    pValue,
    bound,
    nonInferior: higherIsBetter ? bound > -absoluteMargin : bound < absoluteMargin,
    absoluteMargin,
  });
}

/**
 * Non-inferiority of a proportion, absolute margin: Wald's z and bound with each arm's variance, and the z of Farrington &
 * Manning (1990), Statistics in Medicine 9, with the variance of the likeliest shares at the margin, sounder for few units.
 * Refuses `bad-level`, `bad-count`, `too-few`, `bad-value` for a margin outside (0, 1), `no-variance` where no arm varies.
 */
export function nonInferiorProportion(
  arms: Pick<ProportionComparison, "control" | "treatment">,
  { margin, alpha, higherIsBetter }: NonInferiorityQuestion,
): Result<NonInferiority & { readonly score: ScoreTest }, Refusal> {
  const refusal = refusedComparison({ ...arms, alpha }) ?? refusedMargin(margin);
  if (refusal) return refusal;
  if (margin >= 1) return refused("bad-value", `A margin of proportions is below 1, it is ${margin}`);
  const difference = differenceOf(arms);
  const error = unpooledError(arms);
  if (error === 0) return refused("no-variance", "All units of each arm have one outcome");
  const good = higherIsBetter ? 1 : -1;
  const distance = good * difference + margin;
  const statistic = distance / error;
  const bound = difference + good * normalQuantile(alpha) * error;
  return ok({
    difference,
    statistic,
    pValue: normalSurvival(statistic),
    bound,
    nonInferior: good * bound > -margin,
    score: scoreTest(arms, -good * margin, distance),
  });
}

/** The score test at the margin. */
export interface ScoreTest {
  readonly restrictedTreatment: number;
  readonly statistic: number;
  readonly pValue: number;
}

function scoreTest(
  arms: Pick<ProportionComparison, "control" | "treatment">,
  atMargin: number,
  distance: number,
): ScoreTest {
  const { shareControl, shareTreatment } = restrictedShares(arms, atMargin);
  const variance =
    (shareTreatment * (1 - shareTreatment)) / arms.treatment.trials +
    (shareControl * (1 - shareControl)) / arms.control.trials;
  // Shares that differ by a margin in (0, 1) are not both 0 or 1.
  const statistic = distance / Math.sqrt(variance);
  return { restrictedTreatment: shareTreatment, statistic, pValue: normalSurvival(statistic) };
}

/** Two one-sided tests. */
export interface Equivalence {
  /** The difference from either bound, in standard errors. */
  readonly statisticLower: number;
  readonly statisticUpper: number;
  readonly pLower: number;
  readonly pUpper: number;
  /** The larger of both. */
  readonly pValue: number;
  /** At level 1 - 2 alpha: within the bounds exactly where the p-value is below alpha. */
  readonly interval: Interval;
  readonly equivalent: boolean;
}

/**
 * TOST: a difference is equivalent to none where it is shown to be above `lower` and below `upper`, each at alpha.
 * Schuirmann (1987), J. Pharmacokinetics and Biopharmaceutics 15.
 * Refuses `bad-level`, `not-finite`, `bad-value` (bounds or degrees of freedom), `no-variance` for an error of 0.
 */
export function equivalenceTest(input: {
  readonly difference: number;
  readonly standardError: number;
  readonly degreesOfFreedom: number;
  readonly lower: number;
  readonly upper: number;
  readonly alpha: number;
}): Result<Equivalence, Refusal> {
  const { difference, standardError, degreesOfFreedom, lower, upper, alpha } = input;
  const level = refusedLevel(alpha);
  if (level) return level;
  if (![difference, standardError, degreesOfFreedom, lower, upper].every(Number.isFinite))
    return refused("not-finite", "Every input is a finite number");
  if (!(lower < upper)) return refused("bad-value", "The lower bound is below the upper one");
  if (degreesOfFreedom <= 0) return refused("bad-value", "Degrees of freedom are above 0");
  if (standardError <= 0) return refused("no-variance", "The standard error is above 0");
  const statisticLower = (difference - lower) / standardError;
  const statisticUpper = (difference - upper) / standardError;
  const pLower = studentSurvival(statisticLower, degreesOfFreedom);
  const pUpper = studentSurvival(-statisticUpper, degreesOfFreedom);
  const margin = -studentQuantile(alpha, degreesOfFreedom) * standardError;
  const pValue = Math.max(pLower, pUpper);
  return ok({
    statisticLower,
    statisticUpper,
    pLower,
    pUpper,
    pValue,
    interval: [difference - margin, difference + margin],
    equivalent: pValue < alpha,
  });
}

function refusedMargin(margin: number): { readonly ok: false; readonly error: Refusal } | undefined {
  if (margin > 0 && margin < Infinity) return undefined;
  return refused("bad-value", `A margin is a finite number above 0, it is ${margin}`);
}
