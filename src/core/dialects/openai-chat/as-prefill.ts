import type { PrefillWay } from "#core/dialects/dialect.ts";
import { isJsonObject, isList, type JsonObject } from "#core/kernel/json.ts";

/**
 * Marks the last message of a request as the beginning of the answer. https://docs.vllm.ai (extra parameters of chat
 * completions), https://docs.mistral.ai and https://api-docs.deepseek.com (chat prefix completion), 2026-11-26.
 */
export function asPrefill(body: JsonObject, way: PrefillWay): JsonObject {
  switch (way) {
    case "last-turn":
      return body;
    case "continue-final-message":
      return { ...body, add_generation_prompt: false, continue_final_message: true };
    case "prefix":
      return { ...body, messages: withPrefix(body["messages"]) };
  }
}

function withPrefix(messages: JsonObject[string] | undefined): JsonObject[string] {
  if (!isList(messages)) return [];
  const last = messages.at(-1);
  return isJsonObject(last) ? [...messages.slice(0, -1), { ...last, prefix: true }] : messages;
}
