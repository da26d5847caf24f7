import { isJsonObject, isList, type Json, type JsonObject } from "#core/kernel/json.ts";
import type { VerificationAnswer } from "./ask.ts";

/** What an answer, whole or streamed, said: put together from its payloads. */
export interface AnswerParts {
  readonly text: string;
  readonly finishReason: string | undefined;
  readonly toolCalls: readonly { readonly name: string; readonly argumentsJson: string }[];
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** Reads the payloads of an answer. */
export function partsOf({ payloads }: VerificationAnswer): AnswerParts {
  const choices = payloads.map(({ choices: list }) => objectAt(list, 0));
  const messages = choices.map((choice) => asObject(choice["message"] ?? choice["delta"]));
  const usage = payloads
    .map((payload) => asObject(payload["usage"]))
    .findLast((one) => "prompt_tokens" in one);
  return {
    text: messages.map(({ content }) => (typeof content === "string" ? content : "")).join(""),
    finishReason: choices
      .map(({ finish_reason }) => finish_reason)
      .findLast((one) => typeof one === "string"),
    toolCalls: toolCalls(messages),
    inputTokens: Number(usage?.["prompt_tokens"] ?? 0),
    outputTokens: Number(usage?.["completion_tokens"] ?? 0),
  };
}

function toolCalls(messages: readonly JsonObject[]): AnswerParts["toolCalls"] {
  const functions = messages.flatMap(({ tool_calls: calls }) => (isList(calls) ? calls.map(asObject) : []));
  return functions.map((call) => {
    const { name, arguments: argumentsJson } = asObject(call["function"]);
    return {
      name: typeof name === "string" ? name : "",
      argumentsJson: typeof argumentsJson === "string" ? argumentsJson : "",
    };
  });
}

/** Text as JSON; undefined when it is none. */
export function jsonOf(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    // That it is no JSON is what the caller asks.
    return undefined;
  }
}

function objectAt(list: Json | undefined, index: number): JsonObject {
  return asObject(isList(list) ? list[index] : undefined);
}

function asObject(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}
