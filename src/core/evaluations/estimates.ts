import { clusteredProportion } from "#core/statistics/clustered-proportion.ts";
import type { Interval } from "#core/statistics/interval.ts";
import { meanInterval } from "#core/statistics/mean-interval.ts";
import { quantileEstimateOf } from "#core/statistics/quantile-estimate.ts";
import { rankOf, sampleQuantile, sortedValues } from "#core/statistics/quantile.ts";
import { ratioSample } from "#core/statistics/ratio-metric.ts";
import { present } from "#core/kernel/present.ts";
import type { EvaluatedItems } from "./evaluated-items.ts";
import { plainMean, type ItemValues } from "./item-values.ts";
import { unitMoments } from "./unit-sums.ts";

/** A number of a run with its interval. */
export interface RunEstimate {
  readonly value: number;
  /** Absent where there is none: one unit alone, or values that do not vary. */
  readonly interval?: Interval;
  readonly standardError?: number;
  /** Items that it is of. */
  readonly items: number;
  /** Clusters, or items where there are none: what is independent. */
  readonly units: number;
  /** Why there is no interval. */
  readonly why?: string;
}

/** The mean over items with Student's t interval, robust to clusters; undefined without items. */
export function meanOfItems(
  items: EvaluatedItems,
  values: ItemValues,
  alpha: number,
): RunEstimate | undefined {
  if (values.places.length === 0) return undefined;
  const known = { items: values.places.length, value: plainMean(values.values) };
  const moments = unitMoments(items, values);
  if (!moments.ok) return { ...known, units: 0, why: moments.error.reason };
  const units = moments.value.x.count;
  const sample = ratioSample(moments.value);
  const found = sample.ok ? meanInterval(sample.value, alpha) : sample;
  return found.ok ? { ...known, ...found.value, units } : { ...known, units, why: found.error.reason };
}

/** The share of items that pass with Wilson's interval, robust to clusters and repeats; undefined without items. */
export function shareOfItems(
  items: EvaluatedItems,
  values: ItemValues,
  alpha: number,
): RunEstimate | undefined {
  if (values.places.length === 0) return undefined;
  const known = { items: values.places.length, value: plainMean(values.values) };
  const moments = unitMoments(items, values);
  if (!moments.ok) return { ...known, units: 0, why: moments.error.reason };
  const units = moments.value.x.count;
  const found = clusteredProportion(moments.value, { trials: values.answers, alpha });
  if (!found.ok) return { ...known, units, why: found.error.reason };
  return { ...known, interval: found.value.interval, units };
}

/** A quantile over answers, each with the place of its item, ascending; undefined without answers. */
export function quantileOfAnswers(
  items: EvaluatedItems,
  { places, values }: { readonly places: readonly number[]; readonly values: readonly number[] },
  terms: { readonly level: number; readonly alpha: number },
): RunEstimate | undefined {
  const sorted = sortedValues(values);
  const value = sorted.ok ? sorted.value[rankOf(values.length, terms.level) - 1] : undefined;
  if (value === undefined) return undefined;
  const itemCount = places.filter((place, index) => place !== places[index - 1]).length;
  const clusters = items.areClustered ? places.map((place) => items.clusterOf(place)) : places;
  const units = items.areClustered ? new Set(clusters).size : itemCount;
  const known = { value, items: itemCount, units };
  // One answer a unit: the exact binomial, which needs no density and no large number.
  const found =
    units === values.length
      ? sampleQuantile(values, terms)
      : quantileEstimateOf(values, { ...terms, clusters });
  return {
    ...known,
    ...(found.ok ? present({ interval: found.value.interval }) : { why: found.error.reason }),
  };
}
