import type { ServiceTier } from "#core/llm/usage.ts";

/** OpenAI's words for qualities of service that have prices of their own. */
export const tierWords: ReadonlyMap<string, ServiceTier> = new Map([
  ["default", "standard"],
  ["flex", "flex"],
  ["priority", "priority"],
]);

/** OpenAI's word for a quality of service; undefined for one that it has no word for. */
export function wordOfTier(tier: ServiceTier): string | undefined {
  for (const [word, known] of tierWords) if (known === tier) return word;
  return undefined;
}
