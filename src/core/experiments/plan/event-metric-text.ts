import { numberText } from "#core/experiments/comparisons/change-text.ts";
import { anyEvent, type EventMetric } from "./event-metric.ts";

const dayMs = 86_400_000;
const hourMs = 3_600_000;

/** A time as it is written: `7d`, `36h`. */
export function windowText(ms: number): string {
  return ms % dayMs === 0 ? `${ms / dayMs}d` : `${ms / hourMs}h`;
}

/** What a metric is made of, in words. */
export function eventMetricText(metric: EventMetric, probability?: number): string {
  const { sources, withinMs, cap } = metric;
  return [
    aggregatedText(metric, probability),
    ...(sources ? [`said by ${sources.join(" or ")}`] : []),
    ...(withinMs === undefined
      ? []
      : [`within ${windowText(withinMs)} of a unit's first request, of units for which that time is over`]),
    ...(cap === undefined ? [] : [`more than ${numberText(cap)} counts as ${numberText(cap)}`]),
  ].join("; ");
}

function aggregatedText(metric: EventMetric, probability = 0): string {
  const { event, aggregation, labels, per } = metric;
  const labelled = labels ? ` labelled ${labels.join(" or ")}` : "";
  switch (aggregation) {
    case "mean":
      return `the mean of ${event}${labelled}`;
    case "sum":
      return `the sum of ${event}${labelled} by unit`;
    case "count":
      return `the number of ${event}${labelled} by unit`;
    case "share":
      return `the share of ${event}${labels ? labelled : " above 0"}`;
    case "ratio":
      return `the sum of ${event}${labelled} over that of ${per ?? ""}`;
    case "quantile":
      return `the ${numberText(100 * probability)} % quantile of ${event}${labelled}`;
    case "conversion":
      return `the share of units with ${event}${labelled}`;
    case "rate":
      return `the share of requests with ${event === anyEvent ? "any feedback" : event}${labelled}`;
  }
}
