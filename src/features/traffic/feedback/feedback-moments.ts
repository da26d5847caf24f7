import type { PhaseQuery } from "#features/traffic/experiment-periods.ts";

/** Names that one call gives at most: those said most often. */
export const ratedNamesMax = 200;

/** Which units are asked for, and what was said about them. */
export interface FeedbackMomentsQuery extends PhaseQuery {
  /** Only units that can have more than one request, or only the others; absent is all. */
  readonly stable?: boolean;
  /** The name of the feedback. */
  readonly name: string;
}

/** What was said about the units of a phase under one name. */
export interface RatedName {
  readonly name: string;
  /** Feedback with a score or an outcome. */
  readonly ratings: number;
  /** Units with any. */
  readonly units: number;
}
