import type { ForcedChoice } from "#core/balancing/pick.ts";
import type { Usage } from "#core/llm/usage.ts";
import type { UpstreamFailure } from "#core/llm/upstream-failure.ts";
import type { RouteHedge, RouteResilience } from "#core/routing/route-resilience.ts";
import type { CostCap } from "#features/gateway/cost-cap.ts";
import type { Home } from "#features/gateway/affinity/conversations.ts";
import type { ExchangeEnd } from "#features/gateway/exchange.ts";
import type { Rung } from "#features/gateway/rung.ts";

/** Chooses whom a request asks, from how every deployment is at that moment. */
export interface Balancer {
  /** A request begins: it pays into its route's budgets. */
  entered(route: string, hedge: RouteHedge | undefined): void;
  /** Whom to ask next. Decides at once. An attempt beyond the first is paid for out of the route's budget of retries. */
  next(climb: ClimbSoFar): Choice;
  /** A rung is asked: it counts as busy until the watch is told how it went. */
  began(rung: Rung, request: BalancedRequest): AttemptWatch;
  /**
   * A pause before a rung that failed in this way may be asked once more, ms.
   * @returns undefined where it must not be
   */
  againInMs(failure: UpstreamFailure): number | undefined;
  /** How long an attempt may be without content before a second one is made beside it, ms; undefined is never. */
  hedgeDelayMs(hedge: HedgeQuestion): number | undefined;
  /**
   * Pays for a second attempt out of the route's budgets of hedges and of retries.
   * @param costMax the most it can cost, whole pico-dollars
   * @returns whether both had so much
   */
  payHedge(route: string, costMax: number): boolean;
  /** Gives back what a hedge did not cost, pico-dollars. */
  hedgeEnded(route: string, rest: number): void;
  /**
   * Waits for a time, or until an attempt of anybody has ended where it may be served, and it is this one's turn.
   * @param over hears the end, once: `shed` where others have the place, `turn` else
   * @returns ends the wait without that
   */
  wait(waitMs: number, seat: Seat, over: (how: "turn" | "shed") => void): () => void;
}

/** A request's place among those who wait: one object for all of its waits, after each of which it looks again. */
export interface Seat {
  /** 0 the most important, 2 the least. */
  readonly priority: number;
  /** When the request came in, monotonic ms: who came first goes first. */
  readonly sinceMs: number;
  /** Whether it may be served there. */
  readonly fits: (deployment: string) => boolean;
}

/** What a balancer must know of a request. */
export interface BalancedRequest {
  readonly stream: boolean;
  /** Our estimate of its prompt. */
  readonly promptTokens: number;
  /** Whether how long it takes says how long answers take: not of counting tokens. */
  readonly timed: boolean;
}

/** What has been tried for a request. */
export interface ClimbSoFar extends BalancedRequest {
  readonly route: string;
  /** The variant that was chosen: stages of others are fallbacks. */
  readonly variant: string;
  /** Attempts at most, the first included. */
  readonly attemptsMax: number;
  /** What each fallback is for, where the route says so. */
  readonly fallbackCauses: RouteResilience["fallbackCauses"];
  /** Whether a filter blocked an answer: only fallbacks for that may be asked then. */
  readonly isBlocked: boolean;
  /** The chosen variant's rungs, then each fallback's. */
  readonly stages: readonly (readonly Rung[])[];
  /** Rungs that were asked, or cannot carry the request, in order. */
  readonly tried: readonly Rung[];
  /** Models that cannot take the request, whoever serves them: it is too long for them, or they block it. */
  readonly unableModels: readonly string[];
  /** How many of them were asked. */
  readonly attempts: number;
  /** How the last one failed; undefined before the first attempt. */
  readonly failure: UpstreamFailure | undefined;
  /** The last one, where it may be asked once more, and in how many ms; >= 0. */
  readonly again: { readonly rung: Rung; readonly inMs: number } | undefined;
  /** What is left of the request's time, ms; undefined is unbounded. */
  readonly leftMs: number | undefined;
  /** What it may still cost; undefined where that is not bounded. */
  readonly costCap: Pick<CostCap, "affords" | "leftOut"> | undefined;
  /** Where its conversation was served last, and what may keep it there; undefined where nothing does. */
  readonly home: Home | undefined;
  /** Whether the client said how long it waits: then all of that may be waited for a deployment to come back. */
  readonly waits: boolean;
}

/** What a balancer says. */
export type Choice =
  | {
      readonly kind: "ask";
      readonly rung: Rung;
      /** Set where it is asked although it is not as it should be. */
      readonly why?: ForcedChoice;
    }
  /** Somebody may be asked in so many ms, which is inside the request's time. */
  | { readonly kind: "wait"; readonly waitMs: number }
  /** Nobody can; `retryAfterMs` is when somebody may be, where that is known. */
  | { readonly kind: "none"; readonly retryAfterMs?: number };

/** What decides whether a second attempt may be made beside one. */
export interface HedgeQuestion {
  readonly rung: Rung;
  readonly stream: boolean;
  /** What is left of the request's time, ms; undefined is unbounded. */
  readonly leftMs: number | undefined;
}

/** Hears how an attempt goes. */
export interface AttemptWatch {
  /** The first content is there, ms since the attempt began. At most once. */
  content(ms: number): void;
  /**
   * It is over, however. Exactly once.
   * @param usage what was reported of it, if anything
   */
  ended(end: ExchangeEnd, usage: Usage | undefined): void;
}

/** The seat of a request that came in at that time (monotonic ms) and may be served by these. */
export function seatOf(request: {
  readonly resilience: Pick<RouteResilience, "priority">;
  readonly startedMs: number;
  readonly stages: readonly (readonly Rung[])[];
}): Seat {
  const deployments = new Set(request.stages.flat().map(({ deployment }) => deployment));
  return {
    priority: request.resilience.priority,
    sinceMs: request.startedMs,
    fits: (deployment) => deployments.has(deployment),
  };
}
