import type { EventSource } from "./event-source.ts";

/** How what is said of units becomes one number. */
export const eventAggregations = [
  "mean",
  "sum",
  "count",
  "share",
  "ratio",
  "quantile",
  "conversion",
  "rate",
] as const;

/**
 * One of them.
 * - `mean`: of all values; `quantile`: of all values
 * - `sum`: of the values of a unit; `count`: events of a unit. Units of which nothing was said have 0
 * - `share`: of the events with a label those with a wanted one; without wanted labels, of those with a value those above 0
 * - `ratio`: the sum of the values over the sum of the values of another event
 * - `conversion`: units of which an event was said that is no denial (a value of 0 or below is one), a share of all
 * - `rate`: requests of which an event was said, however often, a share of all
 */
export type EventAggregation = (typeof eventAggregations)[number];

/** A metric of what is said about units: events are feedback by its name, their value is the score, else the outcome. */
export interface EventMetric {
  /** Its name, or `anyEvent`. */
  readonly event: string;
  readonly aggregation: EventAggregation;
  /** Of a ratio: the event that it is divided by. */
  readonly per?: string;
  /** Only what these said; absent is all. */
  readonly sources?: readonly EventSource[];
  /** Only events with one of these labels; of a share those that count. Absent is all. */
  readonly labels?: readonly string[];
  /** Only what was observed in this time after a unit's first request, ms; units whose time is not over do not count. */
  readonly withinMs?: number;
  /** Larger ones count as it: of sums and counts those of a unit, of others single values. */
  readonly cap?: number;
}

/** Stands for whatever is said, under any name: no event can be called so. */
export const anyEvent = "*";

/** Metrics that are there without anybody defining them. */
export const readyEventMetrics: ReadonlyMap<string, EventMetric> = new Map([
  ["thumbs_ratio", { event: "thumbs", aggregation: "share" }],
  ["feedback_rate", { event: anyEvent, aggregation: "rate" }],
]);

const perUnit = "_per_unit";

/** What feedback a name asks for that nobody defined: the mean of its values, or `<name>_per_unit`, their sum for each unit. */
export function eventMetricByName(name: string): EventMetric {
  const ready = readyEventMetrics.get(name);
  if (ready) return ready;
  return name.endsWith(perUnit)
    ? { event: name.slice(0, -perUnit.length), aggregation: "sum" }
    : { event: name, aggregation: "mean" };
}

/** Whether the metric is the ratio of two sums, or the mean over units of one. */
export function isOfUnits({ aggregation }: EventMetric): boolean {
  return aggregation === "sum" || aggregation === "count" || aggregation === "conversion";
}
