import type { MetricArms } from "#core/experiments/comparisons/metric-arm.ts";
import type { Finding } from "#core/experiments/findings/finding.ts";

/** Metrics that are compared otherwise than as they stand, by name, and what is to be said of that. */
export interface AdjustedMetrics {
  readonly metrics: ReadonlyMap<string, MetricArms>;
  readonly findings: readonly Finding[];
}
