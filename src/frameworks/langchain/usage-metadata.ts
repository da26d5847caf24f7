import type { AIMessage, AIMessageFields, UsageMetadata } from "@langchain/core/messages";
import type { WireUsage } from "../transport/answer-shape.ts";

/** OpenAI's usage in LangChain's words. Thinking is part of the output, cached tokens are part of the input in both. */
export function usageMetadata(usage: WireUsage): UsageMetadata {
  const cached = usage.prompt_tokens_details?.cached_tokens;
  const reasoning = usage.completion_tokens_details?.reasoning_tokens;
  return {
    input_tokens: usage.prompt_tokens,
    output_tokens: usage.completion_tokens,
    total_tokens: usage.total_tokens,
    ...(typeof cached === "number" && { input_token_details: { cache_read: cached } }),
    ...(typeof reasoning === "number" && { output_token_details: { reasoning } }),
  };
}

/** The field of a message that carries usage; nothing when the answer had none. */
export function usageField(usage: WireUsage | null | undefined): Pick<AIMessageFields, "usage_metadata"> {
  if (!usage) return {};
  const field = { usage_metadata: usageMetadata(usage) };
  // LangChain 1.4 infers `undefined` for this field where exactOptionalPropertyTypes is on; at run time it is this.
  return field as unknown as Pick<AIMessageFields, "usage_metadata">;
}

/** The usage that a message carries. See `usageField` for why LangChain's own type does not say it. */
export function usageOf(message: AIMessage): UsageMetadata | undefined {
  return message.usage_metadata;
}
