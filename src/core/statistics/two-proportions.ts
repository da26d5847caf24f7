import { ok, type Result } from "#core/kernel/result.ts";
import { intervalOfDifference } from "./interval-difference.ts";
import { pValueOf, type Alternative, type Interval } from "./interval.ts";
import { normalInterval } from "./normal-interval.ts";
import { refusedProportion, scoreInterval, type Proportion } from "./proportion.ts";
import { refused, refusedLevel, type Refusal } from "./refusal.ts";
import { normalQuantile, normalSurvival } from "./special-functions.ts";

/** A question to two arms of successes. */
export interface ProportionComparison {
  readonly control: Proportion;
  readonly treatment: Proportion;
  /** Error rate in (0, 1). */
  readonly alpha: number;
  /** Default two-sided; intervals of differences are always two-sided. */
  readonly alternative?: Alternative;
}

/** The z-test of two proportions and the interval of their difference. */
export interface ProportionDifference {
  /** pT - pC, absolute. */
  readonly difference: number;
  readonly statistic: number;
  readonly pValue: number;
  /** Newcombe's hybrid score interval. */
  readonly interval: Interval;
}

/**
 * Pooled z-test of two proportions: z = (pT - pC) / sqrt(p(1-p)(1/nT + 1/nC)), p over both arms, with Newcombe's interval.
 * Assumes independent units, and about 5 successes and failures an arm (below: fisherExact). The interval is sound for few too.
 * Refuses `bad-level`, `bad-count`, `too-few`, and `no-variance` where all units of both arms have one outcome.
 */
export function twoProportionTest(comparison: ProportionComparison): Result<ProportionDifference, Refusal> {
  const interval = newcombeInterval(comparison);
  if (!interval.ok) return interval;
  const { control, treatment, alternative = "two-sided" } = comparison;
  const trials = control.trials + treatment.trials;
  const pooled = (control.successes + treatment.successes) / trials;
  if (pooled === 0 || pooled === 1) return refused("no-variance", "All units of both arms have one outcome");
  const difference = differenceOf(comparison);
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / control.trials + 1 / treatment.trials));
  const statistic = difference / error;
  return ok({
    difference,
    statistic,
    pValue: pValueOf(statistic, alternative, normalSurvival),
    interval: interval.value,
  });
}

/**
 * Interval of pT - pC from the Wilson intervals (l, u) of both arms:
 * d - sqrt((pT-lT)^2 + (uC-pC)^2) to d + sqrt((uT-pT)^2 + (pC-lC)^2). Newcombe (1998), Statistics in Medicine 17, method 10.
 * Within [-1, 1]; also where an arm has no success. Refuses `bad-level`, `bad-count`, `too-few`.
 */
export function newcombeInterval(comparison: ProportionComparison): Result<Interval, Refusal> {
  const refusal = refusedComparison(comparison);
  if (refusal) return refusal;
  const { control, treatment, alpha } = comparison;
  const z = -normalQuantile(alpha / 2);
  return ok(
    intervalOfDifference(
      { value: shareOf(control), interval: scoreInterval(control, z) },
      { value: shareOf(treatment), interval: scoreInterval(treatment, z) },
    ),
  );
}

/**
 * Wald's interval of pT - pC, d -/+ z sqrt(pT qT/nT + pC qC/nC): for comparison with other programs only, too short for few
 * units and of no length without successes. Refuses `bad-level`, `bad-count`, `too-few`.
 */
export function waldInterval(comparison: ProportionComparison): Result<Interval, Refusal> {
  const refusal = refusedComparison(comparison);
  if (refusal) return refusal;
  const standardError = unpooledError(comparison);
  return ok(normalInterval({ estimate: differenceOf(comparison), standardError }, comparison.alpha));
}

/**
 * Wald's interval after one success and one failure more in each arm: simple, and near its level from few units on.
 * Agresti & Caffo (2000), The American Statistician 54(4). Refuses `bad-level`, `bad-count`, `too-few`.
 */
export function agrestiCaffoInterval(comparison: ProportionComparison): Result<Interval, Refusal> {
  const refusal = refusedComparison(comparison);
  if (refusal) return refusal;
  const arms = { control: oneMoreOfEach(comparison.control), treatment: oneMoreOfEach(comparison.treatment) };
  const estimate = { estimate: differenceOf(arms), standardError: unpooledError(arms) };
  return ok(normalInterval(estimate, comparison.alpha));
}

interface Arms {
  readonly control: Proportion;
  readonly treatment: Proportion;
}

/** Why arms cannot be compared: `bad-level`, `bad-count`, `too-few`. */
export function refusedComparison(
  comparison: ProportionComparison,
): { readonly ok: false; readonly error: Refusal } | undefined {
  return (
    refusedLevel(comparison.alpha) ??
    refusedProportion(comparison.control, "control") ??
    refusedProportion(comparison.treatment, "treatment")
  );
}

/** pT - pC. */
export function differenceOf({ control, treatment }: Arms): number {
  return shareOf(treatment) - shareOf(control);
}

/** Standard error of pT - pC with each arm's own variance: sqrt(pT qT/nT + pC qC/nC). */
export function unpooledError({ control, treatment }: Arms): number {
  return Math.sqrt(varianceOfShare(treatment) + varianceOfShare(control));
}

function oneMoreOfEach({ successes, trials }: Proportion): Proportion {
  return { successes: successes + 1, trials: trials + 2 };
}

function varianceOfShare({ successes, trials }: Proportion): number {
  return ((successes / trials) * ((trials - successes) / trials)) / trials;
}

function shareOf({ successes, trials }: Proportion): number {
  return successes / trials;
}
