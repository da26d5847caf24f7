import type { MetricPlan } from "#core/experiments/plan/analysis-plan.ts";
import type { MetricArm, MetricArms } from "#core/experiments/comparisons/metric-arm.ts";
import { quantileEstimateOf } from "#core/statistics/quantile-estimate.ts";
import type { Selection } from "./clusters.ts";
import type { ResultRows } from "./result-rows.ts";

/** The width of the interval that gives the error of a quantile; another one gives nearly the same. */
const errorAlpha = 0.05;

/** A quantile of all values of each variant; its error knows that values of one cluster are alike. */
export function quantileArms(
  rows: ResultRows,
  { used, isWeighted }: Pick<Selection, "used" | "isWeighted">,
  metric: Pick<MetricPlan, "column"> & { readonly probability: number },
): MetricArms {
  const columns = rows.columns.metrics.get(metric.column);
  const column = (columns?.kind === "mean" ? rows.values.get(columns.value) : undefined) ?? [];
  return {
    arms: new Map(
      [...valuesByVariant(rows, used, column)].map(([variant, { values, clusters, missing }]) => {
        const arm = isWeighted ? unweighable : quantileArm(values, clusters, metric.probability);
        return [variant, { variant, missing, ...arm }];
      }),
    ),
  };
}

interface VariantValues {
  readonly values: number[];
  /** The cluster of each value. */
  readonly clusters: number[];
  missing: number;
}

function valuesByVariant(
  rows: ResultRows,
  used: Uint32Array,
  column: readonly number[],
): ReadonlyMap<string, VariantValues> {
  const all = rows.variants.map((): VariantValues => ({ values: [], clusters: [], missing: 0 }));
  for (const row of used) {
    const mine = all[rows.variant[row] ?? 0];
    const value = column[row] ?? Number.NaN;
    if (!mine) continue;
    if (Number.isNaN(value)) mine.missing++;
    else {
      mine.values.push(value);
      mine.clusters.push(rows.cluster[row] ?? 0);
    }
  }
  return new Map(all.map((mine, variant) => [rows.variants[variant] ?? "", mine]));
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
