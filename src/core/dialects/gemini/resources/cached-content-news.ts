import type { ResourceCall, ResourceNews } from "#core/dialects/resources.ts";
import { isJsonObject, type Json, type JsonObject } from "#core/kernel/json.ts";
import { count } from "#core/dialects/gemini/usage.ts";

/**
 * What an answer about a cache tells of tokens: those that making it read, and how long they are kept. A longer life is
 * told from the moment it was given.
 */
export function cachedContentNews({ action }: ResourceCall, body: Json): ResourceNews {
  if (!isJsonObject(body) || (action !== "create" && action !== "update")) return {};
  const metadata = body["usageMetadata"];
  const tokens = count(isJsonObject(metadata) ? metadata["totalTokenCount"] : undefined);
  const fromMs = timeOf(body, action === "create" ? "createTime" : "updateTime");
  const untilMs = timeOf(body, "expireTime");
  const isKnown = fromMs !== undefined && untilMs !== undefined && untilMs > fromMs;
  return {
    ...(action === "create" && tokens > 0 && { usage: readTokens(tokens) }),
    ...(action === "update" && { usage: readTokens(0) }),
    ...(isKnown && tokens > 0 && { stored: { tokens, fromMs, untilMs } }),
  };
}

function readTokens(inputTokens: number) {
  return { inputTokens, cachedInputTokens: 0, toolInputTokens: 0, outputTokens: 0, thinkingTokens: 0 };
}

function timeOf(body: JsonObject, name: string): number | undefined {
  const written = body[name];
  const ms = typeof written === "string" ? Date.parse(written) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}
