import type { UpstreamModel } from "#core/dialects/dialect.ts";
import { isJsonObject, type JsonObject } from "#core/kernel/json.ts";

/**
 * Google's additions to OpenAI's protocol stand under `extra_content.google` of messages, deltas and tool calls.
 * https://ai.google.dev/gemini-api/docs/thought-signatures#openai, read 2026-11-24
 */
export function googleContent(holder: JsonObject): JsonObject | undefined {
  const outer = holder["extra_content"];
  const google = isJsonObject(outer) ? outer["google"] : undefined;
  return isJsonObject(google) ? google : undefined;
}

/** What Google writes before thoughts that stand in the content; `</thought>` follows them. */
export const thoughtTag = "<thought>";

/** The thought signature of a message, delta or tool call. */
export function readSignature(holder: JsonObject): { readonly thoughtSignature?: string } {
  const signature = googleContent(holder)?.["thought_signature"];
  return typeof signature === "string" && signature !== "" ? { thoughtSignature: signature } : {};
}

/** The field that carries a thought signature, to spread into a message, delta or tool call. */
export function writeSignature(signature: string | undefined): JsonObject {
  return signature === undefined ? {} : { extra_content: { google: { thought_signature: signature } } };
}

/**
 * Whether Google's own additions to the protocol (`extra_content`, `extra_body.google`) may be sent: Gemini's models know
 * them, and other servers in front of Gemini's models pass over fields that they do not know.
 */
export function speaksGoogle({ id, needsThoughtSignatures }: UpstreamModel): boolean {
  return needsThoughtSignatures || /(^|\/)gemini-/.test(id);
}
