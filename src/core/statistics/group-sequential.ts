import { ok, type Result } from "#core/kernel/result.ts";
import type { Estimate } from "./confidence-sequence.ts";
import { intervalAround, pValueOf, type Alternative, type Interval } from "./interval.ts";
import { refused, refusedLevel, type Refusal } from "./refusal.ts";
import { normalSurvival } from "./special-functions.ts";
import { spentAlpha, type Spending } from "./spending.ts";
import { boundAt, pathsAfter, pathsAtStart } from "./surviving-paths.ts";

/** What is fixed before the first look. When the looks are, and how many, is not. */
export interface SequentialPlan {
  /** Error rate of all looks together in (0, 1): of both sides, or of the one side asked for. */
  readonly alpha: number;
  readonly spending: Spending;
  /** Default two-sided: either side has alpha / 2. */
  readonly alternative?: Alternative;
}

/** When to stop at one look. */
export interface SequentialBound {
  /** Information at the look over information planned. */
  readonly fraction: number;
  /** In standard errors: stop where the statistic reaches it. Infinite where nothing may be spent. */
  readonly bound: number;
  /** The bound as a p-value, two-sided where the plan is: stop where the plain p-value is at most this. */
  readonly nominalP: number;
  /** Error rate spent up to this look, of both sides together where the plan has two. */
  readonly spent: number;
}

/** Of one plan. */
const looksMax = 500;
/** As a share of the information: nearer looks are one. */
const stepMin = 1e-6;

/**
 * Bounds of a group-sequential test at looks as they come (Lan & DeMets 1983, Biometrika 70). Assumes statistics that add up
 * with independent increments, as z of means, shares and their differences do, and look times chosen without regard to the
 * effect seen. Each side is a one-sided recursion with its own rate, so that a claim of a direction keeps it too; both
 * together are below alpha by the chance of crossing one after the other (below 1e-5).
 *
 * The look at which information reaches the plan spends what is left, also where it overruns; later ones have no bound to
 * reach. A look that was skipped spends at the next. Integration is exact to about 1e-8.
 * @param fractions of all looks so far, ascending: information (1 / SE^2, or units) now over that planned
 *
 * Refuses `bad-level`, `too-few` without a look, `bad-value` for an exponent that is not above 0, fractions that are not above
 * 0 and ascending by a millionth, or more than 500 of them.
 */
export function groupSequentialBounds(
  plan: SequentialPlan,
  fractions: readonly number[],
): Result<readonly SequentialBound[], Refusal> {
  const refusal = refusedPlan(plan) ?? refusedFractions(fractions);
  if (refusal) return refusal;
  const sides = sidesOf(plan);
  const alpha = plan.alpha / sides;
  let paths = pathsAtStart;
  let spent = 0;
  const bounds: SequentialBound[] = [];
  for (const [look, time] of fractions.entries()) {
    const until = spentAlpha(plan.spending, { fraction: time, alpha });
    const bound = boundAt(paths, { time, probability: until - spent });
    spent = until;
    const standardised = bound / Math.sqrt(time);
    bounds.push({
      fraction: time,
      bound: standardised,
      nominalP: sides * normalSurvival(standardised),
      spent: sides * spent,
    });
    const following = fractions[look + 1];
    if (following !== undefined) paths = pathsAfter(paths, { time, bound }, following);
  }
  return ok(bounds);
}

/** What a group-sequential test says at its latest look. */
export interface SequentialVerdict extends SequentialBound {
  /** Standard errors from 0. */
  readonly statistic: number;
  /** The plain p-value of this look alone; compare it with `nominalP`, never with alpha. */
  readonly pValue: number;
  /** The bound is reached: stop and reject the null hypothesis. */
  readonly crossed: boolean;
  /** Repeated confidence interval, estimate -/+ bound x SE: holds the true effect at all looks together, stopped or not. */
  readonly interval: Interval;
}

/**
 * The latest look of a group-sequential test, by the estimate there. The repeated confidence interval (Jennison & Turnbull
 * 1989, JRSS B 51) excludes 0 exactly where the bound is crossed, and stays true where one goes on in spite of it.
 * Assumes and refuses as groupSequentialBounds, and `not-finite`, `no-variance` for the estimate.
 */
export function groupSequentialLook(
  plan: SequentialPlan,
  { fractions, estimate }: { readonly fractions: readonly number[]; readonly estimate: Estimate },
): Result<SequentialVerdict, Refusal> {
  const { value, standardError } = estimate;
  if (!Number.isFinite(value) || !Number.isFinite(standardError))
    return refused("not-finite", "An estimate and its error must be finite numbers");
  if (standardError <= 0)
    return refused("no-variance", `The standard error is above 0, not ${standardError}`);
  const bounds = groupSequentialBounds(plan, fractions);
  if (!bounds.ok) return bounds;
  const latest = bounds.value.at(-1);
  if (!latest) return refused("too-few", "A look is needed");
  const { alpha, alternative = "two-sided" } = plan;
  const statistic = value / standardError;
  return ok({
    ...latest,
    statistic,
    pValue: pValueOf(statistic, alternative, normalSurvival),
    crossed: distanceOf(statistic, alternative) >= latest.bound,
    interval: intervalAround({ estimate: value, standardError }, { alpha, alternative }, () => latest.bound),
  });
}

function distanceOf(statistic: number, alternative: Alternative): number {
  if (alternative === "two-sided") return Math.abs(statistic);
  return alternative === "greater" ? statistic : -statistic;
}

function sidesOf({ alternative = "two-sided" }: SequentialPlan): 1 | 2 {
  return alternative === "two-sided" ? 2 : 1;
}

function refusedPlan({
  alpha,
  spending,
}: SequentialPlan): { readonly ok: false; readonly error: Refusal } | undefined {
  if (spending.kind === "power" && !(spending.exponent > 0 && spending.exponent < Infinity)) {
    return refused("bad-value", `The exponent of spending is above 0, it is ${spending.exponent}`);
  }
  return refusedLevel(alpha);
}

function refusedFractions(
  fractions: readonly number[],
): { readonly ok: false; readonly error: Refusal } | undefined {
  if (fractions.length === 0) return refused("too-few", "A look is needed");
  if (fractions.length > looksMax) {
    return refused("bad-value", `There may be ${looksMax} looks, there are ${fractions.length}`);
  }
  let before = 0;
  for (const fraction of fractions) {
    if (!Number.isFinite(fraction) || fraction - before < stepMin * fraction || fraction <= 0) {
      return refused("bad-value", `Fractions are above 0 and ascend, ${fraction} follows ${before}`);
    }
    before = fraction;
  }
  return undefined;
}
