import type { JsonObject } from "#core/kernel/json.ts";

/** One item of the output, as far as it has come. Its number in the output is its place in the list of items. */
export type OutputItem = ReasoningItem | MessageItem | CallItem | ImageItem;

/** What the model thought, and a signature of that or of what follows. */
export interface ReasoningItem {
  readonly type: "reasoning";
  readonly status: ItemStatus;
  /** Undefined as long as no word of it came. */
  readonly summary?: string;
  readonly encryptedContent?: string;
}

/** What the model said. */
export interface MessageItem {
  readonly type: "message";
  readonly status: ItemStatus;
  /** The last one may go on. */
  readonly content: readonly MessageContent[];
}

/** Words of a message, said or declining. */
export interface MessageContent {
  readonly type: "output_text" | "refusal";
  readonly text: string;
}

/** A call that the model asks for. */
export interface CallItem {
  readonly type: "function_call";
  readonly status: ItemStatus;
  /** The number of the call among those of the answer. */
  readonly toolCall: number;
  readonly callId: string;
  readonly name: string;
  readonly argumentsJson: string;
}

/** A picture that the model made. */
export interface ImageItem {
  readonly type: "image_generation_call";
  readonly status: "completed";
  readonly base64: string;
}

const prefixes: Readonly<Record<OutputItem["type"], string>> = {
  reasoning: "rs",
  message: "msg",
  function_call: "fc",
  image_generation_call: "ig",
};

/** The id of an item: made of the answer's, so that it is unique, and the same each time it is asked for. */
export function itemId(type: OutputItem["type"], responseId: string, index: number): string {
  return `${prefixes[type]}_${responseId.replaceAll("-", "")}${index}`;
}

/** How far an item has come, in OpenAI's word. */
export type ItemStatus = "in_progress" | "completed" | "incomplete";

/** Writes an item. */
export function encodeItem(item: OutputItem, id: string): JsonObject {
  const { status } = item;
  switch (item.type) {
    case "reasoning":
      return {
        id,
        type: item.type,
        summary: item.summary === undefined ? [] : [summaryPart(item.summary)],
        ...(item.encryptedContent !== undefined && { encrypted_content: item.encryptedContent }),
        status,
      };
    case "message":
      return { id, type: item.type, status, role: "assistant", content: item.content.map(contentPart) };
    case "function_call":
      return {
        id,
        type: item.type,
        status,
        call_id: item.callId,
        name: item.name,
        arguments: item.argumentsJson,
      };
    case "image_generation_call":
      return { id, type: item.type, status, result: item.base64 };
  }
}

/** Writes a part of a message. */
export function contentPart({ type, text }: MessageContent): JsonObject {
  if (type === "refusal") return { type, refusal: text };
  return { type, text, annotations: [], logprobs: [] };
}

/** Writes what is shown of a thought. */
export function summaryPart(text: string): JsonObject {
  return { type: "summary_text", text };
}
