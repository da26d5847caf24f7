import type { JsonObject } from "#core/kernel/json.ts";
import type { FinishReason } from "#core/llm/finish-reason.ts";
import type { Finish } from "#core/llm/response.ts";

/**
 * Writes why a choice ended. OpenAI has five words. What fits none of them (a tool call that cannot be parsed, a reason
 * unknown to us) becomes `content_filter`: the one word on which every client stops to trust the answer. The
 * provider's own word stands beside it in `native_finish_reason`, the name that OpenRouter gave it.
 * @param hasToolCalls whether the choice calls tools: Gemini says "stop" then, OpenAI's clients wait for `tool_calls`
 */
export function encodeFinish(finish: Finish, hasToolCalls: boolean): JsonObject {
  const word = words[finish.reason];
  const reason = finish.reason === "stop" && hasToolCalls ? "tool_calls" : word;
  const isExact = exact.has(finish.reason);
  return { finish_reason: reason, ...(!isExact && { native_finish_reason: finish.raw }) };
}

const words: Readonly<Record<FinishReason, string>> = {
  stop: "stop",
  length: "length",
  "tool-calls": "tool_calls",
  "content-filter": "content_filter",
  "malformed-tool-call": "content_filter",
  // The answer is cut where the provider wanted to be asked again: to an OpenAI client that is a length limit.
  continuation: "length",
  other: "content_filter",
};

const exact: ReadonlySet<FinishReason> = new Set(["stop", "length", "tool-calls"]);

/** Reads why a choice ended, in OpenAI's words and in those that compatible servers use. */
export function decodeFinish(raw: string, native?: string): Finish {
  const reason = reasons[raw.toLowerCase()] ?? "other";
  if (reason === "content-filter" && native !== undefined) {
    return { reason: nativeReasons[native] ?? "content-filter", raw: native };
  }
  return { reason, raw };
}

const reasons: Readonly<Record<string, FinishReason | undefined>> = {
  stop: "stop",
  eos: "stop",
  eos_token: "stop",
  end_turn: "stop",
  stop_sequence: "stop",
  length: "length",
  max_tokens: "length",
  model_length: "length",
  tool_calls: "tool-calls",
  tool_use: "tool-calls",
  function_call: "tool-calls",
  content_filter: "content-filter",
  safety: "content-filter",
};

/** Words that our own `content_filter` may stand for: another Signalbox can be the upstream. */
const nativeReasons: Readonly<Record<string, FinishReason | undefined>> = {
  MALFORMED_FUNCTION_CALL: "malformed-tool-call",
  OTHER: "other",
};
