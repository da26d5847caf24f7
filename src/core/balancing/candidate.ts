/** A deployment as balancing sees it: a view of its health and load at this moment. */
export interface Candidate {
  /** Share of the traffic relative to the others; > 0. */
  readonly weight: number;
  /** The part of its weight that it takes while it comes back or is new, in (0, 1]; 1 is all of it. */
  readonly share: number;
  /** Time to first content for a unit of work, ms, see DeploymentLoad; undefined before the first answer. */
  readonly costMs: number | undefined;
  /** Work that waits there for its first content, >= 0, see DeploymentLoad. */
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
