import type { CrossMoments } from "#core/statistics/cross-moments.ts";
import type { JointMetric } from "#core/statistics/joint-metric.ts";
import type { JointMoments } from "#core/statistics/joint-moments.ts";
import type { Refusal } from "#core/statistics/refusal.ts";
import type { Sample } from "#core/statistics/sample.ts";

/** What one variant's units say of one metric. */
export interface MetricArm {
  readonly variant: string;
  /**
   * Independent units (clusters, where there are some), the metric's value, and the variance that makes variance / count
   * the squared error of the value: of plain values the sample variance, of ratios and quantiles that of their linear form.
   */
  readonly sample: Sample;
  /** Why the value has no error, where it has none: such an arm is compared with nothing. */
  readonly refusal?: Refusal;
  /** How many units had the event, where every value is 0 or 1 and every unit stands for itself. */
  readonly successes?: number;
  /** How often an event happened among how many trials, where the metric is their share and units have several trials each. */
  readonly events?: { readonly happened: number; readonly trials: number };
  /** Set where the value is a share whose events are not counted: one that is worked out. */
  readonly isShare?: true;
  /** The metric with what was known before, where something was. */
  readonly joint?: JointMoments;
  /** Units with a value of which nothing is known from before, where it is of others; absent is none. */
  readonly unknownBefore?: number;
  /** Units of the variant without a value. */
  readonly missing: number;
}

/** One metric of all variants. */
export interface MetricArms {
  readonly arms: ReadonlyMap<string, MetricArm>;
  /** Where the metric and what was known before stand in the arms' joint moments; absent where nothing was. */
  readonly before?: Adjustment;
  /**
   * Covariance of the values of two variants, where some clusters have units in both; absent where variants share nothing.
   */
  readonly covariance?: (one: string, other: string) => number;
  /**
   * The control beside one treatment, where only some of its units belong to that: pairs of one treatment are compared with each
   * other alone. Absent where the control is one for all.
   */
  readonly controlBeside?: (treatment: string) => MetricArm | undefined;
  /** By what its comparisons are adjusted; absent where they are taken as they stand. */
  readonly adjusted?: ArmsAdjustment;
}

/** How comparisons of a metric are adjusted. */
export type ArmsAdjustment =
  /**
   * Taken inside groups of units that were alike before: in each, the denominators (x) and numerators (y) of each variant. Of a mean
   * every denominator is 1.
   */
  | { readonly by: "strata"; readonly strata: readonly ReadonlyMap<string, CrossMoments>[] }
  /** The arms are what humans would have said; these are what a judge says. */
  | { readonly by: "judge"; readonly judged: MetricArms };

/** What is taken off a metric. */
export interface Adjustment {
  readonly outcome: JointMetric;
  readonly covariates: readonly JointMetric[];
}
