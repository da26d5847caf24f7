import type { Content, Part } from "../gemini/request.ts";
import type { JsonObject } from "../json.ts";
import { isJsonObject } from "../json.ts";
import { badOpenAiRequest } from "./errors.ts";
import type { Fields } from "./read-fields.ts";
import { objectList, optionalObject, optionalText, requiredText } from "./read-fields.ts";

/** Chat messages as the turns the emulated model reads. */
export interface Conversation {
  readonly contents: readonly Content[];
  readonly systemInstruction?: Content;
}

/** Reads `messages`. Tool results that follow each other become one turn. Throws OpenAI's 400s. */
export function readMessages(request: Fields): Conversation {
  const messages = objectList(request, "messages");
  if (messages.length === 0)
    throw badOpenAiRequest(
      "Invalid 'messages': empty array. Expected an array with minimum length 1.",
      "messages",
    );
  const toolNames = new Map<string, string>();
  const system: Part[] = [];
  const contents: Content[] = [];
  for (const message of messages) {
    const role = requiredText(message, "role");
    if (role === "system" || role === "developer") system.push(...contentParts(message));
    else addTurn(contents, turnOf(message, role, toolNames));
  }
  return { contents, ...(system.length === 0 ? {} : { systemInstruction: { parts: system } }) };
}

function turnOf(message: Fields, role: string, toolNames: Map<string, string>): Content {
  switch (role) {
    case "user":
      return { role: "user", parts: contentParts(message) };
    case "assistant":
      return { role: "model", parts: assistantParts(message, toolNames) };
    case "tool":
      return { role: "user", parts: [toolResult(message, toolNames)] };
    default:
      throw badOpenAiRequest(
        `Invalid value: '${role}'. Supported values are: 'system', 'developer', 'assistant', 'user' and 'tool'.`,
        `${message.path}.role`,
      );
  }
}

function addTurn(contents: Content[], turn: Content): void {
  const last = contents.at(-1);
  const isNextResult =
    turn.parts[0]?.functionResponse !== undefined && last?.parts[0]?.functionResponse !== undefined;
  if (isNextResult && last !== undefined)
    contents[contents.length - 1] = { ...last, parts: [...last.parts, ...turn.parts] };
  else contents.push(turn);
}

function contentParts(message: Fields): readonly Part[] {
  const content = message.object["content"];
  if (typeof content === "string") return [{ text: content }];
  if (content === undefined || content === null) {
    throw badOpenAiRequest(
      `Invalid value for 'content': expected a string, got null.`,
      `${message.path}.content`,
    );
  }
  return objectList(message, "content").map(contentPart);
}

function contentPart(part: Fields): Part {
  const type = requiredText(part, "type");
  switch (type) {
    case "text":
      return { text: requiredText(part, "text") };
    case "refusal":
      return { text: requiredText(part, "refusal") };
    case "image_url": {
      const image = optionalObject(part, "image_url");
      return mediaPart(
        image === undefined ? requiredText(part, "image_url") : requiredText(image, "url"),
        "image/png",
      );
    }
    case "input_audio": {
      const audio = optionalObject(part, "input_audio") ?? { object: {}, path: `${part.path}.input_audio` };
      const format = requiredText(audio, "format");
      return { inlineData: { mimeType: `audio/${format}`, data: requiredText(audio, "data") } };
    }
    case "file": {
      const file = optionalObject(part, "file") ?? { object: {}, path: `${part.path}.file` };
      return mediaPart(requiredText(file, "file_data"), "application/pdf");
    }
    default:
      throw badOpenAiRequest(
        `Invalid value: '${type}'. Supported values are: 'text', 'image_url', 'input_audio', 'refusal' and 'file'.`,
        `${part.path}.type`,
      );
  }
}

function mediaPart(url: string, mimeTypeDefault: string): Part {
  const [, mimeType = mimeTypeDefault, data] = /^data:([^;,]+)?(?:;[^,]*)?,(.*)$/s.exec(url) ?? [];
  return data === undefined
    ? { fileData: { mimeType: mimeTypeDefault, fileUri: url } }
    : { inlineData: { mimeType, data } };
}

function assistantParts(message: Fields, toolNames: Map<string, string>): readonly Part[] {
  const calls = objectList(message, "tool_calls").map((call) => callPart(call, toolNames));
  const content = message.object["content"];
  const hasText = content !== undefined && content !== null && content !== "";
  const parts = [...(hasText ? contentParts(message) : []), ...calls];
  return parts.length === 0 ? [{ text: "" }] : parts;
}

function callPart(call: Fields, toolNames: Map<string, string>): Part {
  const id = requiredText(call, "id");
  const functionFields = optionalObject(call, "function") ?? { object: {}, path: `${call.path}.function` };
  const name = requiredText(functionFields, "name");
  toolNames.set(id, name);
  const signature = signatureOf(call);
  return {
    functionCall: { id, name, args: parsedArguments(functionFields) },
    ...(signature === undefined ? {} : { thoughtSignature: signature }),
  };
}

/** Google's face carries the thought signature in extra_content.google.thought_signature of a tool call. */
function signatureOf(call: Fields): string | undefined {
  const extra = optionalObject(call, "extra_content");
  const google = extra === undefined ? undefined : optionalObject(extra, "google");
  return google === undefined ? undefined : optionalText(google, "thought_signature");
}

function parsedArguments(functionFields: Fields): JsonObject {
  const text = optionalText(functionFields, "arguments") ?? "{}";
  try {
    const value: unknown = JSON.parse(text === "" ? "{}" : text);
    if (isJsonObject(value)) return value;
  } catch {
    // Falls through to the same error as a value that is no object.
  }
  throw badOpenAiRequest("Tool call arguments must be a JSON object.", `${functionFields.path}.arguments`);
}

function toolResult(message: Fields, toolNames: Map<string, string>): Part {
  const id = requiredText(message, "tool_call_id");
  const name = toolNames.get(id);
  if (name === undefined) {
    throw badOpenAiRequest(
      "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
      `${message.path}.role`,
    );
  }
  const text = contentParts(message)
    .map((part) => part.text ?? "")
    .join("");
  return { functionResponse: { id, name, response: responseOf(text) } };
}

function responseOf(text: string): JsonObject {
  try {
    const value: unknown = JSON.parse(text);
    if (isJsonObject(value)) return value;
  } catch {
    // A result that is no JSON is passed on as text.
  }
  return { result: text };
}
