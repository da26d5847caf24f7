import type { MetricPlan } from "#core/experiments/plan/analysis-plan.ts";
import { builtInMetric } from "#core/experiments/plan/built-in-metrics.ts";
import { eventOf } from "#core/experiments/plan/metric-event.ts";
import { eventForm, placeOf } from "./event-arms.ts";
import type { EventMoments } from "./event-moments.ts";
import type { PlacedForm } from "./metric-moments.ts";

/** Where a metric stands in what was read at once; undefined where it is not of that. */
export function formIn(set: EventMoments, plan: MetricPlan): PlacedForm | undefined {
  if (plan.aggregation.kind === "quantile") return undefined;
  const event = eventOf(plan);
  if (event) {
    if (event.withinMs !== set.withinMs) return undefined;
    const { numerator, denominator } = eventForm(event);
    return formAt(placeOf(set, numerator), denominator && placeOf(set, denominator), 1);
  }
  const builtIn = builtInMetric(plan.column);
  if (!builtIn) return undefined;
  const { numerator, denominator, scale } = builtIn;
  return formAt(set.measures.indexOf(numerator), denominator && set.measures.indexOf(denominator), scale);
}

function formAt(numerator: number, denominator: number | undefined, scale: number): PlacedForm | undefined {
  if (numerator < 0 || (denominator ?? 0) < 0) return undefined;
  return { metric: denominator === undefined ? { mean: numerator } : { numerator, denominator }, scale };
}
