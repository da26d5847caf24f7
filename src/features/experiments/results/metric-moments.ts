import { builtInMetric, type BuiltInMetric } from "#core/experiments/plan/built-in-metrics.ts";
import type { MetricArm } from "#core/experiments/comparisons/metric-arm.ts";
import type { UnitMeasure } from "#core/experiments/plan/unit-measures.ts";
import type { CrossMoments } from "#core/statistics/cross-moments.ts";
import type { JointMetric } from "#core/statistics/joint-metric.ts";
import { quantileEstimate } from "#core/statistics/quantile-estimate.ts";
import { ratioSample } from "#core/statistics/ratio-metric.ts";
import { sampleOf } from "#core/statistics/sample.ts";
import type { VariantMoments, VariantQuantile } from "#features/traffic/index.ts";

/** The measures that built-in metrics of these names are made of, each once. */
export function measuresOf(columns: readonly string[]): readonly UnitMeasure[] {
  const needed = columns.flatMap((column) => {
    const metric = builtInMetric(column);
    if (!metric) return [];
    const { numerator, denominator, unchecked } = metric;
    return [numerator, denominator, unchecked].filter((measure) => measure !== undefined);
  });
  return [...new Set(needed)];
}

/**
 * Of each variant the size of the unit of a request taken by chance, sum r^2 / sum r over units with r requests: a few that write
 * much make it large.
 */
export function clusterSizes(
  moments: readonly VariantMoments[],
  measures: readonly UnitMeasure[],
): ReadonlyMap<string, number> {
  const place = measures.indexOf("requests");
  return new Map(
    moments.map(({ variant, units, means, deviations }) => {
      const mean = means[place] ?? 0;
      const squares = (deviations[place]?.[place] ?? 0) / units + mean * mean;
      return [variant, mean === 0 ? 1 : squares / mean];
    }),
  );
}

/** What the units of a variant say of a built-in metric. */
export function builtInArm(
  metric: BuiltInMetric,
  moments: VariantMoments,
  measures: readonly UnitMeasure[],
): MetricArm {
  const numerator = measures.indexOf(metric.numerator);
  const denominator = metric.denominator === undefined ? undefined : measures.indexOf(metric.denominator);
  const arm = armOf(moments, { numerator, denominator, scale: metric.scale });
  if (!metric.isRate || denominator === undefined) return arm;
  const sumAt = (place: number): number => Math.round((moments.means[place] ?? 0) * moments.units);
  return { ...arm, events: { happened: sumAt(numerator), trials: sumAt(denominator) } };
}

/** The width of the interval that gives the error of a quantile; another one gives nearly the same. */
export const quantileErrorAlpha = 0.05;

/** A quantile of a variant's requests, whose error knows that those of one unit are alike. */
export function quantileArm({ variant, count, around }: VariantQuantile, level: number): MetricArm {
  const arm = { variant, missing: 0 };
  if (!around.ok) return { ...arm, sample: { count: 0, mean: 0, variance: 0 }, refusal: around.error };
  const units = around.value.below.x.count;
  const found = quantileEstimate({ count, level, alpha: quantileErrorAlpha, ...around.value });
  if (!found.ok) return { ...arm, sample: { count: units, mean: 0, variance: 0 }, refusal: found.error };
  const { value, standardError } = found.value;
  return { ...arm, sample: { count: units, mean: value, variance: standardError ** 2 * units } };
}

/** An arm from joint moments: the mean of a variable, or the sum of one over that of another, in other units. */
export function armOf(
  moments: VariantMoments,
  {
    numerator,
    denominator,
    scale,
  }: { readonly numerator: number; readonly denominator: number | undefined; readonly scale: number },
): MetricArm {
  const { variant, units } = moments;
  const y = momentsAt(moments, numerator);
  const found =
    denominator === undefined ? sampleOf(y) : ratioSample(crossAt(moments, { x: denominator, y: numerator }));
  const arm = { variant, missing: 0 };
  if (!found.ok) return { ...arm, sample: { count: units, mean: 0, variance: 0 }, refusal: found.error };
  const { count, mean, variance } = found.value;
  return { ...arm, sample: { count, mean: mean * scale, variance: variance * scale * scale } };
}

function momentsAt({ units, means, deviations }: VariantMoments, place: number) {
  return { count: units, mean: means[place] ?? 0, squaredDeviations: deviations[place]?.[place] ?? 0 };
}

function crossAt(
  moments: VariantMoments,
  { x, y }: { readonly x: number; readonly y: number },
): CrossMoments {
  return {
    x: momentsAt(moments, x),
    y: momentsAt(moments, y),
    productDeviations: moments.deviations[x]?.[y] ?? 0,
  };
}

/** A metric by the places of what it is made of. */
export interface PlacedForm {
  readonly metric: JointMetric;
  readonly scale: number;
}

/** What a metric is made of, in its own unit: denominators (x, 1 each of a mean) and numerators (y). */
export function crossOf(moments: VariantMoments, { metric, scale }: PlacedForm): CrossMoments {
  if ("mean" in metric) {
    const x = { count: moments.units, mean: 1, squaredDeviations: 0 };
    return { x, y: scaled(momentsAt(moments, metric.mean), scale), productDeviations: 0 };
  }
  const { x, y, productDeviations } = crossAt(moments, { x: metric.denominator, y: metric.numerator });
  return { x, y: scaled(y, scale), productDeviations: productDeviations * scale };
}

function scaled({ count, mean, squaredDeviations }: CrossMoments["y"], scale: number): CrossMoments["y"] {
  return { count, mean: mean * scale, squaredDeviations: squaredDeviations * scale * scale };
}
