import type { MetricDefinition } from "./metrics/metric-definition.ts";
import type { RequestTimeline } from "./timeline.ts";

/** One bound of a service-level objective. */
export interface SloBound {
  readonly metric: MetricDefinition;
  /** In the metric's unit: at most that much, of throughputs at least. */
  readonly limit: number;
}

/**
 * Whether a request is good: each bound is kept by every value of its metric. A metric that the timeline does not tell is
 * not kept, as AIPerf has it (vLLM counts TPOT of a one-token answer as 0, so as kept).
 */
export function isGood(timeline: RequestTimeline, bounds: readonly SloBound[]): boolean {
  return bounds.every(({ metric, limit }) => {
    const values = metric.values(timeline);
    const keeps = (value: number): boolean => (metric.better === "more" ? value >= limit : value <= limit);
    return values.length > 0 && values.every(keeps);
  });
}
