import type { ApiFailure } from "../api-failure.ts";
import type { JsonObject } from "../json.ts";

/** The words of the Interactions API for what Google calls by status names elsewhere. */
const codes: ReadonlyMap<number, string> = new Map([
  [400, "invalid_request"],
  [401, "authentication"],
  [403, "permission_denied"],
  [404, "not_found"],
  [429, "rate_limit_exceeded"],
  [503, "unavailable"],
]);

/** The body of an error of the Interactions API: {error: {code, message}}. */
export function interactionErrorBody({ code, message }: ApiFailure): JsonObject {
  return { error: { code: codes.get(code) ?? "internal", message } };
}
