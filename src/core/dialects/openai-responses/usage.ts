import { wordOfTier } from "#core/dialects/openai/service-tier.ts";
import type { JsonObject } from "#core/kernel/json.ts";
import type { ChatRequest } from "#core/llm/request.ts";
import { totalTokens, type Usage } from "#core/llm/usage.ts";

/** Writes `usage`. Input tokens include what provider-side tools brought, output tokens include thinking. */
export function encodeUsage(usage: Usage): JsonObject {
  return {
    input_tokens: usage.inputTokens + usage.toolInputTokens,
    input_tokens_details: { cached_tokens: usage.cachedInputTokens },
    output_tokens: usage.outputTokens + usage.thinkingTokens,
    output_tokens_details: { reasoning_tokens: usage.thinkingTokens },
    total_tokens: totalTokens(usage),
  };
}

/** The quality of service that was given, where the provider said; else that which was asked for; else the usual one. */
export function servedTier(usage: Usage | undefined, request: ChatRequest | undefined): string {
  const served = usage?.serviceTier === undefined ? undefined : wordOfTier(usage.serviceTier);
  return served ?? request?.serviceTier ?? "default";
}
