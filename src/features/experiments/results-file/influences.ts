import type { AnalysisPlan } from "#core/experiments/plan/analysis-plan.ts";
import type { ValueCovariance } from "#core/experiments/trade-offs/utility-arms.ts";
import { clusterSums, rowValues, type VariantSums } from "./cluster-sums.ts";
import type { Selection } from "./clusters.ts";
import type { ResultRows } from "./result-rows.ts";

/**
 * What each cluster adds to a value: (numerator - value x denominator) / all denominators, 0 of those without one; times the root of
 * n / (n - 1), so that the sum of the products of two values' influences is the covariance of both, as of variances.
 */
export function influencesOf(sums: VariantSums | undefined, { clusters }: Pick<ResultRows, "clusters">) {
  const influences = new Float64Array(clusters);
  if (!sums) return influences;
  const all = totalOf(sums.denominators);
  const { length } = sums.clusters;
  if (all === 0 || length < 2) return influences;
  const value = totalOf(sums.numerators) / all;
  const factor = Math.sqrt(length / (length - 1)) / all;
  for (const [place, cluster] of sums.clusters.entries()) {
    const apart = (sums.numerators[place] ?? 0) - value * (sums.denominators[place] ?? 0);
    influences[cluster] = factor * apart;
  }
  return influences;
}

/** The sum of the products of two lists of one length. */
export function productOf(ones: Float64Array, others: Float64Array): number {
  let sum = 0;
  for (const [place, one] of ones.entries()) sum += one * (others[place] ?? 0);
  return sum;
}

/**
 * How the metrics of a plan's utility go together, by what each cluster adds to both: of means and ratios; of quantiles it is not
 * known. Undefined where the plan has no utility.
 */
export function fileCovariance(
  rows: ResultRows,
  selection: Selection,
  { utility, metrics }: Pick<AnalysisPlan, "utility" | "metrics">,
): ValueCovariance | undefined {
  if (!utility) return undefined;
  const known = new Map(
    metrics
      .filter(({ name, aggregation }) => utility.weights.has(name) && aggregation.kind !== "quantile")
      .map((metric) => {
        const values = rowValues(rows, selection, metric);
        const sums = values ? clusterSums(rows, selection, values) : new Map<string, VariantSums>();
        return [metric.name, new Map([...sums].map(([variant, of]) => [variant, influencesOf(of, rows)]))];
      }),
  );
  return (one, other) => {
    const [mine, its] = [known.get(one.metric), known.get(other.metric)];
    if (!mine || !its) return undefined;
    const [ones, others] = [mine.get(one.variant), its.get(other.variant)];
    return ones && others ? productOf(ones, others) : 0;
  };
}

function totalOf(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
