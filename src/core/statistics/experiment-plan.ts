import { ok, type Result } from "#core/kernel/result.ts";
import { achievedPower, criticalDistance, refusedJudgement, type Judgement } from "./achieved-power.ts";
import type { Scale } from "./difference.ts";
import {
  controlMean,
  refusedMetric,
  unitVariance,
  type PlannedMetric,
  type UnitVariance,
} from "./planned-metric.ts";
import { leastWith } from "./least-with.ts";
import { isPositive, refused, refusedPower, type Refusal } from "./refusal.ts";
import { normalQuantile } from "./special-functions.ts";

/** What is measured, how it is judged and how units are shared out. */
export interface ExperimentPlan extends Judgement {
  readonly metric: PlannedMetric;
  /** Of effects, also of `nullDifference`. Default absolute. */
  readonly scale?: Scale;
  /** Of the units of both arms, in (0, 1). Default half. */
  readonly treatmentShare?: number;
  /**
   * What units cost more than independent ones judged once, > 0: plannedDesignEffect, sequentialInflation, or 1 - r^2 with a
   * covariate of correlation r; multiplied where several apply. Default 1.
   */
  readonly inflation?: number;
}

/** Units of a plan. */
export interface RequiredUnits {
  /** Exact, in both arms together; pairs where the metric is paired. */
  readonly units: number;
  /** Rounded up; for pairs both are their number. */
  readonly control: number;
  readonly treatment: number;
}

/**
 * The power of a plan with a number of units (pairs count once), as achievedPower of the error that they bring. By the normal
 * approximation: below about 50 units an arm use studentPower. Refuses as requiredUnits.
 */
export function plannedPower(
  plan: ExperimentPlan,
  { effect, units }: { readonly effect: number; readonly units: number },
): Result<number, Refusal> {
  const refusal = refusedPlan(plan) ?? refusedUnits(units) ?? refusedEffect(plan, effect);
  if (refusal) return refusal;
  const standardError = Math.sqrt(varianceAt(varianceOf(plan), effect) / units);
  return achievedPower(plan, { effect, standardError, units });
}

/**
 * The units that find an effect with a power: (critical + z_power)^2 V / (effect - null)^2, V the variance of an estimate by
 * one unit (unitVariance) at the effect. The far tail of a two-sided test is left out: the power is met, and a little more.
 * With `rho`, critical itself falls with units, and the equation is solved for them.
 *
 * Refuses `bad-level` for alpha or power, `no-variance`, `not-finite`, `zero-baseline`, and `bad-value` for a share, an
 * inflation, rho, a power not above the error rate, a share of successes that leaves (0, 1), or an effect of the null
 * hypothesis or beyond it.
 */
export function requiredUnits(
  plan: ExperimentPlan,
  { effect, power }: { readonly effect: number; readonly power: number },
): Result<RequiredUnits, Refusal> {
  const refusal = refusedPlan(plan) ?? refusedWish(plan, power) ?? refusedEffect(plan, effect);
  if (refusal) return refusal;
  const distance = effect - (plan.nullDifference ?? 0);
  if (distance === 0 || plan.alternative === (distance > 0 ? "less" : "greater")) {
    return refused("bad-value", "No number of units shows an effect of the null hypothesis");
  }
  const perUnit = varianceAt(varianceOf(plan), effect) / distance / distance;
  const neededBy = (units: number): number =>
    (criticalDistance(plan, units) + normalQuantile(power)) ** 2 * perUnit;
  const units = plan.rho === undefined ? neededBy(1) : leastEnough(neededBy);
  if (!isPositive(units)) return refused("not-finite", "The units are beyond what a number holds");
  const share = plan.treatmentShare ?? 1 / 2;
  const isPaired = plan.metric.kind === "paired";
  return ok({
    units,
    control: Math.ceil(isPaired ? units : units * (1 - share)),
    treatment: Math.ceil(isPaired ? units : units * share),
  });
}

/**
 * The least effect that a number of units finds with a power: upwards, or downwards where the alternative is "less" (downwards
 * in a two-sided test: "less" with half of alpha). The solution of (effect - null)^2 = (critical + z_power)^2 V(effect) / units,
 * a quadratic equation. Refuses as requiredUnits, and `too-few` where no effect is large enough: a relative effect, whose
 * error grows with it, or a share that would leave (0, 1).
 */
export function detectableEffect(
  plan: ExperimentPlan,
  { units, power }: { readonly units: number; readonly power: number },
): Result<number, Refusal> {
  const refusal = refusedPlan(plan) ?? refusedUnits(units) ?? refusedWish(plan, power, units);
  if (refusal) return refusal;
  const { nullDifference = 0 } = plan;
  const { constant, linear, square } = varianceOf(plan);
  const weight = (criticalDistance(plan, units) + normalQuantile(power)) ** 2 / units;
  const a = 1 - weight * square;
  const b = 2 * nullDifference + weight * linear;
  const c = nullDifference * nullDifference - weight * constant;
  const discriminant = b * b - 4 * a * c;
  if (!(a > 0) || !(discriminant >= 0))
    return refused("too-few", "These units find no effect, however large");
  // The root that adds, and the other by their product: neither loses digits.
  const sum = b + (b < 0 ? -1 : 1) * Math.sqrt(discriminant);
  const roots = [sum / (2 * a), (2 * c) / sum];
  const effect = plan.alternative === "less" ? Math.min(...roots) : Math.max(...roots);
  if (!Number.isFinite(effect)) return refused("not-finite", "The effect is beyond what a number holds");
  if (refusedEffect(plan, effect)) return refused("too-few", "These units find no share within 0 and 1");
  return ok(effect);
}

function varianceOf({
  metric,
  scale = "absolute",
  treatmentShare = 1 / 2,
  inflation = 1,
}: ExperimentPlan): UnitVariance {
  const { constant, linear, square } = unitVariance(metric, { scale, treatmentShare });
  return { constant: constant * inflation, linear: linear * inflation, square: square * inflation };
}

function varianceAt({ constant, linear, square }: UnitVariance, effect: number): number {
  return constant + effect * (linear + effect * square);
}

/** Units that are as many as they need: need falls with units, so that they meet once. */
function leastEnough(neededBy: (units: number) => number): number {
  let high = 1;
  while (high < Infinity && neededBy(high) > high) high *= 2;
  return leastWith((units) => neededBy(units) <= units, { low: 0, high });
}

function refusedPlan(plan: ExperimentPlan): { readonly ok: false; readonly error: Refusal } | undefined {
  const { treatmentShare = 1 / 2, inflation = 1 } = plan;
  if (!(treatmentShare > 0 && treatmentShare < 1)) {
    return refused("bad-value", `The treatment has a share of units in (0, 1), not ${treatmentShare}`);
  }
  if (!isPositive(inflation)) return refused("bad-value", `The inflation is above 0, it is ${inflation}`);
  return refusedJudgement(plan) ?? refusedMetric(plan.metric, plan.scale ?? "absolute");
}

function refusedUnits(units: number): { readonly ok: false; readonly error: Refusal } | undefined {
  return isPositive(units) ? undefined : refused("bad-value", `Units are above 0, they are ${units}`);
}

/** A power that even no effect has asks for nothing. */
function refusedWish(
  plan: ExperimentPlan,
  power: number,
  units = 1,
): { readonly ok: false; readonly error: Refusal } | undefined {
  const badPower = refusedPower(power);
  if (badPower) return badPower;
  if (criticalDistance(plan, units) + normalQuantile(power) > 0) return undefined;
  return refused("bad-value", `A power of ${power} needs no units: it is not above the error rate`);
}

function refusedEffect(
  { metric, scale }: ExperimentPlan,
  effect: number,
): { readonly ok: false; readonly error: Refusal } | undefined {
  if (!Number.isFinite(effect)) return refused("not-finite", "The effect must be a finite number");
  if (metric.kind !== "proportion") return undefined;
  const share = metric.share + effect * (scale === "relative" ? controlMean(metric) : 1);
  return share > 0 && share < 1 ? undefined : refused("bad-value", `A share is in (0, 1), not ${share}`);
}
