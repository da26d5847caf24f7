import type { JsonObject } from "#core/kernel/json.ts";

/**
 * The field that carries a thought signature on the wire, to spread into a message or a tool call. Gemini 3 and later
 * refuse a replayed call without its signature.
 */
export function signatureField(signature: string | undefined): JsonObject {
  return signature === undefined ? {} : { extra_content: { google: { thought_signature: signature } } };
}
