import type { Sample } from "#core/statistics/sample.ts";

/** What one variant's units say of one metric. */
export interface MetricArm {
  readonly variant: string;
  /**
   * Independent units (clusters, where there are some), the metric's value, and the variance that makes variance / count
   * the squared error of the value: of plain values the sample variance, of ratios and quantiles that of their linear form.
   */
  readonly sample: Sample;
  /** The same with what a covariate from before explains taken out; absent where none is used. */
  readonly adjusted?: Sample;
  /** How many units had the event, where every value is 0 or 1 and every unit stands for itself. */
  readonly successes?: number;
  /** Units of the variant without a value. */
  readonly missing: number;
}

/** One metric of all variants. */
export interface MetricArms {
  readonly arms: ReadonlyMap<string, MetricArm>;
  /** What the covariate explains: its squared correlation with the metric, in [0, 1]; absent where there is none. */
  readonly explained?: number;
  /**
   * Covariance of the values of two variants, where some clusters have units in both; absent where variants share nothing.
   */
  readonly covariance?: (one: string, other: string) => number;
}
