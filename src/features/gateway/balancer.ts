import type { UpstreamFailure } from "#core/llm/upstream-failure.ts";
import type { ExchangeEnd } from "#features/gateway/exchange.ts";
import type { Rung } from "#features/gateway/rung.ts";

/** Chooses whom a request asks, from how every deployment is at that moment. */
export interface Balancer {
  /** Whom to ask next. Decides at once and keeps nothing: who waits asks again. */
  next(climb: ClimbSoFar): Choice;
  /** A rung is asked: it counts as busy until the watch is told how it went. */
  began(rung: Rung, request: { readonly stream: boolean }): AttemptWatch;
  /** How long an attempt may be without content before a second one is made beside it, ms; undefined: never. */
  hedgeDelayMs(rung: Rung, stream: boolean): number | undefined;
  /** Takes the price of a second attempt out of the budget of hedges. @returns whether there was so much */
  payHedge(rung: Rung): boolean;
}

/** What has been tried for a request. */
export interface ClimbSoFar {
  /** The chosen variant's rungs, then each fallback's. */
  readonly stages: readonly (readonly Rung[])[];
  readonly stream: boolean;
  /** Rungs that were asked, or cannot carry the request, in order. */
  readonly tried: readonly Rung[];
  /** How the last one failed; undefined before the first attempt. */
  readonly failure: UpstreamFailure | undefined;
  /** What is left of the request's time, ms; undefined is unbounded. */
  readonly leftMs: number | undefined;
}

/** What a balancer says. */
export type Choice =
  | { readonly kind: "ask"; readonly rung: Rung }
  /** Somebody can be asked in so many ms, which is inside the request's time. */
  | { readonly kind: "wait"; readonly waitMs: number }
  /** Nobody can; `retryAfterMs` is when somebody will be, where that is known. */
  | { readonly kind: "none"; readonly retryAfterMs?: number };

/** Hears how an attempt goes. */
export interface AttemptWatch {
  /** The first content is there, ms since the attempt began. At most once. */
  content(ms: number): void;
  /** It is over, however. Exactly once. */
  ended(end: ExchangeEnd): void;
}
