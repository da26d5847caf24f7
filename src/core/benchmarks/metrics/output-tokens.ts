import type { RequestTimeline } from "#core/benchmarks/timeline.ts";
import { tokenTimes } from "./events-of.ts";

/**
 * Tokens generated, thinking included: as the server counted, else one for each event with a token, which is too few where
 * a server puts several into an event. Undefined where there is neither.
 */
export function outputTokens(timeline: RequestTimeline): number | undefined {
  if (timeline.usage) return timeline.usage.output;
  const events = tokenTimes(timeline).length;
  return events === 0 ? undefined : events;
}
