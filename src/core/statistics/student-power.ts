import { ok, type Result } from "#core/kernel/result.ts";
import type { Alternative } from "./interval.ts";
import { leastWith } from "./least-with.ts";
import { noncentralStudentSurvival } from "./noncentral-student.ts";
import { isCount, isPositive, refused, refusedLevel, refusedPower, type Refusal } from "./refusal.ts";
import { studentQuantile } from "./special-functions.ts";

/** A t-test of two means with one variance. */
export interface StudentQuestion {
  /** The difference in standard deviations (Cohen's d). */
  readonly effectSize: number;
  /** Error rate in (0, 1). */
  readonly alpha: number;
  /** Default two-sided. */
  readonly alternative?: Alternative;
}

/** Units of an arm at most. */
const unitsMax = 1e9;

/**
 * The exact power of a t-test of two means with one variance: the noncentral t distribution with nT + nC - 2 degrees of freedom
 * and shift d / sqrt(1/nT + 1/nC), beyond the quantile of Student's t; both tails where the test has two. What the normal
 * approximation (plannedPower) tends to. Cohen (1988), Statistical Power Analysis, chapter 2.
 * Refuses `bad-level`, `not-finite`, `bad-count`, `too-few` below 2 units in an arm.
 */
export function studentPower(
  question: StudentQuestion & { readonly control: number; readonly treatment: number },
): Result<number, Refusal> {
  const { control, treatment } = question;
  const refusal = refusedQuestion(question);
  if (refusal) return refusal;
  if (!isCount(control) || !isCount(treatment)) {
    return refused("bad-count", `Units are whole numbers, they are ${control} and ${treatment}`);
  }
  if (Math.min(control, treatment) < 2) return refused("too-few", "Either arm needs 2 units");
  return ok(powerAt(question, { control, treatment }));
}

/**
 * The units of the control that find an effect with a power by the exact t-test, where the treatment has `ratio` times as many;
 * a real number, at least 2 in either arm. Refuses `bad-level` for alpha or power, `not-finite`, and `bad-value` for a ratio that
 * is not above 0, an effect of 0 or on the other side, or one that a billion units do not find.
 */
export function studentUnits(
  question: StudentQuestion & { readonly power: number; readonly ratio?: number },
): Result<number, Refusal> {
  const { effectSize, power, ratio = 1, alternative } = question;
  const refusal = refusedQuestion(question) ?? refusedPower(power);
  if (refusal) return refusal;
  if (!isPositive(ratio)) return refused("bad-value", `The ratio is above 0, it is ${ratio}`);
  if (effectSize === 0 || alternative === (effectSize > 0 ? "less" : "greater")) {
    return refused("bad-value", "No number of units shows an effect of the null hypothesis");
  }
  const isEnough = (control: number): boolean =>
    powerAt(question, { control, treatment: control * ratio }) >= power;
  const least = Math.max(2, 2 / ratio);
  if (isEnough(least)) return ok(least);
  let high = 2 * least;
  while (!isEnough(high)) {
    high *= 2;
    if (high > unitsMax) return refused("bad-value", "A billion units do not find so small an effect");
  }
  return ok(leastWith(isEnough, { low: high / 2, high }));
}

function powerAt(
  { effectSize, alpha, alternative = "two-sided" }: StudentQuestion,
  { control, treatment }: { readonly control: number; readonly treatment: number },
): number {
  const df = control + treatment - 2;
  const shift = effectSize / Math.sqrt(1 / treatment + 1 / control);
  const critical = -studentQuantile(alternative === "two-sided" ? alpha / 2 : alpha, df);
  const above = noncentralStudentSurvival(critical, { df, shift });
  const below = noncentralStudentSurvival(critical, { df, shift: -shift });
  if (alternative === "two-sided") return above + below;
  return alternative === "greater" ? above : below;
}

function refusedQuestion({
  effectSize,
  alpha,
}: StudentQuestion): { readonly ok: false; readonly error: Refusal } | undefined {
  if (!Number.isFinite(effectSize)) return refused("not-finite", "The effect must be a finite number");
  return refusedLevel(alpha);
}
