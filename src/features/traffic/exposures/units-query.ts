import type { PhaseQuery } from "./experiment-periods.ts";
import type { TimeRange } from "#features/traffic/time-range.ts";

/** Which units of a phase are asked for. */
export interface UnitsQuery extends PhaseQuery {
  /** Only units that can have more than one request, or only the others; absent is all. */
  readonly stable?: boolean;
  /** Set where only units count that no fallback ever answered; absent is all, as assigned. */
  readonly perProtocol?: true;
}

/** Which of their requests. */
export interface RequestsQuery extends UnitsQuery {
  /**
   * Times whose requests are left out, and with them units that have no others; absent or empty leaves none out. They are taken
   * off sums by what the log has of them: rows that are gone stay in (`experimentLogged`).
   */
  readonly without?: readonly TimeRange[];
}

/** Which times of a phase, and of which units. */
export interface LoggedQuery extends PhaseQuery {
  readonly within: readonly TimeRange[];
}
