import type { Result } from "#core/kernel/result.ts";
import type { Refusal } from "#core/statistics/refusal.ts";
import type { MetricPlan } from "#core/experiments/plan/analysis-plan.ts";
import type { Reading } from "./comparison.ts";
import type { Margin } from "#core/experiments/plan/margin.ts";

/**
 * What a comparison of one metric comes to.
 * - `better`, `worse`: the difference is not chance, at the design's error rate
 * - `negligible`: whatever it is, it is smaller than what matters
 * - `held`: a guardrail is no worse than its margin; `broken`: it is worse by more than that
 * - `open`: the data do not tell yet; `unknown`: they cannot, for the reason that stands with it
 */
export type Judgement = "better" | "worse" | "negligible" | "held" | "broken" | "open" | "unknown";

/** The readings that a judgement is made from, at the levels of the plan. */
export interface JudgedReadings {
  /** In the metric's unit, corrected for the number of primary comparisons. */
  readonly absolute: Result<Reading, Refusal>;
  readonly relative: Result<Reading, Refusal>;
}

/** Of a metric whose improvement is hoped for. */
export function judgedGoal(
  { better, minimumEffect }: Pick<MetricPlan, "better" | "minimumEffect">,
  {
    reading,
    isSignificant,
    readings,
  }: {
    readonly reading: Reading;
    readonly isSignificant: boolean;
    readonly readings: JudgedReadings;
  },
): Judgement {
  if (isSignificant && isWorse(reading.value, better)) return "worse";
  const matters = minimumEffect && readingOn(minimumEffect, readings);
  if (minimumEffect && matters?.ok && isBelow(matters.value, minimumEffect)) return "negligible";
  return isSignificant ? "better" : "open";
}

/** Of a guardrail: the one-sided bound of harm against its margin. Its readings are at twice the one-sided level. */
export function judgedGuardrail(margin: Margin, readings: JudgedReadings): Judgement {
  const reading = readingOn(margin, readings);
  if (!reading.ok) return "unknown";
  const [lower, upper] = reading.value.interval;
  const [best, worst] = margin.value > 0 ? [lower, upper] : [-upper, -lower];
  if (worst < Math.abs(margin.value)) return "held";
  return best > Math.abs(margin.value) ? "broken" : "open";
}

/** Whether a change goes the wrong way. */
export function isWorse(change: number, better: MetricPlan["better"]): boolean {
  return better === "higher" ? change < 0 : change > 0;
}

/** The reading on the scale of a margin. */
export function readingOn({ scale }: Margin, readings: JudgedReadings): Result<Reading, Refusal> {
  return readings[scale];
}

/** Whether all of the interval is on the near side of the change that matters. */
function isBelow({ interval: [lower, upper] }: Reading, { value }: Margin): boolean {
  return value > 0 ? upper < value : lower > value;
}

/** A pair as it is and as a share of the control's value. */
export function bothScales<T>(
  pair: T,
  read: (pair: T, scale: "absolute" | "relative") => Result<Reading, Refusal>,
): JudgedReadings {
  return { absolute: read(pair, "absolute"), relative: read(pair, "relative") };
}
