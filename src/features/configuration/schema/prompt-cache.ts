import { z } from "zod";
import { amount } from "#core/kernel/amount.ts";
import { duration } from "#core/kernel/duration.ts";
import { promptCacheDefaults } from "#core/routing/affinity.ts";

const { ttlMs, tokensMin } = promptCacheDefaults;

/** `providers.<name>.prompt_cache` */
export const promptCacheSchema = z
  .strictObject({
    ttl: duration({
      description: "How long it keeps a prompt that nobody uses.",
      examples: ["5m"],
    }).default(ttlMs),
    min_tokens: amount({
      description: "Prompts of fewer tokens are not kept.",
      examples: [1_024],
      smallest: 0,
      largest: 1_000_000,
    }).default(tokensMin),
  })
  .meta({
    description:
      "How the provider keeps prompts that begin alike, for routes with `affinity`: 5 minutes and 1024 tokens where nothing is written.",
    examples: [{ ttl: "5m", min_tokens: 1_024 }],
  });
