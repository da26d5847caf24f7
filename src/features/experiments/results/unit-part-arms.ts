import type { MetricPlan } from "#core/experiments/plan/analysis-plan.ts";
import { eventOf } from "#core/experiments/plan/metric-event.ts";
import type { MetricArms } from "#core/experiments/comparisons/metric-arm.ts";
import type { UnitGroup } from "#core/experiments/comparisons/segments.ts";
import { mergedJointMoments, noJointMoments } from "#core/statistics/joint-moments.ts";
import type { UnitParts, VariantMoments } from "#features/traffic/index.ts";
import { eventMoments } from "./event-moments.ts";
import { meanArms, type Read } from "./mean-arms.ts";
import { measuresOf } from "./metric-moments.ts";
import type { ResultStores } from "./result-stores.ts";

/** Metrics that can be told part by part: the primary ones, quantiles aside. */
export function partedMetrics({
  metrics,
}: {
  readonly metrics: readonly MetricPlan[];
}): readonly MetricPlan[] {
  return metrics.filter(({ role, aggregation }) => role === "primary" && aggregation.kind !== "quantile");
}

/** What was read of metrics, part by part. */
export interface KnownParts {
  readonly metrics: readonly MetricPlan[];
  readonly read: Read;
  /** Units that a metric needs. */
  readonly unitsMin: number;
}

/** The units of some of the parts as a group. */
export function groupOf(
  { metrics, read, unitsMin }: KnownParts,
  isIn: (part: number) => boolean,
): Omit<UnitGroup, "name"> {
  const of = mergedParts(read, isIn);
  return {
    counts: new Map(of.moments.map(({ variant, units }) => [variant, units])),
    metrics: new Map(metrics.map((metric) => [metric.name, armsOf(metric, of, unitsMin)])),
  };
}

/** What units say of metrics, part by part. One after the other: the embedded database has one connection. */
export async function readParts(
  { log, feedback }: ResultStores,
  {
    metrics,
    units,
    parts,
    nowMs,
  }: {
    readonly metrics: readonly MetricPlan[];
    readonly units: Read["units"];
    readonly nowMs: number;
    readonly parts: UnitParts;
  },
): Promise<Read> {
  const measures = measuresOf(metrics.flatMap((metric) => (eventOf(metric) ? [] : [metric.column])));
  const moments = await log.experimentMoments({ ...units, parts, measures });
  const events = await eventMoments(feedback, { ...units, parts }, { metrics, measures: [], nowMs });
  return { units, measures, moments, events };
}

/** The same of some of the parts together. */
export function mergedParts(read: Read, isIn: (part: number) => boolean): Read {
  const merged = (moments: readonly VariantMoments[]): readonly VariantMoments[] =>
    [...Map.groupBy(moments, ({ variant }) => variant)].flatMap(([variant, parts]) => {
      const of = parts.filter(({ part = 0 }) => isIn(part));
      return of.length === 0 ? [] : [mergedMoments(variant, of)];
    });
  return {
    ...read,
    moments: merged(read.moments),
    events: read.events.map((one) => ({ ...one, moments: merged(one.moments) })),
  };
}

function mergedMoments(variant: string, parts: readonly VariantMoments[]): VariantMoments {
  const { count, means, products } = parts
    .map((part) => ({ count: part.units, means: part.means, products: part.deviations }))
    .reduce(mergedJointMoments, noJointMoments);
  return { variant, units: count, means, deviations: products };
}

/** A metric as all variants have it. */
export function armsOf(metric: MetricPlan, read: Read, unitsMin: number): MetricArms {
  return { arms: new Map(meanArms(metric, read, unitsMin).map((arm) => [arm.variant, arm])) };
}
