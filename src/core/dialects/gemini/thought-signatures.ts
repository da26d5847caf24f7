import type { Part } from "#core/llm/message.ts";
import { messagePath } from "./encode-part.ts";
import type { Notes } from "./notes.ts";

/**
 * What Google accepts in place of a signature that was lost, or never was because another model made the call:
 * https://ai.google.dev/gemini-api/docs/thought-signatures#faqs, read 2026-11-24.
 */
const placeholder = "skip_thought_signature_validator";

/**
 * The parts of one turn of the model with a signature on its first tool call. Gemini 3 and later refuse a replayed
 * turn whose first call has none; of parallel calls only the first carries one.
 */
export function withSignatures(parts: readonly Part[], messageIndex: number, notes: Notes): readonly Part[] {
  const at = parts.findIndex((part) => part.type === "tool-call");
  const first = parts[at];
  if (first?.type !== "tool-call" || first.thoughtSignature !== undefined) return parts;
  notes.warn({
    code: "inserted-thought-signature",
    field: `${messagePath(messageIndex)}.content[${at}]`,
    message:
      "Gemini wants the thought signature of a replayed tool call; it has none, so Google's placeholder was sent",
  });
  return parts.with(at, { ...first, thoughtSignature: placeholder });
}
