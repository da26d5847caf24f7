import { isJsonObject, type JsonObject } from "#core/kernel/json.ts";

/**
 * Where an AI message keeps the signatures of its tool calls, by call id, in `additional_kwargs`. Gemini 3 and later
 * refuse a replayed call without its signature, so it has to survive in the history that an application keeps.
 */
export const callSignaturesKey = "thought_signatures";
/** Where an AI message keeps the signature of its text. */
export const textSignatureKey = "thought_signature";

/** The signature of a tool call that a message of the history keeps. */
export function callSignature(kwargs: Readonly<Record<string, unknown>>, callId: string): string | undefined {
  const kept = kwargs[callSignaturesKey];
  return isJsonObject(kept) ? text(kept[callId]) : undefined;
}

/** The signature of the text that a message of the history keeps. */
export function textSignature(kwargs: Readonly<Record<string, unknown>>): string | undefined {
  return text(kwargs[textSignatureKey]);
}

/** The field that carries a signature on the wire, to spread into a message or a tool call. */
export function signatureField(signature: string | undefined): JsonObject {
  return signature === undefined ? {} : { extra_content: { google: { thought_signature: signature } } };
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
