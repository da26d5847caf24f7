/**
 * How many calls are under way at once: additive increase, multiplicative decrease, as TCP does it (Chiu and Jain 1989), since
 * nobody says what a provider's quota leaves to us.
 */
export interface Pace {
  /** Calls under way at most, >= 1; its whole part counts. */
  readonly limit: number;
  /** The most that was asked for, a whole number >= 1. */
  readonly limitMax: number;
  /** When it was last cut, on a monotonic clock, ms. */
  readonly cutAtMs: number;
  /** No call begins before, on the same clock, ms: a target asked to wait. */
  readonly pausedUntilMs: number;
}

/** What is left of the limit when a target says that it is too much. */
const cut = 0.5;

/** At full speed. */
export function fullPace(limitMax: number): Pace {
  return { limit: limitMax, limitMax, cutAtMs: -Infinity, pausedUntilMs: -Infinity };
}

/** The calls that may be under way now: none while a target asked to wait. */
export function allowed({ limit, pausedUntilMs }: Pace, nowMs: number): number {
  return nowMs < pausedUntilMs ? 0 : Math.trunc(limit);
}

/**
 * A call was refused because there are too many (429, 503).
 * @param call when it began and, where the target said so, how long to wait from now on, ms
 */
export function slowed(
  pace: Pace,
  nowMs: number,
  { startedMs, waitMs = 0 }: { readonly startedMs: number; readonly waitMs?: number | undefined },
): Pace {
  const pausedUntilMs = Math.max(pace.pausedUntilMs, nowMs + waitMs);
  // Calls that began before the last cut were refused at the former pace: one overload cuts once.
  if (startedMs < pace.cutAtMs) return { ...pace, pausedUntilMs };
  return { ...pace, limit: Math.max(1, pace.limit * cut), cutAtMs: nowMs, pausedUntilMs };
}

/** A call was answered: after as many as are under way, one more may be. */
export function quickened(pace: Pace): Pace {
  if (pace.limit >= pace.limitMax) return pace;
  return { ...pace, limit: Math.min(pace.limitMax, pace.limit + 1 / pace.limit) };
}
