import { isJsonObject, type JsonObject } from "#core/kernel/json.ts";
import type { WireToolCallDelta } from "../transport/answer-shape.ts";

/**
 * Where an AI message keeps the signatures of its tool calls, by call id, in `additional_kwargs`. Gemini 3 and later
 * refuse a replayed call without its signature, so it has to survive in the history that an application keeps.
 */
export const callSignaturesKey = "thought_signatures";
/** Where an AI message keeps the signature of its text; and where a content block keeps its own. */
export const textSignatureKey = "thought_signature";

/** What of a message can keep signatures: messages of LangChain's event stream have nothing but blocks. */
interface Signed {
  readonly content: unknown;
  readonly additional_kwargs: Readonly<Record<string, unknown>>;
}

/** The signature of a tool call that a message of the history keeps. */
export function callSignature({ content, additional_kwargs }: Signed, callId: string): string | undefined {
  const kept = additional_kwargs[callSignaturesKey];
  return (
    (isJsonObject(kept) ? text(kept[callId]) : undefined) ??
    blockSignature(content, ({ type, id }) => type === "tool_call" && id === callId)
  );
}

/** The signature of the text that a message of the history keeps. */
export function textSignature({ content, additional_kwargs }: Signed): string | undefined {
  return text(additional_kwargs[textSignatureKey]) ?? blockSignature(content, ({ type }) => type === "text");
}

/** Finds the signatures in the steps of streamed tool calls: a call's id stands in its first step only. */
export class CallSignatures {
  readonly #callIds = new Map<number, string>();

  /** The signatures in these steps by call id; undefined where there are none. */
  of(deltas: readonly WireToolCallDelta[]): Readonly<Record<string, string>> | undefined {
    const signed = deltas.flatMap(({ index, id, extra_content }) => {
      if (id) this.#callIds.set(index, id);
      const callId = this.#callIds.get(index);
      const signature = extra_content?.google?.thought_signature;
      return signature && callId ? [[callId, signature] as const] : [];
    });
    return signed.length === 0 ? undefined : Object.fromEntries(signed);
  }
}

function blockSignature(content: unknown, isWanted: (block: JsonObject) => boolean): string | undefined {
  if (!Array.isArray(content)) return undefined;
  const blocks: readonly unknown[] = content;
  for (const block of blocks) {
    const signature = isJsonObject(block) && isWanted(block) ? text(block[textSignatureKey]) : undefined;
    if (signature !== undefined) return signature;
  }
  return undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
