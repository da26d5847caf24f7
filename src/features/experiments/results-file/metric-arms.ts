import type { MetricPlan } from "#core/experiments/analysis-plan.ts";
import type { Adjustment, MetricArm, MetricArms } from "#core/experiments/metric-arm.ts";
import { crossMomentsOf } from "#core/statistics/cross-moments.ts";
import { jointMomentsOf, type JointMoments } from "#core/statistics/joint-moments.ts";
import { momentsOf } from "#core/statistics/moments.ts";
import { ratioSample } from "#core/statistics/ratio-metric.ts";
import { sampleOf, type Sample } from "#core/statistics/sample.ts";
import { clusterSums, isWeighted, type ClusterSum, type VariantSums } from "./cluster-sums.ts";
import type { Clustering } from "./clusters.ts";
import { quantileArms } from "./quantile-arms.ts";
import type { ResultRows } from "./result-rows.ts";

/** What the rows of a file say of a metric, by variant. */
export function metricArms(rows: ResultRows, clustering: Clustering, metric: MetricPlan): MetricArms {
  if (metric.aggregation.kind === "quantile") {
    return quantileArms(rows, clustering, { ...metric, probability: metric.aggregation.probability });
  }
  const byVariant = clusterSums(rows, clustering, metric);
  const isPlain = !isWeighted(rows) && [...byVariant.values()].every(hasOneValueEach);
  const known = knownBefore([...byVariant.values()].flatMap(({ sums }) => sums));
  const hasBefore = rows.columns.metrics.get(metric.column)?.before !== undefined;
  const arms = new Map(
    [...byVariant].map(([variant, sums]): [string, MetricArm] => [
      variant,
      armOf(variant, sums, { isPlain, hasBefore, known }),
    ]),
  );
  return {
    arms,
    ...(known && { before: adjustment }),
    ...(clustering.sharesClusters && { covariance: (one, other) => covarianceOf(byVariant, one, other) }),
  };
}

/** The variables of joint moments: what was measured, and what was before, each as sums that are divided. */
const adjustment: Adjustment = {
  outcome: { numerator: 0, denominator: 1 },
  covariates: [{ numerator: 2, denominator: 3 }],
};

/** Below this share of clusters with something known from before, nothing is taken off. */
const knownShareMin = 0.5;

/** What stands in for what is not known from before: the value of all clusters, which favours no variant. */
interface KnownBefore {
  readonly value: number;
  readonly denominator: number;
}

function knownBefore(sums: readonly ClusterSum[]): KnownBefore | undefined {
  const known = sums.flatMap(({ before }) => before ?? []);
  if (known.length === 0 || known.length < knownShareMin * sums.length) return undefined;
  const denominator = known.reduce((total, one) => total + one.denominator, 0);
  if (denominator === 0) return undefined;
  const numerator = known.reduce((total, one) => total + one.numerator, 0);
  return { value: numerator / denominator, denominator: denominator / known.length };
}

function hasOneValueEach({ sums }: VariantSums): boolean {
  return sums.every(({ denominator }) => denominator === 1);
}

function armOf(
  variant: string,
  { sums, missing }: VariantSums,
  {
    isPlain,
    hasBefore,
    known,
  }: { readonly isPlain: boolean; readonly hasBefore: boolean; readonly known: KnownBefore | undefined },
): MetricArm {
  const successes = isPlain ? eventsOf(sums) : undefined;
  const sample = isPlain ? plainSample(sums) : clusteredSample(sums);
  const joint = known && jointOf(sums, known);
  return {
    variant,
    sample,
    missing,
    ...(successes !== undefined && { successes }),
    ...(joint && { joint }),
    ...(hasBefore && { unknownBefore: sums.filter(({ before }) => !before).length }),
  };
}

function jointOf(sums: readonly ClusterSum[], known: KnownBefore): JointMoments | undefined {
  const before = sums.map((sum) => sum.before ?? { ...known, numerator: known.value * known.denominator });
  const joint = jointMomentsOf([
    sums.map(({ numerator }) => numerator),
    sums.map(({ denominator }) => denominator),
    before.map(({ numerator }) => numerator),
    before.map(({ denominator }) => denominator),
  ]);
  return joint.ok ? joint.value : undefined;
}

/** How many values are 1, where all are 0 or 1. */
function eventsOf(sums: readonly ClusterSum[]): number | undefined {
  if (sums.some(({ numerator }) => numerator !== 0 && numerator !== 1)) return undefined;
  return sums.reduce((total, { numerator }) => total + numerator, 0);
}

function plainSample(sums: readonly ClusterSum[]): Sample {
  const moments = momentsOf(sums.map(({ numerator }) => numerator));
  const sample = moments.ok ? sampleOf(moments.value) : moments;
  return sample.ok ? sample.value : lonely(sums);
}

function clusteredSample(sums: readonly ClusterSum[]): Sample {
  const moments = crossMomentsOf(
    sums.map(({ denominator }) => denominator),
    sums.map(({ numerator }) => numerator),
  );
  const sample = moments.ok ? ratioSample(moments.value) : moments;
  return sample.ok ? sample.value : lonely(sums);
}

/** Fewer than two clusters, or nothing to divide by: no test takes it, and each says why. */
function lonely(sums: readonly ClusterSum[]): Sample {
  return { count: sums.length, mean: sums.length === 0 ? 0 : valueOf(sums), variance: 0 };
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
