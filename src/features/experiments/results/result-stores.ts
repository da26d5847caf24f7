import type { FeedbackStore, RequestLogStore } from "#features/traffic/index.ts";
import type { TrafficLog } from "./phase-traffic.ts";

/** Where results are read from: what requests came to by unit, what was said of units, and single values for quantiles. */
export interface ResultStores {
  readonly log: Pick<
    RequestLogStore,
    "experimentMoments" | "experimentQuantile" | "experimentEntries" | "experimentSegments"
  > &
    TrafficLog;
  readonly feedback: Pick<FeedbackStore, "feedbackMoments" | "feedbackQuantile" | "judgedMoments">;
}
