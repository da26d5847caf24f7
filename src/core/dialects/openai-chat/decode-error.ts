import { isJsonObject, type Json, type JsonObject } from "#core/kernel/json.ts";
import type { FailureKind, UpstreamFailure } from "#core/llm/upstream-failure.ts";
import { isList } from "#core/kernel/json.ts";
import { listOf } from "#core/dialects/fields.ts";
import { nestsTooDeep } from "#core/kernel/nesting.ts";
import { present } from "#core/kernel/present.ts";
import { retryAfterMs, violatedQuotas } from "./retry-after.ts";

/** Longest error text that is shown to a client, characters. */
const messageLengthMax = 2000;

/** Reads the body of an answer with an error status: OpenAI's shape, Google's (also inside an array), or no JSON at all. */
export function decodeError(
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string,
  nowMs: number,
): UpstreamFailure {
  const json = parsedJson(body);
  const error = json === undefined ? undefined : errorObject(json);
  const lowered = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const waitMs = retryAfterMs({ headers: lowered, error, nowMs });
  if (!error) return unreadable(status, waitMs);
  return { ...failureOfError(error, status), ...present({ retryAfterMs: waitMs }) };
}

/** The error object of a body or frame: `{error: {...}}`, `[{error: {...}}]`, or FastAPI's bare `{object: "error"}`. */
export function errorObject(body: Json): JsonObject | undefined {
  const outer = isList(body) ? body[0] : body;
  if (!isJsonObject(outer)) return undefined;
  const error = outer["error"];
  if (isJsonObject(error)) return error;
  if (typeof error === "string") return { ...outer, message: error };
  return outer["object"] === "error" && typeof outer["message"] === "string" ? outer : undefined;
}

/** What an error object means. Without an HTTP status (inside a stream) the object's own number is taken. */
export function failureOfError(error: JsonObject, httpStatus?: number): UpstreamFailure {
  const status = httpStatus ?? statusOf(error);
  const kind = kindOfError(error, status);
  const code = [error["status"], error["code"], error["type"]].find((word) => typeof word === "string");
  const details = error["details"];
  return {
    kind,
    ...present({ status }),
    message: messageOf(error, kind),
    ...(typeof code === "string" && { upstreamCode: code }),
    ...(isList(details) && { details }),
  };
}

function messageOf(error: JsonObject, kind: FailureKind): string {
  // Its text may quote the key.
  if (kind === "credential") return "The upstream refused the credential";
  const message = error["message"];
  if (typeof message !== "string" || message === "") return "The upstream reported an error without a text";
  return message.slice(0, messageLengthMax);
}

function statusOf(error: JsonObject): number | undefined {
  const told = [error["code"], error["status"]].map((word) =>
    typeof word === "string" ? Number(word) : word,
  );
  return told.find((code): code is number => typeof code === "number" && code >= 400 && code <= 599);
}

function kindOfError(error: JsonObject, status: number | undefined): FailureKind {
  const byWord = [error["code"], error["type"], error["status"], ...reasonsOf(error)]
    .map((word) => (typeof word === "string" ? kindsByWord[word] : undefined))
    .find((kind) => kind !== undefined);
  // OpenAI says `server_error` of whatever is its own fault: a 503 or 529 tells more.
  if (byWord === "server-error" && status !== undefined && status >= 500) return kindOfStatus(status);
  // Google's RESOURCE_EXHAUSTED has details that tell more than the word.
  if (byWord !== undefined && byWord !== "rate-limited") return byWord;
  if (status === 429 || byWord === "rate-limited") return quotaKind(error);
  return status === 400 && isTooLong(error) ? "context-exceeded" : kindOfStatus(status);
}

/** Servers without OpenAI's code word say it in its words (vLLM), or in Google's. */
function isTooLong({ message }: JsonObject): boolean {
  return (
    typeof message === "string" &&
    /maximum context length|input token count.{0,40}exceeds the maximum/i.test(message)
  );
}

/** Words of OpenAI's `code` and `type`, of Google's `status` and reasons, that say more than the HTTP status. */
const kindsByWord: Readonly<Record<string, FailureKind | undefined>> = {
  insufficient_quota: "quota-zero",
  billing_hard_limit_reached: "quota-zero",
  rate_limit_exceeded: "rate-limited",
  rate_limit_error: "rate-limited",
  RESOURCE_EXHAUSTED: "rate-limited",
  context_length_exceeded: "context-exceeded",
  model_not_found: "model-gone",
  NOT_FOUND: "model-gone",
  invalid_api_key: "credential",
  API_KEY_INVALID: "credential",
  UNAUTHENTICATED: "credential",
  PERMISSION_DENIED: "credential",
  overloaded: "overloaded",
  overloaded_error: "overloaded",
  UNAVAILABLE: "overloaded",
  INTERNAL: "server-error",
  server_error: "server-error",
};

function reasonsOf(error: JsonObject): readonly (Json | undefined)[] {
  return listOf(error["details"]).map((detail) => detail["reason"]);
}

/** A 429, by the quotas it names. Google's without any means that shared capacity is short. */
function quotaKind(error: JsonObject): FailureKind {
  const quotas = violatedQuotas(error);
  const message = typeof error["message"] === "string" ? error["message"] : "";
  if (/\blimit: 0(?!\.?\d)/.test(message) || quotas.some(({ isZero }) => isZero)) return "quota-zero";
  if (quotas.some(({ id }) => /PerDay/i.test(id))) return "quota-exhausted-day";
  const isGoogle = error["status"] === "RESOURCE_EXHAUSTED";
  return isGoogle && quotas.length === 0 && !/quota/i.test(message) ? "overloaded" : "rate-limited";
}

function kindOfStatus(status: number | undefined): FailureKind {
  switch (status) {
    case undefined:
      return "server-error";
    case 401:
    case 403:
      return "credential";
    case 402:
      return "quota-zero";
    case 404:
      return "model-gone";
    case 408:
    case 499:
      return "server-error";
    case 503:
    case 529:
      return "overloaded";
    default:
      return status >= 500 ? "server-error" : "invalid-request";
  }
}

/** A body without an error object: a proxy's HTML page, as a rule. None of its text is passed on. */
function unreadable(status: number, waitMs: number | undefined): UpstreamFailure {
  const byStatus = status === 429 ? "rate-limited" : kindOfStatus(status);
  return {
    kind: byStatus === "invalid-request" ? "malformed-answer" : byStatus,
    status,
    message: `The upstream answered ${status} without a readable error`,
    ...present({ retryAfterMs: waitMs }),
  };
}

function parsedJson(body: string): Json | undefined {
  try {
    // JSON.parse answers `any`; what it gives is JSON by definition.
    const json = JSON.parse(body) as Json;
    return nestsTooDeep(json) ? undefined : json;
  } catch {
    // Not JSON is an answer here, told to the caller as undefined.
    return undefined;
  }
}
