import type { RequestTimeline } from "./timeline.ts";

/** What became of one request of a benchmark. */
export interface MeasuredRequest {
  readonly timeline: RequestTimeline;
  readonly outcome: RequestOutcome;
  /** Ms inside Signalbox, the provider left out, where the answer said so (`server-timing: gateway`). */
  readonly gatewayMs?: number;
  /** US dollars, where the answer said so (`x-signalbox-cost-usd`). */
  readonly costUsd?: number;
}

/** A whole answer, one that the load generator broke off itself, or none. */
export type RequestOutcome =
  | { readonly kind: "answered" }
  | { readonly kind: "cancelled" }
  | { readonly kind: "failed"; readonly failure: FailureClass; readonly detail: string };

/**
 * Why there was no whole answer.
 * - `connect`: no connection; `reset`: it broke; `timeout`: no end in time
 * - `rate-limited`: status 429; `client-error`: another one of 4xx; `server-error`: 5xx or any other
 * - `stream-error`: an event of a stream told an error; `cut-off`: a stream ended without its end; `unreadable`: no JSON
 */
export type FailureClass =
  | "connect"
  | "reset"
  | "timeout"
  | "rate-limited"
  | "client-error"
  | "server-error"
  | "stream-error"
  | "cut-off"
  | "unreadable";

/** The class of an HTTP status that is no success. */
export function failureOfStatus(status: number): FailureClass {
  if (status === 429) return "rate-limited";
  return status >= 400 && status < 500 ? "client-error" : "server-error";
}
