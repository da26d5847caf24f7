import type { MetricPlan } from "#core/experiments/analysis-plan.ts";
import type { MetricArm, MetricArms } from "#core/experiments/metric-arm.ts";
import { adjustment, armKind, armMomentsOf, armOf } from "./arm-moments.ts";
import { clusterSums, rowValues, type VariantSums } from "./cluster-sums.ts";
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
    ...(selection.sharesClusters && { covariance: (one, other) => covarianceOf(byVariant, one, other) }),
  };
}

/**
 * Covariance of the values of two variants by the clusters that are in both: the mean product of what each cluster adds to
 * either value, over the numbers of clusters.
 */
function covarianceOf(byVariant: ReadonlyMap<string, VariantSums>, one: string, other: string): number {
  const mine = influences(byVariant.get(one));
  const theirs = influences(byVariant.get(other));
  let sum = 0;
  for (const [cluster, influence] of mine) sum += influence * (theirs.get(cluster) ?? 0);
  return sum;
}

/** What each cluster adds to the value: (numerator - value x denominator) / all denominators. */
function influences(sums: VariantSums | undefined): ReadonlyMap<number, number> {
  if (!sums) return new Map();
  const all = totalOf(sums.denominators);
  const value = all === 0 ? 0 : totalOf(sums.numerators) / all;
  return new Map(
    sums.clusters.map((cluster, place) => {
      const apart = (sums.numerators[place] ?? 0) - value * (sums.denominators[place] ?? 0);
      return [cluster, all === 0 ? 0 : apart / all];
    }),
  );
}

function totalOf(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
