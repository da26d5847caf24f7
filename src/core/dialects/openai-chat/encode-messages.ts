import { insertedSignature, withSignature } from "#core/dialects/thought-signatures.ts";
import type { JsonObject } from "#core/kernel/json.ts";
import type { Message, Part, ToolCallPart, ToolResultPart } from "#core/llm/message.ts";
import { encodeContent, encodeText, isPlainText } from "./encode-content.ts";
import type { Encoding } from "./encoding.ts";
import { isList } from "#core/kernel/json.ts";
import { writeSignature } from "./google-extension.ts";
import { pairToolCalls, type ToolCallIds } from "./pair-tool-calls.ts";
import { present } from "#core/kernel/present.ts";

/** Writes `messages`: each tool result becomes a message of its own. */
export function encodeMessages(given: readonly Message[], encoding: Encoding): readonly JsonObject[] {
  const messages = signedMessages(given, encoding);
  const ids = pairToolCalls(messages);
  const written: JsonObject[] = [];
  messages.forEach((message, index) => {
    const text = plainText(message);
    if (text !== undefined) written.push({ role: message.role, content: text });
    else written.push(...encodeMessage(message, `messages[${index}]`, ids, encoding));
  });
  return written;
}

/** The conversation as the model wants it back: Gemini 3 and later refuse a turn whose first call has no signature. */
function signedMessages(messages: readonly Message[], { model, warnings }: Encoding): readonly Message[] {
  if (!model.needsThoughtSignatures) return messages;
  return messages.map((message, index) => {
    if (message.role !== "assistant") return message;
    const parts = withSignature(message.parts, (at) =>
      warnings.push(insertedSignature(`messages[${index}].parts[${at}]`)),
    );
    return parts === message.parts ? message : { ...message, parts };
  });
}

/** The text of a turn that is one text and nothing else, as nearly all are: there is nothing in it to look for a place for. */
function plainText({ role, parts, name, extra }: Message): string | undefined {
  const [part] = parts;
  if (role === "tool" || part?.type !== "text" || parts.length > 1) return undefined;
  const more = name ?? extra ?? part.thoughtSignature ?? part.extra;
  return more === undefined ? part.text : undefined;
}

function encodeMessage(
  message: Message,
  path: string,
  ids: ToolCallIds,
  encoding: Encoding,
): readonly JsonObject[] {
  switch (message.role) {
    case "system":
    case "user":
      return [encodePlain(message, path, encoding)];
    case "assistant":
      return [encodeAssistant(message, path, ids, encoding)];
    case "tool":
      return encodeToolResults(message, path, ids, encoding);
  }
}

function encodePlain(message: Message, path: string, encoding: Encoding): JsonObject {
  const parts = message.parts.filter((part) => part.type !== "thinking");
  if (parts.length < message.parts.length)
    encoding.drop(`${path}.thinking`, "only the model's own turns hold thoughts");
  for (const [index, part] of parts.entries()) {
    if (part.type === "text" && part.thoughtSignature !== undefined) {
      encoding.drop(`${path}.parts[${index}].thoughtSignature`, "only the model's own turns hold signatures");
    }
  }
  const written = {
    role: message.role,
    content: encodeContent(parts, path, encoding),
    ...present({ name: message.name }),
  };
  return encoding.withExtra(written, message.extra, path);
}

function encodeAssistant(message: Message, path: string, ids: ToolCallIds, encoding: Encoding): JsonObject {
  const calls: JsonObject[] = [];
  const content: Part[] = [];
  let thinking = "";
  let refusal = "";
  for (const [index, part] of message.parts.entries()) {
    if (part.type === "tool-call") calls.push(encodeCall(part, `${path}.parts[${index}]`, ids, encoding));
    else if (part.type === "opaque" && part.name === "custom-tool-call") calls.push(part.value as JsonObject);
    else if (part.type === "thinking") {
      thinking += part.text;
      encoding.withExtra({}, part.extra, `${path}.parts[${index}]`);
    } else if (part.type === "refusal") refusal += part.text;
    else if (part.type === "text") content.push(part);
    else
      encoding.problems.unsupported(
        `${path}.parts[${index}]`,
        `the model's own turn cannot hold ${nameOf(part)}`,
      );
  }
  const written = {
    role: "assistant",
    content: assistantContent(content, path, calls.length > 0 || refusal !== "", encoding),
    ...(thinking !== "" && { reasoning_content: thinking }),
    ...(refusal !== "" && { refusal }),
    ...(calls.length > 0 && { tool_calls: calls }),
    ...present({ name: message.name }),
    ...messageSignature(message, path, encoding),
  };
  return encoding.withExtra(written, message.extra, path);
}

function nameOf(part: Part): string {
  if (part.type === "media") return part.kind;
  return part.type === "opaque" ? `"${part.name}"` : `a ${part.type}`;
}

/** A string, or parts where one carries fields of its own; null only beside calls or a refusal, as OpenAI wants it. */
function assistantContent(
  parts: readonly Part[],
  path: string,
  mayBeNull: boolean,
  encoding: Encoding,
): string | readonly JsonObject[] | null {
  const texts = parts.filter((part) => part.type === "text");
  const written = texts.map((part) => encodeText(part, path, encoding));
  if (!written.every(isPlainText)) return written;
  const text = texts.map((part) => part.text).join("");
  return text === "" && mayBeNull ? null : text;
}

function messageSignature(message: Message, path: string, encoding: Encoding): JsonObject {
  const signed = message.parts.flatMap((part) =>
    part.type === "text" || part.type === "thinking" ? (part.thoughtSignature ?? []) : [],
  );
  if (signed.length > 1)
    encoding.drop(`${path}.thoughtSignature`, "a message carries one signature: the last");
  return signature(signed.at(-1), path, encoding);
}

function signature(value: string | undefined, path: string, encoding: Encoding): JsonObject {
  if (value === undefined || encoding.speaksGoogle) return writeSignature(value);
  encoding.drop(`${path}.thoughtSignature`, "it means something to Gemini's models only");
  return {};
}

function encodeCall(call: ToolCallPart, path: string, ids: ToolCallIds, encoding: Encoding): JsonObject {
  const written = {
    id: ids.get(call) ?? "",
    type: "function",
    function: { name: call.name, arguments: call.argumentsJson },
    ...signature(call.thoughtSignature, path, encoding),
  };
  return encoding.withExtra(written, call.extra, path);
}

function encodeToolResults(
  message: Message,
  path: string,
  ids: ToolCallIds,
  encoding: Encoding,
): readonly JsonObject[] {
  if (message.extra) encoding.withExtra({}, message.extra, path);
  return message.parts.flatMap((part, index) => {
    const place = `${path}.parts[${index}]`;
    if (part.type === "tool-result") return [encodeResult(part, place, ids, encoding)];
    encoding.problems.unsupported(place, "a tool's turn holds results only");
    return [];
  });
}

function encodeResult(part: ToolResultPart, path: string, ids: ToolCallIds, encoding: Encoding): JsonObject {
  const id = ids.get(part);
  if (id === undefined)
    encoding.problems.invalid(path, "the result of a call made before it", "one without a call");
  const kept = part.extra?.dialect === "openai-chat" ? part.extra.fields["content"] : undefined;
  const content = typeof part.content === "string" ? part.content : JSON.stringify(part.content);
  const written = { role: "tool", tool_call_id: id ?? "", content: isList(kept) ? kept : content };
  return encoding.withExtra(written, part.extra, path);
}
