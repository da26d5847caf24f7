import { isJsonObject, isList, type Json, type JsonObject } from "#core/kernel/json.ts";
import { RefusedRequest } from "./refused-request.ts";

/** OpenAI's messages in the form that LangChain makes its own of. @throws RefusedRequest */
export function modelMessages(messages: Json | undefined): readonly JsonObject[] {
  if (!isList(messages)) throw new RefusedRequest("Cannot read messages: a list is wanted");
  return messages.map((message, index) => {
    if (isJsonObject(message)) return modelMessage(message, index);
    throw new RefusedRequest(`Cannot read messages[${index}]: an object is wanted`);
  });
}

function modelMessage(message: JsonObject, index: number): JsonObject {
  const { role, name } = message;
  const content = contentOf(message["content"], index);
  const named = typeof name === "string" ? { name } : {};
  switch (role) {
    case "system":
    case "developer":
    case "user":
      return { role, content, ...named };
    case "assistant":
      return { role, ...saidBy(message, content, index), ...named };
    case "tool":
      return { role, content, ...named, tool_call_id: textOf(message["tool_call_id"], index) };
    default:
      throw new RefusedRequest(
        `Cannot read messages[${index}].role: system, developer, user, assistant or tool is wanted`,
      );
  }
}

function textOf(id: Json | undefined, index: number): string {
  if (typeof id === "string") return id;
  throw new RefusedRequest(`Cannot read messages[${index}].tool_call_id: the id of a tool call is wanted`);
}

function contentOf(content: Json | undefined, index: number): Json {
  if (typeof content === "string") return content;
  if (!isList(content)) return "";
  return content.map((part) => contentPart(part, index));
}

/** Text and pictures: what all of LangChain's models read in OpenAI's form. */
function contentPart(part: Json, index: number): JsonObject {
  const type = isJsonObject(part) ? part["type"] : undefined;
  if (isJsonObject(part)) {
    const { text, refusal, image_url: image } = part;
    if (type === "text" && typeof text === "string") return { type, text };
    if (type === "refusal" && typeof refusal === "string") return { type: "text", text: refusal };
    if (type === "image_url" && image !== undefined) return { type, image_url: image };
  }
  throw new RefusedRequest(`Cannot put messages[${index}].content to a LangChain model: text and images go`);
}

/**
 * What the model said in a turn. Calls stand among the blocks of the content, too, in LangChain's version 1 of it: Google's
 * classes pass over those that do not.
 */
function saidBy(message: JsonObject, content: Json, index: number): JsonObject {
  const thoughts = thoughtsOf(message);
  const calls = message["tool_calls"];
  if (!isList(calls) || calls.length === 0) return { content, ...thoughts };
  const called = calls.map((call) => modelCall(call, index));
  const text = content === "" ? [] : [{ type: "text", text: content }];
  return {
    content: [...(isList(content) ? content : text), ...called],
    tool_calls: called,
    response_metadata: { output_version: "v1" },
    ...thoughts,
  };
}

function modelCall(call: Json, index: number): JsonObject {
  const called = isJsonObject(call) ? call["function"] : undefined;
  const args = isJsonObject(called) ? argumentsOf(called["arguments"]) : undefined;
  if (!isJsonObject(call) || !isJsonObject(called) || !args)
    throw new RefusedRequest(
      `Cannot read messages[${index}].tool_calls: functions with an object of arguments are wanted`,
    );
  const signature = signatureOf(call);
  return {
    type: "tool_call",
    id: call["id"],
    name: called["name"],
    args,
    ...(signature !== undefined && { thoughtSignature: signature }),
  };
}

/** What Gemini wants back with a call, where Google's own OpenAI face has it. */
function signatureOf({ extra_content: extra }: JsonObject): string | undefined {
  const google = isJsonObject(extra) ? extra["google"] : undefined;
  const signature = isJsonObject(google) ? google["thought_signature"] : undefined;
  return typeof signature === "string" ? signature : undefined;
}

function argumentsOf(text: Json | undefined): JsonObject | undefined {
  if (typeof text !== "string") return undefined;
  try {
    const args: unknown = JSON.parse(text === "" ? "{}" : text);
    return isJsonObject(args) ? args : undefined;
  } catch {
    // Not JSON is an answer here: the caller refuses the request.
    return undefined;
  }
}

function thoughtsOf({ reasoning_content: thoughts }: JsonObject): JsonObject {
  return typeof thoughts === "string" && thoughts !== ""
    ? { additional_kwargs: { reasoning_content: thoughts } }
    : {};
}
