import type { Warning } from "#core/dialects/dialect.ts";
import type { Message, Part } from "#core/llm/message.ts";

/**
 * What Google accepts in place of a signature that was lost, or never was because another model made the call:
 * https://ai.google.dev/gemini-api/docs/thought-signatures#faqs, read 2026-11-24.
 */
const placeholder = "skip_thought_signature_validator";

/**
 * The parts of one turn of the model with a signature on its first tool call. Gemini 3 and later refuse a replayed
 * turn whose first call has none; of parallel calls only the first carries one.
 * @param note hears at which place the placeholder was put in
 */
export function withSignature(parts: readonly Part[], note: (at: number) => void): readonly Part[] {
  const at = parts.findIndex((part) => part.type === "tool-call");
  const first = parts[at];
  if (first?.type !== "tool-call" || first.thoughtSignature !== undefined) return parts;
  note(at);
  return parts.with(at, { ...first, thoughtSignature: placeholder });
}

/** Tells that a call was sent with the placeholder. @param field the call's path */
export function insertedSignature(field: string): Warning {
  return {
    code: "inserted-thought-signature",
    field,
    message:
      "Gemini wants the thought signature of a replayed tool call; it has none, so Google's placeholder was sent",
  };
}

/** Whether Gemini 3 and later would refuse a conversation: a turn of the model since the user's last words has a call without signature. */
export function lacksSignature(messages: readonly Message[]): boolean {
  const begun = messages.findLastIndex(isOwnWords);
  return messages.some(({ role, parts }, at) => at > begun && role === "assistant" && isUnsigned(parts));
}

/** Whether anything in a conversation is signed. */
export function hasSignature(messages: readonly Message[]): boolean {
  return messages.some(({ parts }) =>
    parts.some((part) => "thoughtSignature" in part && part.thoughtSignature !== undefined),
  );
}

function isOwnWords({ role, parts }: Message): boolean {
  return role === "user" && parts.some(({ type }) => type !== "tool-result");
}

function isUnsigned(parts: readonly Part[]): boolean {
  const first = parts.find((part) => part.type === "tool-call");
  return first !== undefined && first.thoughtSignature === undefined;
}
