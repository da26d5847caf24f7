import type { MetricPlan } from "#core/experiments/plan/analysis-plan.ts";
import type { MetricArm, MetricArms } from "#core/experiments/comparisons/metric-arm.ts";
import { adjustment, armKind, armMomentsOf, armOf } from "./arm-moments.ts";
import { clusterSums, rowValues, type VariantSums } from "./cluster-sums.ts";
import type { Selection } from "./clusters.ts";
import { influencesOf, productOf } from "./influences.ts";
import { quantileArms } from "./quantile-arms.ts";
import type { ResultRows } from "./result-rows.ts";

/** What rows of a file say of a metric, by variant. */
export function metricArms(rows: ResultRows, selection: Selection, metric: MetricPlan): MetricArms {
  if (metric.aggregation.kind === "quantile") {
    return quantileArms(rows, selection, { ...metric, probability: metric.aggregation.probability });
  }
  const values = rowValues(rows, selection, metric);
  if (!values) return { arms: new Map() };
  const byVariant = clusterSums(rows, selection, values);
  const kind = armKind([...byVariant.values()], {
    isWeighted: selection.isWeighted,
    hasBefore: values.hasBefore,
  });
  const arms = new Map(
    [...byVariant].map(([variant, sums]): [string, MetricArm] => [
      variant,
      armOf(variant, armMomentsOf(sums, kind), kind),
    ]),
  );
  return {
    arms,
    ...(kind.known && { before: adjustment }),
    ...(selection.sharesClusters && { covariance: sharedBy(byVariant, rows) }),
  };
}

/** What the values of two variants share by the clusters that are in both. */
function sharedBy(
  byVariant: ReadonlyMap<string, VariantSums>,
  rows: ResultRows,
): NonNullable<MetricArms["covariance"]> {
  return (one, other) =>
    productOf(influencesOf(byVariant.get(one), rows), influencesOf(byVariant.get(other), rows));
}
