import type { JudgeCorrection } from "#core/experiments/plan/judge-correction.ts";
import type { Result } from "#core/kernel/result.ts";
import type { Refusal } from "#core/statistics/refusal.ts";
import type { MetricArm } from "./metric-arm.ts";

/** Human labels of each variant, at least; where a judge's errors are told, of what humans passed and of what they failed. */
export const labelsMin = 20;
export const labelsOfEachMin = 10;

/** The width of the interval that is looked at; another one gives the same error. */
export const correctionAlpha = 0.05;

/** What humans would have said, with its standard error. */
export interface CorrectedValue {
  readonly value: number;
  readonly standardError: number;
}

/**
 * A variant with what humans would have said of it; it counts as many units as there are labels (or units with one), since these make
 * its error.
 */
export function correctedArm(
  about: Pick<MetricArm, "variant" | "missing">,
  {
    labels,
    found,
    isShare,
  }: {
    readonly labels: number;
    readonly found: Result<CorrectedValue, Refusal>;
    readonly isShare: boolean;
  },
): MetricArm {
  const share = isShare ? ({ isShare: true } as const) : {};
  if (!found.ok) {
    const { code, reason } = found.error;
    const refusal = { code, reason: `${about.variant}: ${reason}` };
    return { ...about, ...share, sample: { count: labels, mean: 0, variance: 0 }, refusal };
  }
  const { value, standardError } = found.value;
  const sample = { count: labels, mean: value, variance: standardError ** 2 * labels };
  return { ...about, ...share, sample };
}

const howText = {
  prediction_powered:
    "by prediction-powered inference, which takes labels for drawn at random in each variant",
  rogan_gladen: "by its errors (Rogan and Gladen), which it is taken to make alike where nobody looked",
} as const;

/** What both said of the same, of all variants together: shares of what the judge passed. */
export interface JudgeSkill {
  /** Of what humans passed. */
  readonly passed: number;
  /** Of what humans failed. */
  readonly failed: number;
}

/** A sentence with what was done to a judge's metric. */
export function correctedText(
  metric: string,
  {
    correction,
    skill,
    labels,
  }: {
    readonly correction: Exclude<JudgeCorrection, "none">;
    /** Absent where a judge gives grades. */
    readonly skill: JudgeSkill | undefined;
    /** Of each variant, as text. */
    readonly labels: ReadonlyMap<string, string>;
  },
): string {
  const told = skill
    ? `; it passes ${percent(skill.passed)} of what humans pass and fails ${percent(1 - skill.failed)} of what they fail`
    : "";
  const counts = [...labels].map(([variant, text]) => `${variant} ${text}`).join(", ");
  return `${metric} is what humans would have said: a judge's values corrected ${howText[correction]}${told}; human labels: ${counts}`;
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
