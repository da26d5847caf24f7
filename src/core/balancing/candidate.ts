/** A deployment as balancing sees it: a view of its health and load at this moment. */
export interface Candidate {
  /** Share of the traffic relative to the others; > 0. */
  readonly weight: number;
  /** The part of its weight that it takes while it comes back or is new, in (0, 1]; 1 is all of it. */
  readonly share: number;
  /** Time to first content for a unit of work, ms, see DeploymentLoad; undefined before the first answer. */
  readonly costMs: number | undefined;
  /** The same as it was at its last answer, from when on it decays; absent: it has not decayed. */
  readonly measuredCostMs?: number | undefined;
  /** Work that waits there for its first content, >= 0, see DeploymentLoad. */
  readonly inFlight: number;
  /**
   * Whether it can be asked. `busy` is well and has no place free: it is not asked, not even in panic, and says nothing of
   * how many are ill. `unavailable` is ill: if its time has come all the same (a probe of it is under way) it is asked as
   * the last resort only.
   */
  readonly state: "ready" | "busy" | "unavailable";
  /**
   * When its cooldown or its open breaker ends, or when to look again whether it is still busy, ms since 1970; now or
   * earlier is now, Infinity is never: it is left out of everything.
   */
  readonly availableAtMs: number;
}

/** Whether a candidate can be asked now. */
export function isAvailable({ state, availableAtMs }: Candidate, nowMs: number): boolean {
  return state === "ready" && availableAtMs <= nowMs;
}
