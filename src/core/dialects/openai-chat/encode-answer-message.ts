import type { JsonObject } from "#core/kernel/json.ts";
import type { OpaquePart, Part, ToolCallPart } from "#core/llm/message.ts";
import { vendorOf } from "#core/dialects/openai/vendor.ts";
import { encodeAnswerMedia } from "./answer-media.ts";
import { writeSignature } from "./google-extension.ts";
import { toolCallId } from "#core/dialects/tool-call-id.ts";
import { withExtra } from "./extra-fields.ts";

/**
 * Writes the parts of a candidate as OpenAI's assistant message. Thinking stands in `reasoning_content`; a text's
 * thought signature in `extra_content.google.thought_signature` of the message, a call's in that of the call; parts
 * that only another dialect has in `extra_content.<vendor>.parts`.
 */
export function encodeAnswerMessage(
  parts: readonly Part[],
  answer: { readonly responseId: string; readonly candidate: number },
): JsonObject {
  const thinking = joinedText(parts, "thinking");
  const refusal = joinedText(parts, "refusal");
  const calls = parts.filter((part) => part.type === "tool-call");
  const custom = parts.filter((part) => isOwnOpaque(part));
  const foreign = parts.filter((part) => part.type === "opaque" && !isOwnOpaque(part));
  const toolCalls = [
    ...calls.map((call, toolCall) => encodeToolCall(call, toolCallId({ ...answer, toolCall }))),
    ...custom.map((part) => part.value),
  ];
  return {
    role: "assistant",
    content:
      joinedText(parts, "text") ||
      (parts.some((part) => part.type === "text") && toolCalls.length === 0 ? "" : null),
    refusal: refusal || null,
    ...(thinking && { reasoning_content: thinking }),
    ...(toolCalls.length > 0 && { tool_calls: toolCalls }),
    ...encodeAnswerMedia(
      parts.filter((part) => part.type === "media"),
      answer.responseId,
    ),
    ...extraContent(signatureOf(parts), foreign),
  };
}

/** Writes a call; `fallbackId` is for calls whose model gave none. */
export function encodeToolCall(call: ToolCallPart, fallbackId: string): JsonObject {
  const written = {
    id: call.id || fallbackId,
    type: "function",
    function: { name: call.name, arguments: call.argumentsJson },
    ...writeSignature(call.thoughtSignature),
  };
  return withExtra(written, call.extra);
}

function joinedText(parts: readonly Part[], type: "text" | "thinking" | "refusal"): string {
  return parts.map((part) => (part.type === type ? part.text : "")).join("");
}

/** The last signature of text or thinking: Gemini signs the last such part of an answer. */
function signatureOf(parts: readonly Part[]): string | undefined {
  const signed = parts.findLast(
    (part) => (part.type === "text" || part.type === "thinking") && part.thoughtSignature !== undefined,
  );
  return signed?.type === "text" || signed?.type === "thinking" ? signed.thoughtSignature : undefined;
}

function isOwnOpaque(part: Part): part is OpaquePart {
  return part.type === "opaque" && part.dialect === "openai-chat";
}

function extraContent(signature: string | undefined, foreign: readonly OpaquePart[]): JsonObject {
  const signed = writeSignature(signature);
  if (foreign.length === 0) return signed;
  const written = foreignParts(foreign);
  return withExtra(signed, { dialect: "openai-chat", fields: written });
}

/** Parts of other dialects, by vendor. */
export function foreignParts(parts: readonly Pick<OpaquePart, "dialect" | "value">[]): JsonObject {
  const vendors = [...new Set(parts.map((part) => vendorOf(part.dialect)))];
  return {
    extra_content: Object.fromEntries(
      vendors.map((vendor) => [
        vendor,
        { parts: parts.filter((part) => vendorOf(part.dialect) === vendor).map((part) => part.value) },
      ]),
    ),
  };
}
