import type { MetricPlan } from "#core/experiments/plan/analysis-plan.ts";
import { builtInMetric } from "#core/experiments/plan/built-in-metrics.ts";
import { eventOf } from "#core/experiments/plan/metric-event.ts";
import type { MetricArm } from "#core/experiments/comparisons/metric-arm.ts";
import type { UnitMeasure } from "#core/experiments/plan/unit-measures.ts";
import type { RequestsQuery, VariantMoments } from "#features/traffic/index.ts";
import { eventArm, eventForm, placeOf } from "./event-arms.ts";
import type { EventMoments } from "./event-moments.ts";
import { builtInArm } from "./metric-moments.ts";

/** What was read of all metrics at once. */
export interface Read {
  /** Of which units and requests. */
  readonly units: RequestsQuery & { readonly stable: boolean };
  readonly measures: readonly UnitMeasure[];
  readonly moments: readonly VariantMoments[];
  readonly events: readonly EventMoments[];
}

/** What units of each variant say of a metric that is no quantile. */
export function meanArms(metric: MetricPlan, read: Read, unitsMin: number): readonly MetricArm[] {
  const event = eventOf(metric);
  if (!event) {
    const builtIn = builtInMetric(metric.column);
    return builtIn ? read.moments.map((one) => builtInArm(builtIn, one, read.measures)) : [];
  }
  const form = eventForm(event);
  const of = read.events.find(({ withinMs }) => withinMs === event.withinMs);
  if (!of) return [];
  return of.moments.map((one) =>
    eventArm(one, form, {
      placeAt: (wanted) => placeOf(of, wanted),
      unitsMin,
      withinMs: event.withinMs,
    }),
  );
}
