import type { MetricPlan } from "#core/experiments/analysis-plan.ts";
import type { MetricArm, MetricArms } from "#core/experiments/metric-arm.ts";
import { adjustment, armKind, armMomentsOf, armOf } from "./arm-moments.ts";
import { clusterSums, rowValues, type ClusterSum, type VariantSums } from "./cluster-sums.ts";
import type { Selection } from "./clusters.ts";
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
  const hasBefore = rows.columns.metrics.get(metric.column)?.before !== undefined;
  const kind = armKind([...byVariant.values()], { isWeighted: selection.isWeighted, hasBefore });
  const arms = new Map(
    [...byVariant].map(([variant, sums]): [string, MetricArm] => [
      variant,
      armOf(variant, armMomentsOf(sums, kind), kind),
    ]),
  );
  return {
    arms,
    ...(kind.known && { before: adjustment }),
    ...(selection.sharesClusters && { covariance: (one, other) => covarianceOf(byVariant, one, other) }),
  };
}

/** The value of all together, 0 where there is nothing to divide by. */
function valueOf(sums: readonly ClusterSum[]): number {
  let [numerator, denominator] = [0, 0];
  for (const sum of sums) {
    numerator += sum.numerator;
    denominator += sum.denominator;
  }
  return denominator === 0 ? 0 : numerator / denominator;
}

/**
 * Covariance of the values of two variants by the clusters that are in both: the mean product of what each cluster adds to
 * either value, over the numbers of clusters.
 */
function covarianceOf(byVariant: ReadonlyMap<string, VariantSums>, one: string, other: string): number {
  const mine = influences(byVariant.get(one)?.sums ?? []);
  const theirs = influences(byVariant.get(other)?.sums ?? []);
  let sum = 0;
  for (const [cluster, influence] of mine) sum += influence * (theirs.get(cluster) ?? 0);
  return sum;
}

/** What each cluster adds to the value: (numerator - value x denominator) / all denominators. */
function influences(sums: readonly ClusterSum[]): ReadonlyMap<number, number> {
  const value = valueOf(sums);
  const all = sums.reduce((total, { denominator }) => total + denominator, 0);
  return new Map(
    sums.map(({ cluster, numerator, denominator }) => [
      cluster,
      all === 0 ? 0 : (numerator - value * denominator) / all,
    ]),
  );
}
