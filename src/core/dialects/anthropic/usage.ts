import type { JsonObject } from "#core/kernel/json.ts";
import type { Usage } from "#core/llm/usage.ts";

/**
 * Writes `usage`. Anthropic counts what was read from the cache apart from the rest of the prompt, and thinking into the
 * output. Where nothing was reported the counts are 0: its clients read them without looking whether they are there.
 */
export function encodeUsage(usage: Usage | undefined): JsonObject {
  const cached = usage?.cachedInputTokens ?? 0;
  return {
    input_tokens: Math.max(0, (usage?.inputTokens ?? 0) - cached) + (usage?.toolInputTokens ?? 0),
    // Providers of ours cache by themselves, and do not say what they wrote into the cache.
    cache_creation: null,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: cached,
    output_tokens: (usage?.outputTokens ?? 0) + (usage?.thinkingTokens ?? 0),
    output_tokens_details: usage ? { thinking_tokens: usage.thinkingTokens } : null,
    server_tool_use: null,
    inference_geo: null,
    service_tier: usage?.serviceTier ?? null,
  };
}
