import { isJsonObject, type Json, type JsonObject } from "#core/kernel/json.ts";
import { tierWords } from "#core/dialects/openai/service-tier.ts";
import { totalTokens, type Usage } from "#core/llm/usage.ts";
import { present } from "#core/kernel/present.ts";
import type { Filled } from "#core/kernel/filled.ts";

/** Writes `usage`. Prompt tokens include what provider-side tools brought, completion tokens include thinking. */
export function encodeUsage(usage: Usage): JsonObject {
  return {
    prompt_tokens: usage.inputTokens + usage.toolInputTokens,
    completion_tokens: usage.outputTokens + usage.thinkingTokens,
    total_tokens: totalTokens(usage),
    prompt_tokens_details: present({
      cached_tokens: usage.cachedInputTokens,
      audio_tokens: usage.inputByModality?.["audio"],
    }),
    completion_tokens_details: present({
      reasoning_tokens: usage.thinkingTokens,
      audio_tokens: usage.outputByModality?.["audio"],
    }),
  };
}

/**
 * Reads `usage` of an answer or a chunk; undefined when there is none, or a count below 0 shows that it is wrong. OpenAI counts thinking into `completion_tokens`. Some servers (Google's
 * own face among them) leave it out there and count it in `total_tokens` only: the gap is thinking, then. Either way
 * the total stays what the server said.
 */
export function decodeUsage({ usage, service_tier }: JsonObject): Usage | undefined {
  if (!isJsonObject(usage) || typeof usage["prompt_tokens"] !== "number") return undefined;
  const { prompt_tokens, completion_tokens, total_tokens } = usage;
  if (isNegative(prompt_tokens) || isNegative(completion_tokens) || isNegative(total_tokens))
    return undefined;
  const inputTokens = count(usage["prompt_tokens"]);
  const completionTokens = count(usage["completion_tokens"]);
  const promptDetails = details(usage["prompt_tokens_details"]);
  const outputDetails = details(usage["completion_tokens_details"]);
  const uncounted = Math.max(0, count(usage["total_tokens"]) - inputTokens - completionTokens);
  const thinkingTokens =
    uncounted > 0 ? uncounted : Math.min(count(outputDetails["reasoning_tokens"]), completionTokens);
  const outputTokens = uncounted > 0 ? completionTokens : completionTokens - thinkingTokens;
  // DeepSeek reports its cache beside the details.
  const cached = count(promptDetails["cached_tokens"] ?? usage["prompt_cache_hit_tokens"]);
  const read: Filled<Usage> = {
    inputTokens,
    cachedInputTokens: Math.min(cached, inputTokens),
    toolInputTokens: 0,
    outputTokens,
    thinkingTokens,
  };
  const inputByModality = byModality(promptDetails, inputTokens);
  if (inputByModality) read.inputByModality = inputByModality;
  const outputByModality = byModality(outputDetails, outputTokens);
  if (outputByModality) read.outputByModality = outputByModality;
  const serviceTier = typeof service_tier === "string" ? tierWords.get(service_tier) : undefined;
  if (serviceTier) read.serviceTier = serviceTier;
  return read;
}

function isNegative(value: Json | undefined): boolean {
  return Number(value ?? 0) < 0;
}

const noDetails: JsonObject = {};

function details(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : noDetails;
}

function count(value: Json | undefined): number {
  return typeof value === "number" && Number.isFinite(value) && value > 0 ? Math.round(value) : 0;
}

/** Tokens by modality where sound was reported; the rest is text. */
function byModality(reported: JsonObject, tokens: number): Readonly<Record<string, number>> | undefined {
  const audio = Math.min(count(reported["audio_tokens"]), tokens);
  return audio === 0 ? undefined : { text: tokens - audio, audio };
}
