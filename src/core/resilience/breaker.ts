import { OutcomeWindow } from "./outcome-window.ts";
import type { BreakerOutcome } from "./reactions.ts";

/** When a breaker opens, and for how long. */
export interface BreakerSettings {
  /** Failures without an answer in between that open it. */
  readonly failuresInRow: number;
  /** Length of the window that shares are taken over, ms. */
  readonly windowMs: number;
  /** Fewest calls in the window for its shares to mean anything. */
  readonly callsMin: number;
  /** A share of successes below this opens it; 0..1. */
  readonly successShareMin: number;
  /** A share of slow answers among all answers of at least this opens it; 0..1. */
  readonly slowShareMax: number;
  /** Shortest time that it stays open, ms. */
  readonly openMsMin: number;
  /** Longest, ms. */
  readonly openMsMax: number;
  /** Probes that must pass one and all before it closes, and that may run at once. */
  readonly probes: number;
  /** Closed for so long, it has recovered: opening again begins with the shortest time. ms. */
  readonly calmMs: number;
  /** A probe whose end nobody reported gives its place back after this, ms. */
  readonly probeMsMax: number;
}

/**
 * Ours, from: Finagle's failure accrual (5 in a row, or success below 80 % over 30 s; dead for 5 s -> 300 s, equal
 * jitter; finagle 4feb34c, FailureAccrualPolicy.scala), linkerd's unified breaker (windowed rate in 10 buckets, strict
 * probes; linkerd2-proxy 29637b6), resilience4j's slow calls (af9e7c9, CircuitBreakerConfig.java). Read 2026-11-24.
 */
export const breakerDefaults: BreakerSettings = {
  failuresInRow: 5,
  windowMs: 30_000,
  callsMin: 10,
  successShareMin: 0.8,
  slowShareMax: 0.5,
  openMsMin: 5000,
  openMsMax: 300_000,
  probes: 3,
  calmMs: 60_000,
  probeMsMax: 600_000,
};

/** Why a breaker opened last. */
export type OpeningReason = "failures-in-row" | "success-share" | "slow-first-content" | "probe-failed";

/** A breaker as people see it. */
export interface BreakerState {
  readonly state: "closed" | "open" | "half-open";
  /** When it came into this state. */
  readonly sinceMs: number;
  /** When the next probe may run; absent while it is closed. */
  readonly openUntilMs?: number;
  /** Absent while it has never opened. */
  readonly reason?: OpeningReason;
  /** Openings in a row without a calm time in between. */
  readonly openings: number;
  /** Calls that ended within the window, and those of them that failed or were slow. */
  readonly calls: number;
  readonly failures: number;
  readonly slow: number;
}

/** What a call is given that is no probe, though the breaker is not closed: its end tells nothing. */
const uncounted = 0;

/**
 * The circuit breaker of one deployment: keeps requests away from it while it fails, and lets a few probe whether it is
 * well again.
 *
 *     closed -> open       failures in a row, share of successes, share of slow first content
 *     open -> half-open    after the open time, by the first request that comes: no timer, and nothing can get stuck
 *     half-open -> closed  `probes` have passed, and none failed
 *     half-open -> open    one failed, was slow, or was refused (a 429, too): for longer
 *
 * The nth opening in a row lasts t/2 + t/2 * jitter, t = min(openMsMax, openMsMin * 2^n): at least `openMsMin`, at most
 * `openMsMax` (equal jitter).
 *
 * Every call gets a ticket when it begins and hands it in when it ends. A ticket of an earlier state is void: what
 * began before an opening neither counts as a probe nor against a deployment that has recovered. A probe that says
 * nothing (its client went away) gives its place back.
 *
 * Makes nothing for a call. Times are from any one clock that does not go back; jitter is in [0, 1).
 */
export class Breaker {
  readonly #settings: BreakerSettings;
  readonly #window: OutcomeWindow;
  #state: "closed" | "open" | "half-open" = "closed";
  /** The present state's ticket. */
  #ticket = uncounted + 1;
  #sinceMs: number;
  #openUntilMs = 0;
  #reason: OpeningReason | undefined;
  #openings = 0;
  #failuresInRow = 0;
  #probesUnderWay = 0;
  #probesPassed = 0;
  #lastProbeMs = 0;

  /** @param nowMs when the deployment came to be; for `state` only */
  constructor(settings: BreakerSettings = breakerDefaults, nowMs = 0) {
    this.#settings = settings;
    this.#window = new OutcomeWindow(settings.windowMs);
    this.#sinceMs = nowMs;
  }

  /** What a request that began now would be: let through, let through as a probe, or kept away. Changes nothing. */
  admission(nowMs: number): "closed" | "probe" | "open" {
    if (this.#state === "closed") return "closed";
    return this.#hasProbePlace(nowMs) ? "probe" : "open";
  }

  /** When it lets, or has begun to let, the next probe in; the past while it is closed. */
  get openUntilMs(): number {
    return this.#openUntilMs;
  }

  /**
   * A call begins. Also told of calls that were sent against its advice (panic, last resort): they do not count.
   *
   * @returns the ticket that `ended` wants
   */
  began(nowMs: number): number {
    if (this.#state === "closed") return this.#ticket;
    if (!this.#hasProbePlace(nowMs)) return uncounted;
    if (this.#state === "open" || this.#isForgotten(nowMs)) this.#halfOpen(nowMs);
    this.#probesUnderWay += 1;
    this.#lastProbeMs = nowMs;
    return this.#ticket;
  }

  /**
   * A call ended, or is known to be well: a probe of a stream may pass at its first content.
   *
   * @param ticket what `began` gave; each may be handed in once
   * @param jitter a number in [0, 1), for the open time should this open the breaker
   */
  ended(ticket: number, outcome: BreakerOutcome, nowMs: number, jitter: number): void {
    if (ticket !== this.#ticket) return;
    if (this.#state === "closed") this.#counted(outcome, nowMs, jitter);
    else if (this.#state === "half-open") this.#probed(outcome, nowMs, jitter);
  }

  /** For people and metrics. */
  state(nowMs: number): BreakerState {
    this.#window.moveTo(nowMs);
    const { successes, slow, failures } = this.#window;
    return {
      state: this.#state,
      sinceMs: this.#sinceMs,
      ...(this.#state !== "closed" && { openUntilMs: this.#openUntilMs }),
      ...(this.#reason !== undefined && { reason: this.#reason }),
      openings: this.#openings,
      calls: successes + slow + failures,
      failures,
      slow,
    };
  }

  #hasProbePlace(nowMs: number): boolean {
    if (this.#state === "open") return nowMs >= this.#openUntilMs;
    return this.#probesUnderWay + this.#probesPassed < this.#settings.probes || this.#isForgotten(nowMs);
  }

  /** Whether probes have been under way for so long that their ends will not be told any more. */
  #isForgotten(nowMs: number): boolean {
    return this.#probesUnderWay > 0 && nowMs - this.#lastProbeMs > this.#settings.probeMsMax;
  }

  #counted(outcome: BreakerOutcome, nowMs: number, jitter: number): void {
    switch (outcome) {
      case "ignored":
      case "refused":
        return;
      case "success":
        this.#failuresInRow = 0;
        this.#window.count("success", nowMs);
        return;
      case "slow":
        this.#failuresInRow = 0;
        this.#window.count("slow", nowMs);
        break;
      case "rate-only":
        this.#window.count("failure", nowMs);
        break;
      case "failure":
        this.#failuresInRow += 1;
        this.#window.count("failure", nowMs);
    }
    const reason = this.#reasonToOpen();
    if (reason !== undefined) this.#open(reason, nowMs, jitter);
  }

  #reasonToOpen(): OpeningReason | undefined {
    const { failuresInRow, callsMin, successShareMin, slowShareMax } = this.#settings;
    if (this.#failuresInRow >= failuresInRow) return "failures-in-row";
    const { successes, slow, failures } = this.#window;
    const answers = successes + slow;
    const calls = answers + failures;
    if (calls >= callsMin && answers < successShareMin * calls) return "success-share";
    if (answers >= callsMin && slow >= slowShareMax * answers) return "slow-first-content";
    return undefined;
  }

  #probed(outcome: BreakerOutcome, nowMs: number, jitter: number): void {
    this.#probesUnderWay -= 1;
    if (outcome === "ignored") return;
    if (outcome !== "success") return this.#open("probe-failed", nowMs, jitter);
    this.#probesPassed += 1;
    if (this.#probesPassed >= this.#settings.probes) this.#close(nowMs);
  }

  #open(reason: OpeningReason, nowMs: number, jitter: number): void {
    const { openMsMin, openMsMax, calmMs } = this.#settings;
    if (this.#state === "closed" && nowMs - this.#sinceMs >= calmMs) this.#openings = 0;
    this.#openings += 1;
    const longestMs = Math.min(openMsMax, openMsMin * 2 ** this.#openings);
    this.#enter("open", nowMs);
    this.#reason = reason;
    this.#openUntilMs = nowMs + (longestMs / 2) * (1 + jitter);
  }

  #halfOpen(nowMs: number): void {
    this.#enter("half-open", nowMs);
    this.#probesUnderWay = 0;
    this.#probesPassed = 0;
  }

  #close(nowMs: number): void {
    this.#enter("closed", nowMs);
    this.#failuresInRow = 0;
    this.#window.clear();
  }

  /** All tickets of the state before are void. */
  #enter(state: "closed" | "open" | "half-open", nowMs: number): void {
    this.#state = state;
    this.#sinceMs = nowMs;
    this.#ticket += 1;
  }
}
