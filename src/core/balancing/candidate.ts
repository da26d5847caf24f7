/** A deployment as balancing sees it: a view of its health and load at this moment. */
export interface Candidate {
  /** Share of the traffic relative to the others; > 0. */
  readonly weight: number;
  /** The part of its weight that it takes while it comes back or is new, in (0, 1]; 1 is all of it. */
  readonly share: number;
  /** Cost by PeakEwma, ms; undefined before the first sample. */
  readonly costMs: number | undefined;
  /** Requests under way there, >= 0. */
  readonly inFlight: number;
  /**
   * Whether its health lets it be asked at all. One that is unavailable although its time has come (a probe of it is under
   * way) is asked as the last resort only.
   */
  readonly state: "ready" | "unavailable";
  /** When its cooldown or its open breaker ends, ms since 1970; now or earlier is now, Infinity is never (left out of everything). */
  readonly availableAtMs: number;
}

/** Whether its health lets a candidate be asked now. */
export function isAvailable({ state, availableAtMs }: Candidate, nowMs: number): boolean {
  return state === "ready" && availableAtMs <= nowMs;
}
