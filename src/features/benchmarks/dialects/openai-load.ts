import { isJsonObject, isList, type Json, type JsonObject } from "#core/kernel/json.ts";
import type { EventKind, TokenCounts } from "#core/benchmarks/timeline.ts";
import { present } from "#core/kernel/present.ts";
import { extendedUrl } from "./extended-url.ts";
import type { LoadDialect } from "./load-dialect.ts";

/** OpenAI's chat completions. The usage is asked for, since only the server knows how many tokens there were. */
export const openAiLoad: LoadDialect = {
  endMark: "[DONE]",
  url: (base) => extendedUrl(base, { version: "/v1", rest: "/chat/completions" }),
  headers: (key) => (key === undefined ? {} : { authorization: `Bearer ${key}` }),
  body: ({ model, stream, turns, outputTokensMax }) => ({
    model,
    messages: turns.map(({ by, text }) => ({ role: by === "user" ? "user" : "assistant", content: text })),
    ...(outputTokensMax !== undefined && { max_tokens: outputTokensMax }),
    ...(stream && { stream, stream_options: { include_usage: true } }),
  }),
  readEvent(data) {
    if (data["error"] !== undefined) return { ...noChoice, error: codeOf(data["error"]) };
    const usage = usageOf(data["usage"]);
    const choice = firstOf(data["choices"]);
    const told = usage && { usage };
    if (!choice) return { ...noChoice, ...told };
    const delta = isJsonObject(choice["delta"]) ? choice["delta"] : {};
    const isFinal = typeof choice["finish_reason"] === "string";
    return { kind: kindOf(delta), text: textOf(delta["content"]), isFinal, ...told };
  },
  readWhole(body) {
    const message = firstOf(body["choices"])?.["message"];
    const text = isJsonObject(message) ? textOf(message["content"]) : "";
    return present({ text, usage: usageOf(body["usage"]) });
  },
};

const noChoice = { kind: "usage", text: "", isFinal: false } as const;

function kindOf(delta: JsonObject): EventKind {
  if (textOf(delta["content"]) !== "") return "content";
  const calls = delta["tool_calls"];
  if (isList(calls) && calls.length > 0) return "tool";
  return textOf(delta["reasoning_content"] ?? delta["reasoning"]) === "" ? "role" : "reasoning";
}

/** Completion tokens include those of thinking. */
function usageOf(usage: Json | undefined): TokenCounts | undefined {
  if (!isJsonObject(usage) || typeof usage["completion_tokens"] !== "number") return undefined;
  const details = usage["completion_tokens_details"];
  return {
    input: countOf(usage["prompt_tokens"]),
    output: usage["completion_tokens"],
    reasoning: isJsonObject(details) ? countOf(details["reasoning_tokens"]) : 0,
  };
}

function codeOf(error: Json): string {
  const code = isJsonObject(error) ? (error["code"] ?? error["type"]) : undefined;
  return typeof code === "string" || typeof code === "number" ? String(code).slice(0, 80) : "without a code";
}

function firstOf(choices: Json | undefined): JsonObject | undefined {
  const [first] = isList(choices) ? choices : [];
  return isJsonObject(first) ? first : undefined;
}

function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

function countOf(value: Json | undefined): number {
  return typeof value === "number" ? value : 0;
}
