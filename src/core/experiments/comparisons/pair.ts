import { ok, type Result } from "#core/kernel/result.ts";
import { cupedTest } from "#core/statistics/cuped.ts";
import {
  differenceOf,
  studentOf,
  testedDifference,
  type TestedDifference,
} from "#core/statistics/difference.ts";
import { noCrossMoments } from "#core/statistics/cross-moments.ts";
import type { Refusal } from "#core/statistics/refusal.ts";
import type { Sample } from "#core/statistics/sample.ts";
import { postStratifiedRatioTest, type RatioStratum } from "#core/statistics/stratified-ratio.ts";
import { meanOf, welchTest } from "#core/statistics/welch-test.ts";
import type { Adjustment, MetricArm, MetricArms } from "./metric-arm.ts";

/** Two arms and what is known of them together. */
export interface Pair {
  readonly control: MetricArm;
  readonly treatment: MetricArm;
  /** Covariance of their values; 0 where they share no cluster. */
  readonly covariance: number;
  /** What is taken off both; absent where nothing was known before. */
  readonly before?: Adjustment;
  /** Both, inside groups of units that were alike before; absent where they are compared as they stand. */
  readonly strata?: readonly RatioStratum[];
}

const emptyArm = { sample: { count: 0, mean: 0, variance: 0 }, missing: 0 };

/** The arms of the control and of another variant; one without data is empty. */
export function pairOf(arms: MetricArms, control: string, treatment: string): Pair {
  return {
    control: arms.controlBeside?.(treatment) ?? arms.arms.get(control) ?? { ...emptyArm, variant: control },
    treatment: arms.arms.get(treatment) ?? { ...emptyArm, variant: treatment },
    covariance: arms.covariance?.(control, treatment) ?? 0,
    ...(arms.before && { before: arms.before }),
    ...(arms.adjusted?.by === "strata" && {
      strata: arms.adjusted.strata.map((of) => ({
        control: of.get(control) ?? noCrossMoments,
        treatment: of.get(treatment) ?? noCrossMoments,
      })),
    }),
  };
}

/** How a pair is to be read. */
export interface ReadingQuestion {
  readonly scale: "absolute" | "relative";
  /** Two-sided error rate in (0, 1). */
  readonly alpha: number;
}

/** Below this share of the variance an adjustment is not worth its assumptions. */
const reductionMin = 0.05;

/** Events, or units without one, below which the exact test stands in for the normal one. */
const eventsFew = 10;

/** The difference of a pair, with what was known before taken off where that tells enough. */
export function differenceOfPair(pair: Pair, question: ReadingQuestion): Result<TestedDifference, Refusal> {
  const refusal = pair.control.refusal ?? pair.treatment.refusal;
  if (refusal) return { ok: false, error: refusal };
  const adjusted = stratifiedDifference(pair, question) ?? adjustedDifference(pair, question);
  if (adjusted) return ok(adjusted);
  const samples = samplesOf(pair);
  return constantDifference(samples, question) ?? welchTest({ ...samples, ...question });
}

/** Inside strata, where all of them can be compared; undefined where the pair is compared as it stands. */
export function stratifiedDifference(
  { strata }: Pick<Pair, "strata">,
  question: ReadingQuestion,
): TestedDifference | undefined {
  const found = strata && postStratifiedRatioTest({ strata, ...question });
  return found?.ok ? found.value : undefined;
}

interface Samples {
  readonly control: Sample;
  readonly treatment: Sample;
}

/**
 * Where the values of one arm never vary (a limit that cuts every answer to one length) and those of the other do: Student's t of
 * the other alone, which is what Welch's comes to with a variance of 0. Undefined for other arms.
 */
function constantDifference(
  { control, treatment }: Samples,
  question: ReadingQuestion,
): Result<TestedDifference, Refusal> | undefined {
  const [varying, constant] = control.variance > 0 ? [control, treatment] : [treatment, control];
  if (varying.variance <= 0 || constant.variance !== 0) return undefined;
  if (varying.count < 2 || constant.count < 2) return undefined;
  const estimates = { control: meanOf(control), treatment: meanOf(treatment) };
  const raw = differenceOf(estimates, question.scale);
  return raw.ok ? testedDifference(raw.value, question, studentOf(varying.count - 1)) : raw;
}

/** The share of the variance of the difference that a covariate takes off; undefined where none does. */
export function varianceReduction(pair: Pair): number | undefined {
  if (pair.strata) return undefined;
  return adjustedDifference(pair, { scale: "absolute", alpha: 0.05 })?.varianceReduction;
}

function adjustedDifference({ control, treatment, covariance, before }: Pair, question: ReadingQuestion) {
  if (!before || !control.joint || !treatment.joint || covariance !== 0) return undefined;
  const found = cupedTest({ control: control.joint, treatment: treatment.joint, ...before, ...question });
  return found.ok && found.value.varianceReduction >= reductionMin ? found.value : undefined;
}

/** Whether an arm has so few events, or so few trials without one, that a normal test is too sure. */
export function hasFewEvents(arm: MetricArm): boolean {
  const events = eventsOf(arm);
  return events !== undefined && Math.min(events.happened, events.trials - events.happened) < eventsFew;
}

function eventsOf({ successes, sample, events }: MetricArm): MetricArm["events"] {
  return successes === undefined ? events : { happened: successes, trials: sample.count };
}

/** The squared error of an arm's value, with a variance also where there are few events. */
export function squaredError(arm: MetricArm): number {
  const { variance, count } = smoothed(arm);
  return variance / count;
}

/** The samples to be compared: with a variance where there are few events, and without what both arms share. */
function samplesOf({ control, treatment, covariance }: Pair): Samples {
  const samples = { control: smoothed(control), treatment: smoothed(treatment) };
  if (covariance === 0) return samples;
  const apart = squaredError(control) + squaredError(treatment);
  const together = Math.max(0, apart - 2 * covariance) / apart;
  return {
    control: { ...samples.control, variance: samples.control.variance * together },
    treatment: { ...samples.treatment, variance: samples.treatment.variance * together },
  };
}

/**
 * Few events tell little of their own variance, and none at all say 0: it is then at least that of the share after one event
 * and one unit without more (Agresti & Caffo 2000), as if each unit had one trial. The estimate stays.
 */
function smoothed(arm: MetricArm): Sample {
  const { sample } = arm;
  const events = eventsOf(arm);
  if (!events || !hasFewEvents(arm) || sample.count === 0) return sample;
  const rare = Math.min(events.happened, events.trials - events.happened);
  const share = (Math.min(rare, sample.count) + 1) / (sample.count + 2);
  return { ...sample, variance: Math.max(sample.variance, share * (1 - share)) };
}
