import { isJsonObject, type Json } from "#core/kernel/json.ts";
import type { Message, Part, ToolCallPart, ToolResultPart } from "#core/llm/message.ts";
import { decodeContent } from "./decode-content.ts";
import { unknownFields, type KnownFields } from "#core/dialects/unknown-fields.ts";
import { extraOf } from "./extra-fields.ts";
import type { Fields } from "#core/dialects/fields.ts";
import { readSignature } from "./google-extension.ts";

const roles = ["system", "developer", "user", "assistant", "tool", "function"] as const;

/**
 * Reads `messages`. `developer` becomes `system` (OpenAI's newer word for it). Tool results that follow each other
 * become one turn, as they answer the calls of one turn.
 */
export function decodeMessages(request: Fields): readonly Message[] {
  const items = request.list("messages") ?? [];
  const messages: Message[] = [];
  for (const [index, item] of items.entries()) {
    const message = plainText(item) ?? decodeItem(request, index, item);
    if (message === undefined) continue;
    const last = messages.at(-1);
    if (message.role === "tool" && last?.role === "tool") {
      messages[messages.length - 1] = { ...last, parts: [...last.parts, ...message.parts] };
    } else messages.push(message);
  }
  // A prompt may say all that there is to say.
  if (messages.length === 0 && request.value("prompt_variables") === undefined)
    request.invalid("messages", "an array of at least one message");
  return messages;
}

function decodeItem(request: Fields, index: number, item: Json): Message | undefined {
  const message = request.item("messages", index, item);
  return message && decodeMessage(message);
}

/**
 * A message of nothing but a role and a text, as most are, read with nothing built beside it: what `decodeMessage`
 * gives for it. Undefined for every other.
 */
function plainText(item: Json): Message | undefined {
  if (!isJsonObject(item)) return undefined;
  const content = item["content"];
  if (typeof content !== "string") return undefined;
  for (const key in item) if (key !== "role" && key !== "content") return undefined;
  const role = plainRole(item["role"]);
  if (role === undefined || (role === "assistant" && content === "")) return undefined;
  return { role, parts: [{ type: "text", text: content }] };
}

function plainRole(role: Json | undefined): "system" | "user" | "assistant" | undefined {
  if (role === "user" || role === "assistant" || role === "system") return role;
  return role === "developer" ? "system" : undefined;
}

function decodeMessage(message: Fields): Message | undefined {
  switch (message.word("role", roles)) {
    case "system":
    case "developer":
      return plainMessage(message, "system", decodeContent(message, ["text"]));
    case "user":
      return plainMessage(
        message,
        "user",
        decodeContent(message, ["text", "image_url", "input_audio", "file"]),
      );
    case "assistant":
      return decodeAssistant(message);
    case "tool":
      return { role: "tool", parts: [toolResult(message)] };
    case "function":
      message.problems.unsupported(
        message.at("role"),
        `use the role "tool" with tool_call_id instead of "function"`,
      );
      return undefined;
    case undefined:
      if (message.value("role") === undefined) message.invalid("role", "a string");
      return undefined;
  }
}

function plainMessage(message: Fields, role: "system" | "user", parts: readonly Part[]): Message {
  return {
    role,
    parts,
    ...named(message),
    ...extraOf(message.object, { role: true, content: true, name: true }),
  };
}

function named(message: Fields): { readonly name?: string } {
  const name = message.text("name");
  return name === undefined ? {} : { name };
}

const googleFields: KnownFields = { google: { thought_signature: true } };
const assistantFields: KnownFields = {
  role: true,
  content: true,
  name: true,
  refusal: true,
  reasoning_content: true,
  tool_calls: true,
  extra_content: googleFields,
};

function decodeAssistant(message: Fields): Message {
  if (message.value("function_call") !== undefined) {
    message.problems.unsupported(message.at("function_call"), "use tool_calls instead");
  }
  const thinking = message.text("reasoning_content");
  const refusal = message.text("refusal");
  return {
    role: "assistant",
    parts: [
      ...(thinking ? [{ type: "thinking", text: thinking } as const] : []),
      ...signed(assistantContent(message), readSignature(message.object)),
      ...(refusal ? [{ type: "refusal", text: refusal } as const] : []),
      ...message.children("tool_calls").map(toolCall),
    ],
    ...named(message),
    ...extraOf(message.object, assistantFields),
  };
}

function assistantContent(message: Fields): readonly Part[] {
  const content = message.value("content");
  // Messages that only call tools have null or, from some clients, an empty text.
  return content === undefined || content === "" ? [] : decodeContent(message, ["text", "refusal"]);
}

/** The parts with the message's signature on the last text; a signature without any text gets an empty one. */
function signed(parts: readonly Part[], signature: { readonly thoughtSignature?: string }): readonly Part[] {
  if (signature.thoughtSignature === undefined) return parts;
  const index = parts.findLastIndex((part) => part.type === "text");
  const part = parts[index];
  if (part?.type !== "text") return [...parts, { type: "text", text: "", ...signature }];
  return parts.with(index, { ...part, ...signature });
}

const callFields: KnownFields = {
  id: true,
  type: true,
  function: { name: true, arguments: true },
  extra_content: googleFields,
};

function toolCall(call: Fields): Part {
  if (call.value("type") === "custom") {
    return { type: "opaque", dialect: "openai-chat", name: "custom-tool-call", value: call.object };
  }
  const called = call.child("function");
  if (!called) call.invalid("function", "an object");
  const id = call.requiredText("id");
  const part: ToolCallPart = {
    type: "tool-call",
    id,
    name: called?.requiredText("name") ?? "",
    // A model that calls a tool without parameters may write nothing at all.
    argumentsJson: called?.text("arguments") || "{}",
    ...readSignature(call.object),
    ...extraOf(call.object, callFields),
  };
  return part;
}

function toolResult(message: Fields): ToolResultPart {
  const parts = decodeContent(message, ["text"]);
  const name = message.text("name");
  const fields = {
    ...unknownFields(message.object, { role: true, content: true, tool_call_id: true, name: true }),
    // Fields on the parts (cache marks, ...) have no place in a plain text: the parts are kept as they came.
    ...(parts.some((part) => part.type === "text" && part.extra) && { content: message.object["content"] }),
  };
  return {
    type: "tool-result",
    callId: message.requiredText("tool_call_id"),
    ...(name !== undefined && { name }),
    content: parts.map((part) => (part.type === "text" ? part.text : "")).join(""),
    ...(Object.keys(fields).length > 0 && { extra: { dialect: "openai-chat", fields } }),
  };
}
