import type { Json } from "#core/kernel/json.ts";

/** How an upstream call failed: decides whether to retry, move on, cool down or tell the client. */
export type FailureKind =
  /** 429 of a window that passes soon; `retryAfterMs` says when. */
  | "rate-limited"
  /** 429 of a daily quota: comes back at the next midnight in Los Angeles. */
  | "quota-exhausted-day"
  /** 429 with a limit of 0: never comes back by waiting. */
  | "quota-zero"
  /** 503, 529, or 429 without any quota named: shared capacity is short. */
  | "overloaded"
  /** 500, 502, 504 and other 5xx. */
  | "server-error"
  /** 401 or 403, or 400 with API_KEY_INVALID: the credential, not the request. */
  | "credential"
  /** 404: no such model here, or shut down. */
  | "model-gone"
  /** Other 4xx: the request itself; the same everywhere. */
  | "invalid-request"
  /** 400: the request is longer than the model's context. A model with a larger one may take it. */
  | "context-exceeded"
  /** No connection. */
  | "connect"
  /** The connection broke before the answer was complete. */
  | "reset"
  /** No content within the first-token deadline. */
  | "first-token-timeout"
  /** No further content within the idle deadline. */
  | "idle-timeout"
  /** The whole call took longer than allowed. */
  | "total-timeout"
  /** The answer is not what the dialect says: HTML, malformed JSON, over a limit. */
  | "malformed-answer"
  /** The answer ended without a finish reason, or is empty. */
  | "incomplete-answer";

/** One failed upstream call. Holds no content of the request. */
export interface UpstreamFailure {
  readonly kind: FailureKind;
  /** The HTTP status the upstream gave; absent when there was no answer. */
  readonly status?: number;
  /** What may be shown to the client: the upstream's message, or ours. */
  readonly message: string;
  /** The upstream's own code word, e.g. `RESOURCE_EXHAUSTED` or `invalid_api_key`. */
  readonly upstreamCode?: string;
  /** How long the upstream asked to wait, ms >= 0. */
  readonly retryAfterMs?: number;
  /** Of a refused credential: another one is at hand, or on its way. The refusal says nothing of that one. */
  readonly renewing?: true;
  /** The upstream's error details (Gemini `details`), for a client of the same dialect. */
  readonly details?: Json;
}
