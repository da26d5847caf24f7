import { isJsonObject, type Json, type JsonObject } from "#core/kernel/json.ts";
import type { ChainUsage } from "#features/chains/schema.ts";

/** OpenAI's usage, as the gateway writes it, in the words of chains. */
export function chainUsage(usage: JsonObject): ChainUsage {
  return {
    input_tokens: tokens(usage, "prompt_tokens"),
    cached_input_tokens: tokens(usage["prompt_tokens_details"], "cached_tokens"),
    output_tokens: tokens(usage, "completion_tokens"),
    thinking_tokens: tokens(usage["completion_tokens_details"], "reasoning_tokens"),
    total_tokens: tokens(usage, "total_tokens"),
  };
}

function tokens(of: Json | undefined, name: string): number {
  const count = isJsonObject(of) ? of[name] : undefined;
  return typeof count === "number" ? count : 0;
}

/** Usages added up; undefined when there is none. */
export function summedUsage(usages: readonly ChainUsage[]): ChainUsage | undefined {
  const [first, ...others] = usages;
  return (
    first &&
    others.reduce(
      (sum, usage) => ({
        input_tokens: sum.input_tokens + usage.input_tokens,
        cached_input_tokens: sum.cached_input_tokens + usage.cached_input_tokens,
        output_tokens: sum.output_tokens + usage.output_tokens,
        thinking_tokens: sum.thinking_tokens + usage.thinking_tokens,
        total_tokens: sum.total_tokens + usage.total_tokens,
      }),
      first,
    )
  );
}
