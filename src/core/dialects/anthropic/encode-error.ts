import type { ErrorForClient } from "#core/dialects/dialect.ts";
import type { ErrorCode } from "#core/kernel/app-error.ts";
import type { JsonObject } from "#core/kernel/json.ts";

/**
 * Writes an error in Anthropic's shape: https://docs.claude.com/en/api/errors, read 2026-11-26. Its clients choose their
 * class of error, and whether to try again, by the status; inside a stream there is the type alone.
 */
export function encodeError(error: ErrorForClient): JsonObject {
  return {
    type: "error",
    error: { type: types[error.code], message: messageOf(error) },
    request_id: error.requestId,
  };
}

/** An error inside a stream: the same object, as an event of the name `error`. */
export function encodeErrorFrame(error: ErrorForClient): string {
  return JSON.stringify(encodeError(error));
}

/**
 * Words by which LangChain takes a 429 for a used-up account and does not retry (@langchain/core 1.4.0,
 * classifyRateLimitError, read 2026-11-24), whichever provider they come from.
 */
const stopWords = /exceeded your|quota|billing/i;

function messageOf({ status, message }: ErrorForClient): string {
  if (status !== 429 || !stopWords.test(message)) return message;
  return "Too many requests for this model at the moment. Please try again later";
}

const request = "invalid_request_error";
const overloaded = "overloaded_error";

const types: Readonly<Record<ErrorCode, string>> = {
  "invalid-request": request,
  "unsupported-feature": request,
  "previous-response-not-found": request,
  "method-not-allowed": request,
  "unsupported-media-type": request,
  "client-closed": request,
  conflict: request,
  expired: request,
  "limit-exceeded": request,
  unauthenticated: "authentication_error",
  forbidden: "permission_error",
  "not-found": "not_found_error",
  "payload-too-large": "request_too_large",
  "rate-limited": "rate_limit_error",
  overloaded,
  "no-deployment-available": overloaded,
  "store-unavailable": overloaded,
  "store-locked": overloaded,
  "log-full": overloaded,
  "shutting-down": overloaded,
  "upstream-timeout": "timeout_error",
  "upstream-failed": "api_error",
  "unparsable-answer": "api_error",
  "invalid-configuration": "api_error",
  internal: "api_error",
};
