import { isJsonObject, type Json, type JsonObject } from "#core/kernel/json.ts";
import type { MediaPart, Part, ToolCallPart } from "#core/llm/message.ts";
import { readDataUrl } from "#core/dialects/openai/data-url.ts";
import type { KnownFields } from "#core/dialects/unknown-fields.ts";
import { extraOf } from "./extra-fields.ts";
import { isList } from "#core/kernel/json.ts";
import { listOf } from "#core/dialects/fields.ts";
import { googleContent, readSignature } from "./google-extension.ts";

/** The fields of an answer's message that are read; what is left is kept as `extra`. */
export const answerMessageFields: KnownFields = {
  role: true,
  content: true,
  refusal: true,
  reasoning: true,
  reasoning_content: true,
  tool_calls: true,
  images: true,
  extra_content: { google: { thought_signature: true, thought: true } },
};

/** A piece of text in an answer, and whether it is thinking. */
interface Words {
  readonly type: "text" | "thinking";
  readonly text: string;
}

/**
 * Reads the parts of an answer's message, or of a delta. Lenient: what has another shape than expected is passed over,
 * because an answer with something in it is worth more than none.
 */
export function decodeAnswerMessage(message: JsonObject): readonly Part[] {
  return onlyText(message) ?? anyParts(message);
}

/** The parts of a message that is nothing but text, as nearly all are; undefined where there may be more, or none. */
function onlyText(message: JsonObject): readonly Part[] | undefined {
  const { content } = message;
  if (typeof content !== "string" || content === "") return undefined;
  const more =
    message["refusal"] ??
    message["reasoning"] ??
    message["reasoning_content"] ??
    message["tool_calls"] ??
    message["images"] ??
    message["extra_content"];
  return more === undefined || more === null ? [{ type: "text", text: content }] : undefined;
}

function anyParts(message: JsonObject): readonly Part[] {
  const refusal = message["refusal"];
  return [
    ...signed(withoutTags(readWords(message)), readSignature(message)),
    ...(typeof refusal === "string" && refusal !== "" ? [{ type: "refusal", text: refusal } as const] : []),
    ...decodeImages(message),
    ...listOf(message["tool_calls"]).flatMap(decodeToolCall),
  ];
}

/** The words of a message or delta in their order: thinking in a field of its own, or marked as Google does. */
export function readWords(message: JsonObject): readonly Words[] {
  const thinking = message["reasoning_content"] ?? message["reasoning"];
  const thought = googleContent(message)?.["thought"];
  return [
    ...words("thinking", thinking),
    ...words("thinking", thought),
    ...contentWords(message["content"], thought === true ? "thinking" : "text"),
  ];
}

/** Pictures that the model made (`images`, as OpenRouter has it). */
export function decodeImages(message: JsonObject): readonly MediaPart[] {
  return listOf(message["images"]).flatMap((image): readonly MediaPart[] => {
    const url = isJsonObject(image["image_url"]) ? image["image_url"]["url"] : undefined;
    if (typeof url !== "string") return [];
    const data = readDataUrl(url);
    if (!data) return [{ type: "media", kind: "image", source: { type: "url", url } }];
    const source = { type: "inline", base64: data.base64 } as const;
    return [{ type: "media", kind: "image", mimeType: data.mimeType, source }];
  });
}

/** Argument text; servers that write an object in its place mean the same. */
export function argumentText(value: Json | undefined): string {
  if (typeof value === "string") return value;
  return isJsonObject(value) ? JSON.stringify(value) : "";
}

function words(type: Words["type"], text: Json | undefined): readonly Words[] {
  return typeof text === "string" && text !== "" ? [{ type, text }] : [];
}

/** `content` is a string, or, from Mistral's thinking models, parts of the kinds `text` and `thinking`. */
function contentWords(content: Json | undefined, type: Words["type"]): readonly Words[] {
  if (!isList(content)) return words(type, content);
  return listOf(content).flatMap((part) =>
    part["type"] === "thinking"
      ? listOf(part["thinking"]).flatMap((inner) => words("thinking", inner["text"]))
      : words(type, part["text"]),
  );
}

/** Google writes a whole answer's thoughts at the head of the content, between tags, and marks the message. */
function withoutTags(pieces: readonly Words[]): readonly Words[] {
  return pieces.flatMap((piece) => {
    if (piece.type !== "thinking") return [piece];
    const tagged = /^<thought>(.*?)<\/thought>(.*)$/s.exec(piece.text);
    return tagged ? [...words("thinking", tagged[1]), ...words("text", tagged[2])] : [piece];
  });
}

function signed(
  pieces: readonly Words[],
  signature: { readonly thoughtSignature?: string },
): readonly Part[] {
  if (signature.thoughtSignature === undefined) return pieces;
  const last = pieces.at(-1);
  if (last?.type !== "text") return [...pieces, { type: "text", text: "", ...signature }];
  return [...pieces.slice(0, -1), { ...last, type: "text", ...signature }];
}

const callFields: KnownFields = {
  id: true,
  type: true,
  index: true,
  function: { name: true, arguments: true },
  extra_content: { google: { thought_signature: true } },
};

function decodeToolCall(call: JsonObject): readonly Part[] {
  const called = call["function"];
  if (call["type"] === "custom") {
    return [{ type: "opaque", dialect: "openai-chat", name: "custom-tool-call", value: call }];
  }
  if (!isJsonObject(called) || typeof called["name"] !== "string") return [];
  const id = call["id"];
  const part: ToolCallPart = {
    type: "tool-call",
    ...(typeof id === "string" && id !== "" && { id }),
    name: called["name"],
    argumentsJson: argumentText(called["arguments"]) || "{}",
    ...readSignature(call),
    ...extraOf(call, callFields),
  };
  return [part];
}
