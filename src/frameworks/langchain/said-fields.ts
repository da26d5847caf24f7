import type { AIMessageFields, MessageContent } from "@langchain/core/messages";
import type { WireSaid } from "../transport/answer-shape.ts";
import { callSignaturesKey, textSignatureKey } from "./thought-signatures.ts";

/** Fields of a message that have no name of their own in LangChain. */
type AdditionalKwargs = NonNullable<AIMessageFields["additional_kwargs"]>;

/** Content and additional_kwargs of a message or of a chunk. */
export interface SaidFields {
  readonly content: MessageContent;
  readonly additional_kwargs: AdditionalKwargs;
}

/**
 * What the model said, in LangChain's fields. Text stays a plain string; only pictures make it a list of blocks.
 * Thoughts, refusals and thought signatures have no field of their own and go to `additional_kwargs`.
 * @param callSignatures signatures of tool calls, by call id
 */
export function saidFields(
  said: WireSaid,
  callSignatures: Readonly<Record<string, string>> | undefined,
): SaidFields {
  const signature = said.extra_content?.google?.thought_signature;
  return {
    content: contentOf(said),
    additional_kwargs: {
      ...(said.reasoning_content && { reasoning_content: said.reasoning_content }),
      ...(said.refusal && { refusal: said.refusal }),
      ...(signature && { [textSignatureKey]: signature }),
      ...(callSignatures && { [callSignaturesKey]: callSignatures }),
    },
  };
}

function contentOf({ content, images }: WireSaid): MessageContent {
  const text = content ?? "";
  if (!images || images.length === 0) return text;
  return [
    ...(text === "" ? [] : [{ type: "text" as const, text }]),
    ...images.map(({ image_url }) => imageBlock(image_url.url)),
  ];
}

/** A picture as LangChain has it: its data where the address is a data URL. */
export function imageBlock(url: string) {
  const [, mimeType, data] = /^data:([^;,]+);base64,(.*)$/s.exec(url) ?? [];
  if (mimeType === undefined || data === undefined) return { type: "image" as const, url };
  return { type: "image" as const, mimeType, data };
}
