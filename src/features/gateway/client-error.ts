import type { ErrorForClient } from "#core/dialects/dialect.ts";
import type { ErrorCode } from "#core/kernel/app-error.ts";
import type { FailureKind, UpstreamFailure } from "#core/llm/upstream-failure.ts";

/** What a client is told when every rung failed, by the kind of the last failure. */
const answers: Readonly<Record<FailureKind, { readonly status: number; readonly code: ErrorCode }>> = {
  "rate-limited": { status: 429, code: "rate-limited" },
  "quota-exhausted-day": { status: 429, code: "rate-limited" },
  "quota-zero": { status: 429, code: "rate-limited" },
  overloaded: { status: 503, code: "overloaded" },
  "server-error": { status: 502, code: "upstream-failed" },
  // The provider refused our credential, not the client's: a 401 would send the client to look at its own key.
  credential: { status: 502, code: "upstream-failed" },
  "model-gone": { status: 404, code: "not-found" },
  "invalid-request": { status: 400, code: "invalid-request" },
  "context-exceeded": { status: 400, code: "invalid-request" },
  connect: { status: 503, code: "upstream-failed" },
  reset: { status: 502, code: "upstream-failed" },
  "first-token-timeout": { status: 504, code: "upstream-timeout" },
  "idle-timeout": { status: 504, code: "upstream-timeout" },
  "total-timeout": { status: 504, code: "upstream-timeout" },
  "malformed-answer": { status: 502, code: "upstream-failed" },
  "incomplete-answer": { status: 502, code: "upstream-failed" },
};

/** Statuses of a refused request that pass as they are: they tell the client what to change. */
const passedStatuses: ReadonlySet<number> = new Set([400, 404, 409, 413, 422]);

/** The words in which Google speaks of a used-up quota: LangChain takes them for "never retry" (its core 1.4.0). */
const ourRateLimitMessage = "The model is at its rate limit; try again after the time given in retry-after";

/**
 * Longest wait that a client is told, ms: LangChain gives a request up for good when it is told a longer one, although
 * another deployment may be back before (its core 1.4.0).
 */
const retryAfterMsMax = 60_000;

/** The error for a request that nobody can take now, before anybody was asked. */
export function nobodyError(requestId: string, retryAfterMs: number | undefined): ErrorForClient {
  const message = "No deployment can take the request now; try again after the time given in retry-after";
  return { status: 503, code: "no-deployment-available", message, requestId, ...retryAfter(retryAfterMs) };
}

/**
 * The error a client gets for an upstream's failure.
 * @param retryAfterMs when somebody can be asked again, where that is known better than by the upstream
 */
export function clientErrorOf(
  failure: UpstreamFailure,
  requestId: string,
  retryAfterMs = failure.retryAfterMs,
): ErrorForClient {
  const answer = answers[failure.kind];
  const status =
    passedStatuses.has(failure.status ?? 0) && answer.status === 400
      ? (failure.status ?? 400)
      : answer.status;
  return {
    status,
    code: answer.code,
    message: messageOf(failure),
    requestId,
    failure,
    ...retryAfter(retryAfterMs),
  };
}

function retryAfter(ms: number | undefined): Pick<ErrorForClient, "retryAfterMs"> {
  return ms === undefined ? {} : { retryAfterMs: Math.min(ms, retryAfterMsMax) };
}

function messageOf(failure: UpstreamFailure): string {
  if (failure.kind === "rate-limited") return ourRateLimitMessage;
  if (failure.kind === "credential") return "The provider refused the gateway's credential";
  return failure.message;
}
