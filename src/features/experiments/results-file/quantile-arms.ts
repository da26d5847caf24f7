import type { MetricPlan } from "#core/experiments/analysis-plan.ts";
import type { MetricArm, MetricArms } from "#core/experiments/metric-arm.ts";
import { quantileEstimateOf } from "#core/statistics/quantile-estimate.ts";
import { isWeighted } from "./cluster-sums.ts";
import type { Clustering } from "./clusters.ts";
import type { ResultRows } from "./result-rows.ts";

/** The width of the interval that gives the error of a quantile; another one gives nearly the same. */
const errorAlpha = 0.05;

/** A quantile of all values of each variant; its error knows that values of one cluster are alike. */
export function quantileArms(
  rows: ResultRows,
  { used }: Pick<Clustering, "used">,
  metric: Pick<MetricPlan, "column"> & { readonly probability: number },
): MetricArms {
  const columns = rows.columns.metrics.get(metric.column);
  const column = (columns?.kind === "mean" ? rows.values.get(columns.value) : undefined) ?? [];
  return {
    arms: new Map(
      rows.variants.map((name, variant) => {
        const mine = rows.variant.flatMap((of, row) => (of === variant && used[row] ? [row] : []));
        const valued = mine.filter((row) => !Number.isNaN(column[row]));
        const missing = mine.length - valued.length;
        const arm = isWeighted(rows)
          ? unweighable
          : quantileArm(
              valued.map((row) => column[row] ?? Number.NaN),
              valued.map((row) => rows.cluster[row] ?? 0),
              metric.probability,
            );
        return [name, { variant: name, missing, ...arm }];
      }),
    ),
  };
}

type Quantile = Pick<MetricArm, "sample" | "refusal">;

const nothing = { count: 0, mean: 0, variance: 0 };

const unweighable: Quantile = {
  sample: nothing,
  refusal: { code: "bad-value", reason: "Quantiles of rows with different propensities are not given" },
};

/** The variance is such that, over the number of clusters, it is the squared error of the quantile. */
function quantileArm(values: readonly number[], clusters: readonly number[], level: number): Quantile {
  const count = new Set(clusters).size;
  const isClustered = count < values.length;
  const found = quantileEstimateOf(values, { level, alpha: errorAlpha, ...(isClustered && { clusters }) });
  if (!found.ok) return { sample: { ...nothing, count }, refusal: found.error };
  const { value, standardError } = found.value;
  return { sample: { count, mean: value, variance: standardError ** 2 * count } };
}
