import type { JsonObject } from "#core/kernel/json.ts";
import type { TokenCount } from "#core/llm/token-count.ts";

/** Writes the answer of POST /v1/messages/count_tokens. */
export function encodeTokenCount({ totalTokens }: TokenCount): JsonObject {
  return { input_tokens: totalTokens };
}
