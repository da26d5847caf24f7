import type { NormalPosterior } from "#core/statistics/normal-posterior.ts";
import type { MetricPlan, Role } from "#core/experiments/plan/analysis-plan.ts";
import type { JudgedReadings, Judgement } from "./judgement.ts";
import type { ArmsAdjustment, MetricArms } from "./metric-arm.ts";

/** One metric: what each variant has, and how each differs from the control. */
export interface AnalysedMetric {
  readonly plan: MetricPlan;
  readonly arms: MetricArms;
  readonly comparisons: readonly Comparison[];
}

/** How one variant's metric differs from the control's. */
export interface Comparison {
  readonly variant: string;
  readonly judgement: Judgement;
  /** As the design allows it to be judged now, at its levels. */
  readonly deciding: JudgedReadings;
  /** As one look at the end would tell it, at the plan's level without correction. */
  readonly fixed: JudgedReadings;
  /** What is believed of the lift after the data; absent where there is no lift to speak of. A reading, no stopping rule. */
  readonly posterior?: NormalPosterior;
  /** The share of the variance that what was known before takes off; absent where it is left as it is. */
  readonly explained?: number;
  /** By what it is adjusted, and how it stands without; absent where it is not. */
  readonly adjusted?: AdjustedComparison;
  /** The deciding p-value corrected for the number of primary comparisons; absent for others. */
  readonly adjustedPValue?: number;
}

/** What a comparison would be without its adjustment. */
export interface AdjustedComparison {
  readonly by: ArmsAdjustment["by"];
  /** As the design allows it to be judged now. */
  readonly unadjusted: JudgedReadings;
}

/** One metric of one variant, with what stands about it. */
export interface Judged {
  readonly metric: AnalysedMetric;
  readonly comparison: Comparison;
}

/** A variant's metrics of one role. */
export function judgedOf(metrics: readonly AnalysedMetric[], role: Role, variant: string): readonly Judged[] {
  return metrics
    .filter(({ plan }) => plan.role === role)
    .flatMap((metric) =>
      metric.comparisons
        .filter((comparison) => comparison.variant === variant)
        .map((comparison) => ({ metric, comparison })),
    );
}
