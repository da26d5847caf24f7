import type { ErrorForClient } from "#core/dialects/dialect.ts";
import { isJsonObject, type JsonObject } from "#core/kernel/json.ts";
import { isList } from "#core/kernel/json.ts";
import { typeName } from "./google-error.ts";
import { durationText } from "./retry-delay.ts";
import { statusWord } from "./status-words.ts";

/** Details of the upstream's that help a client; its links, times and own ids are replaced by ours. */
const passedDetails: ReadonlySet<string> = new Set(["BadRequest", "QuotaFailure", "PreconditionFailure"]);

/**
 * Words by which LangChain takes a 429 for a used-up account and does not retry (@langchain/core 1.4.0,
 * classifyRateLimitError, read 2026-11-24). Whether to retry is told by the status and RetryInfo instead.
 */
const stopWords = /exceeded your|quota|billing/i;

/** Writes an error in the shape of Google's APIs. */
export function encodeError(error: ErrorForClient): JsonObject {
  return {
    error: {
      code: error.status,
      message: errorMessage(error),
      status: statusWord(error.status),
      details: details(error),
    },
  };
}

/** Writes an error as the payload of a frame inside a stream. */
export function encodeErrorFrame(error: ErrorForClient): string {
  return JSON.stringify(encodeError(error));
}

function errorMessage({ status, message }: ErrorForClient): string {
  if (status !== 429 || !stopWords.test(message)) return message;
  return "Too many requests for this model at the moment. Please try again later";
}

function details(error: ErrorForClient): readonly JsonObject[] {
  const { field, message, retryAfterMs } = error;
  const passed = passedOn(error);
  const named = passed.some((detail) => typeName(detail) === "BadRequest");
  return [
    detail("ErrorInfo", {
      // Google's own reason, by which clients know a wrong key.
      reason:
        error.code === "unauthenticated" ? "API_KEY_INVALID" : error.code.toUpperCase().replaceAll("-", "_"),
      domain: "signalbox",
      metadata: { requestId: error.requestId },
    }),
    ...(field !== undefined && !named
      ? [detail("BadRequest", { fieldViolations: [{ field, description: message }] })]
      : []),
    ...(retryAfterMs === undefined ? [] : [detail("RetryInfo", { retryDelay: durationText(retryAfterMs) })]),
    ...passed,
  ];
}

function passedOn({ failure }: ErrorForClient): readonly JsonObject[] {
  const given = failure?.details;
  return isList(given) ? given.filter(isJsonObject).filter((item) => passedDetails.has(typeName(item))) : [];
}

function detail(type: string, fields: JsonObject): JsonObject {
  return { "@type": `type.googleapis.com/google.rpc.${type}`, ...fields };
}
