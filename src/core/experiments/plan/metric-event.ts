import type { MetricPlan } from "./analysis-plan.ts";
import { builtInMetric } from "./built-in-metrics.ts";
import { eventMetricByName, type EventMetric } from "./event-metric.ts";

/** What of events a metric is of; undefined for a built-in one. */
export function eventOf({ event, column }: MetricPlan): EventMetric | undefined {
  return event ?? (builtInMetric(column) ? undefined : eventMetricByName(column));
}
