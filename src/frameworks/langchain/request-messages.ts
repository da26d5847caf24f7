import { AIMessage, ChatMessage, ToolMessage, type BaseMessage } from "@langchain/core/messages";
import type { JsonObject } from "#core/kernel/json.ts";
import { signatureField } from "../transport/thought-signature.ts";
import { assistantContent, requestContent } from "./request-content.ts";
import { callSignature, textSignature } from "./thought-signatures.ts";

const roles: Readonly<Record<string, string>> = { human: "user", system: "system", developer: "developer" };

/**
 * LangChain's messages as OpenAI's.
 * @throws TypeError on a message that has no counterpart
 */
export function requestMessages(messages: readonly BaseMessage[]): readonly JsonObject[] {
  return messages.map((message) => ({
    ...requestMessage(message),
    ...(message.name && { name: message.name }),
  }));
}

function requestMessage(message: BaseMessage): JsonObject {
  if (AIMessage.isInstance(message)) return assistantMessage(message);
  if (ToolMessage.isInstance(message)) {
    return { role: "tool", tool_call_id: message.tool_call_id, content: requestContent(message.content) };
  }
  const role = ChatMessage.isInstance(message) ? message.role : roles[message.type];
  if (role === undefined) {
    throw new TypeError(
      `Cannot send a message of type "${message.type}": system, human, ai, tool or generic is wanted`,
    );
  }
  return { role, content: requestContent(message.content) };
}

function assistantMessage(message: AIMessage): JsonObject {
  const calls = [
    ...(message.tool_calls ?? []).map(({ id, name, args }) => ({ id, name, written: JSON.stringify(args) })),
    ...(message.invalid_tool_calls ?? []).map(({ id, name, args }) => ({ id, name, written: args ?? "" })),
  ].map(({ id = "", name = "", written }) => ({
    id,
    type: "function",
    function: { name, arguments: written },
    ...signatureField(callSignature(message, id)),
  }));
  const text = assistantContent(message.content);
  return {
    role: "assistant",
    content: text === "" && calls.length > 0 ? null : text,
    ...(calls.length > 0 && { tool_calls: calls }),
    ...signatureField(textSignature(message)),
  };
}
