import type { Json } from "#core/kernel/json.ts";
import type { FailureKind, UpstreamFailure } from "#core/llm/upstream-failure.ts";
import {
  askedDelayMs,
  detailsOf,
  googleErrorOf,
  hasReason,
  violatedQuotas,
  type GoogleError,
} from "./google-error.ts";
import { parseJson } from "./parse-json.ts";
import { headerDelayMs } from "./retry-delay.ts";
import { httpStatusOf } from "./status-words.ts";

/** Longest message that is passed on, characters. */
const messageLengthMax = 2000;

/** Reads the body of an answer with an error status; it may be a page of a proxy. */
export function decodeError(
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string,
  nowMs: number,
): UpstreamFailure {
  const error = googleErrorOf(parseJson(body));
  return failureOf(status, error, headerDelayMs(headers, nowMs));
}

/** The failure that a body of an answer in good standing tells: `{"error": ...}` in a stream. Undefined when it tells none. */
export function failureInBody(body: Json): UpstreamFailure | undefined {
  const error = googleErrorOf(body);
  return error && failureOf(error.code ?? httpStatusOf(error.status), error, undefined);
}

function failureOf(
  status: number,
  error: GoogleError | undefined,
  toldMs: number | undefined,
): UpstreamFailure {
  const kind = failureKind(status, error, toldMs);
  const delayMs = waits(kind) ? ((error && askedDelayMs(error)) ?? toldMs) : undefined;
  return {
    kind,
    status,
    message: error?.message.slice(0, messageLengthMax) || `The upstream answered with status ${status}`,
    ...(error?.status !== undefined && { upstreamCode: error.status }),
    ...(delayMs !== undefined && { retryAfterMs: delayMs }),
    ...(error && error.details.length > 0 && { details: error.details }),
  };
}

/** What a wait would not change has none: a day's quota comes back at midnight, whatever RetryInfo says. */
function waits(kind: FailureKind): boolean {
  return kind === "rate-limited" || kind === "overloaded";
}

function failureKind(
  status: number,
  error: GoogleError | undefined,
  toldMs: number | undefined,
): FailureKind {
  if (status === 429) return error ? exhaustedKind(error, toldMs) : plainKind(toldMs);
  if (status === 503 || status === 529) return "overloaded";
  if (status >= 500 || status === 408) return "server-error";
  if (status < 400) return "malformed-answer";
  return clientErrorKind(status, error);
}

/** 429 without a word of Google's: with a time to wait it is a limit, without it is anyone's guess. */
function plainKind(toldMs: number | undefined): FailureKind {
  return toldMs === undefined ? "overloaded" : "rate-limited";
}

/** Of several violated quotas the longest counts. Vertex's shared capacity names none. */
function exhaustedKind(error: GoogleError, toldMs: number | undefined): FailureKind {
  const quotas = violatedQuotas(error);
  if (/\blimit: 0(?!\.?\d)/.test(error.message) || quotas.some(({ isZero }) => isZero)) return "quota-zero";
  if (quotas.some(({ id }) => /PerDay/i.test(id))) return "quota-exhausted-day";
  const namesQuota =
    quotas.length > 0 ||
    /quota/i.test(withoutAddresses(error.message)) ||
    detailsOf(error, "Help").length > 0 ||
    askedDelayMs(error) !== undefined;
  return namesQuota ? "rate-limited" : plainKind(toldMs);
}

/** Vertex AI's words for short capacity point to a page about quotas. */
function withoutAddresses(message: string): string {
  return message.replaceAll(/https?:\/\/\S+/g, "");
}

function clientErrorKind(status: number, error: GoogleError | undefined): FailureKind {
  // Caches and files are named by the request; that they are missing says nothing of model or key.
  if (error && /cachedcontent|\bfiles?\b/i.test(error.message)) return "invalid-request";
  if (status === 401 || status === 402 || status === 403) return "credential";
  if (status === 404) return "model-gone";
  if (error && isTooLong(error)) return "context-exceeded";
  return error && isAboutProject(error) ? "credential" : "invalid-request";
}

/** "The input token count (1200001) exceeds the maximum number of tokens allowed (1048576)." */
function isTooLong({ message }: GoogleError): boolean {
  return /input token count.{0,40}exceeds the maximum/i.test(message);
}

/** A wrong key, or a project that may not ask from where it is (Gemini answers both with 400). */
function isAboutProject(error: GoogleError): boolean {
  if (hasReason(error, "API_KEY_INVALID") || /API key (not valid|expired)/i.test(error.message)) return true;
  return error.status === "FAILED_PRECONDITION" && /location|country|billing/i.test(error.message);
}
