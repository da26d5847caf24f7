import type { ErrorForClient } from "#core/dialects/dialect.ts";
import { encodeError } from "#core/dialects/openai/encode-error.ts";
import { isJsonObject } from "#core/kernel/json.ts";
import type { StreamState } from "./stream-state.ts";

/**
 * An error inside a stream, as the event `error`. The API's reference has its words at the top, what the API really sends
 * has them in `error`; openai, LangChain and ai-sdk read either, and raise it.
 * @param state how far the stream had come; absent where nothing of it is known
 */
export function encodeErrorFrame(error: ErrorForClient, state?: StreamState): string {
  const { error: words } = encodeError(error);
  const { code = null, message = "", param = null } = isJsonObject(words) ? words : {};
  return JSON.stringify({
    type: "error",
    sequence_number: state?.sequenceNumber ?? 0,
    code,
    message,
    param,
    error: words,
  });
}
