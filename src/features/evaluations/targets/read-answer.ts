import type { AnsweredItem } from "#core/evaluations/record.ts";
import { isJsonObject, isList, type Json, type JsonObject } from "#core/kernel/json.ts";
import { present } from "#core/kernel/present.ts";
import type { CalledTool, ScoredAnswer } from "#core/scoring/scored-answer.ts";
import type { ModelReply } from "./model-reply.ts";

/** What is kept of an answer, and what scorers see of it. */
export interface ReadAnswer {
  readonly outcome: AnsweredItem;
  readonly scored: Omit<ScoredAnswer, "fields" | "item" | "target">;
}

/** What tokens of a target cost whose answers do not tell it, US dollars per million. */
export interface TokenPrice {
  readonly inputUsd: number;
  readonly outputUsd: number;
}

/** Reads a `chat.completion`; undefined where it is none. */
export function readAnswer(
  { body, headers, latencyMs }: Extract<ModelReply, { readonly kind: "answered" }>,
  price: TokenPrice | undefined,
): ReadAnswer | undefined {
  const choice = isList(body["choices"]) ? body["choices"][0] : undefined;
  const message = isJsonObject(choice) ? choice["message"] : undefined;
  if (!isJsonObject(choice) || !isJsonObject(message)) return undefined;
  const text = textIn(message["content"]);
  const inputTokens = countIn(body["usage"], "prompt_tokens");
  const outputTokens = countIn(body["usage"], "completion_tokens");
  const costUsd = costIn(headers) ?? costOf(price, inputTokens, outputTokens);
  const finishReason = wordIn(choice["finish_reason"]);
  return {
    outcome: {
      kind: "answered",
      text,
      latencyMs,
      ...present({
        gatewayMs: gatewayMsIn(headers["server-timing"]),
        costUsd,
        inputTokens,
        outputTokens,
        requestId: headers["x-signalbox-request-id"],
        model: wordIn(body["model"]),
      }),
    },
    scored: {
      text,
      toolCalls: toolsIn(message["tool_calls"]),
      finishReason,
      latencyMs,
      costUsd,
      inputTokens,
      outputTokens,
    },
  };
}

/** What Signalbox says that an answer cost, US dollars. */
export function costIn(headers: Readonly<Record<string, string>>): number | undefined {
  return amountIn(headers["x-signalbox-cost-usd"]);
}

function textIn(content: Json | undefined): string {
  if (typeof content === "string") return content;
  if (!isList(content)) return "";
  return content.map((part) => (isJsonObject(part) ? (wordIn(part["text"]) ?? "") : "")).join("");
}

function toolsIn(calls: Json | undefined): readonly CalledTool[] {
  if (!isList(calls)) return [];
  return calls.flatMap((call) => {
    const called = isJsonObject(call) ? call["function"] : undefined;
    const name = isJsonObject(called) ? wordIn(called["name"]) : undefined;
    if (!isJsonObject(called) || name === undefined) return [];
    return [{ name, arguments: argumentsIn(called["arguments"]) }];
  });
}

function argumentsIn(text: Json | undefined): JsonObject | undefined {
  if (typeof text !== "string") return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    // Arguments that are no JSON are told as undefined: a scorer of tool calls says so.
    return undefined;
  }
}

function wordIn(value: Json | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function countIn(usage: Json | undefined, name: string): number | undefined {
  const count = isJsonObject(usage) ? usage[name] : undefined;
  return typeof count === "number" && Number.isSafeInteger(count) && count >= 0 ? count : undefined;
}

/** An amount; what is below 0 would make room in a budget. */
function amountIn(text: string | undefined): number | undefined {
  const value = text === undefined || text === "" ? NaN : Number(text);
  return Number.isFinite(value) && value >= 0 ? value : undefined;
}

function gatewayMsIn(timing: string | undefined): number | undefined {
  return amountIn(/(?:^|,\s*)gateway;dur=([\d.]+)/.exec(timing ?? "")?.[1]);
}

function costOf(
  price: TokenPrice | undefined,
  inputTokens: number | undefined,
  outputTokens: number | undefined,
): number | undefined {
  if (!price || inputTokens === undefined || outputTokens === undefined) return undefined;
  return (inputTokens * price.inputUsd + outputTokens * price.outputUsd) / 1e6;
}
