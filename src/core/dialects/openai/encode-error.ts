import type { ErrorForClient } from "#core/dialects/dialect.ts";
import type { ErrorCode } from "#core/kernel/app-error.ts";
import type { JsonObject } from "#core/kernel/json.ts";

/** Writes an error as OpenAI's `{error: {message, type, param, code}}`. */
export function encodeError(error: ErrorForClient): JsonObject {
  const { type, code } = words[error.code];
  return {
    error: { message: error.message, type, param: error.field ?? null, code: upstreamWord(error) ?? code },
  };
}

/** An error inside a stream: the same object as the payload of a frame, which openai, LangChain and ai-sdk raise. */
export function encodeErrorFrame(error: ErrorForClient): string {
  return JSON.stringify(encodeError(error));
}

/** The upstream's own code where it speaks of the request (`context_length_exceeded`) and is written like OpenAI's. */
function upstreamWord({ code, failure }: ErrorForClient): string | undefined {
  if (code !== "invalid-request" || failure?.upstreamCode === undefined) return undefined;
  return /^[a-z][a-z_]{2,63}$/.test(failure.upstreamCode) ? failure.upstreamCode : undefined;
}

interface Words {
  readonly type: string;
  readonly code: string | null;
}

const request = "invalid_request_error";
const server = "server_error";

const words: Readonly<Record<ErrorCode, Words>> = {
  "invalid-request": { type: request, code: null },
  "invalid-configuration": { type: server, code: "invalid_configuration" },
  unauthenticated: { type: request, code: "invalid_api_key" },
  forbidden: { type: request, code: "permission_denied" },
  "not-found": { type: request, code: "model_not_found" },
  "previous-response-not-found": { type: request, code: "previous_response_not_found" },
  conflict: { type: request, code: "conflict" },
  expired: { type: request, code: "expired" },
  "method-not-allowed": { type: request, code: "method_not_allowed" },
  "payload-too-large": { type: request, code: "payload_too_large" },
  "unsupported-media-type": { type: request, code: "unsupported_media_type" },
  "unsupported-feature": { type: request, code: "unsupported_feature" },
  // Never `insufficient_quota`: clients do not try again on it.
  "rate-limited": { type: "requests", code: "rate_limit_exceeded" },
  overloaded: { type: server, code: "overloaded" },
  "no-deployment-available": { type: server, code: "no_deployment_available" },
  "upstream-failed": { type: server, code: "upstream_failed" },
  "upstream-timeout": { type: server, code: "upstream_timeout" },
  "unparsable-answer": { type: server, code: "unparsable_answer" },
  "limit-exceeded": { type: request, code: "limit_exceeded" },
  "client-closed": { type: request, code: "client_closed" },
  "store-unavailable": { type: server, code: "store_unavailable" },
  "store-locked": { type: server, code: "store_locked" },
  "log-full": { type: server, code: "log_full" },
  "shutting-down": { type: server, code: "shutting_down" },
  internal: { type: server, code: "internal_error" },
};
