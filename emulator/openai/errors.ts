import { ApiFailure, googleErrorBody } from "../api-failure.ts";
import type { Json, JsonObject } from "../json.ts";

/** Whose OpenAI-compatible API is spoken: Google's under /v1beta/openai, or a plain server's under /v1. */
export type Flavour = "google" | "plain";

/** A 400 for a broken OpenAI request; `param` names the field. */
export function badOpenAiRequest(message: string, param: string): ApiFailure {
  return new ApiFailure(400, message, { details: [{ param }] });
}

/** The body of an error: OpenAI's for a plain server; Google wraps its own in an array. */
export function openAiErrorBody(failure: ApiFailure, flavour: Flavour): Json {
  return flavour === "google" ? [googleErrorBody(failure)] : plainErrorBody(failure);
}

/** OpenAI's {error: {message, type, param, code}}, also used for error frames inside streams. */
export function plainErrorBody(failure: ApiFailure): JsonObject {
  const [type, code] = typeAndCode(failure);
  const param =
    failure.details.map((detail) => detail["param"]).find((name) => typeof name === "string") ?? null;
  return { error: { message: failure.message, type, param, code } };
}

function typeAndCode({ code, message }: ApiFailure): readonly [string, string | null] {
  switch (code) {
    case 401:
    case 403:
      return ["invalid_request_error", code === 401 ? "invalid_api_key" : "permission_denied"];
    case 404:
      return ["invalid_request_error", "model_not_found"];
    case 429:
      return /quota/i.test(message)
        ? ["insufficient_quota", "insufficient_quota"]
        : ["requests", "rate_limit_exceeded"];
    case 503:
      return ["service_unavailable_error", "overloaded"];
    default:
      return code >= 500 ? ["server_error", "server_error"] : ["invalid_request_error", null];
  }
}
