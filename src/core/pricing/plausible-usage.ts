import type { Usage } from "#core/llm/usage.ts";

/** Most tokens of one kind that a report is believed with: a hundred times the usual largest context. */
const tokensMax = 100_000_000;

/**
 * Whether a provider's report can be true: whole counts >= 0, none beyond `tokensMax`, no more cached than there is.
 * What cannot be true is not priced; an estimate takes its place.
 */
export function isPlausible(usage: Usage): boolean {
  const { inputTokens, cachedInputTokens, toolInputTokens, outputTokens, thinkingTokens } = usage;
  return (
    isCount(inputTokens) &&
    isCount(cachedInputTokens) &&
    isCount(toolInputTokens) &&
    isCount(outputTokens) &&
    isCount(thinkingTokens) &&
    cachedInputTokens <= inputTokens &&
    isBreakdown(usage.inputByModality) &&
    isBreakdown(usage.cachedByModality) &&
    isBreakdown(usage.outputByModality)
  );
}

function isBreakdown(counts: Readonly<Record<string, number>> | undefined): boolean {
  return counts === undefined || Object.values(counts).every(isCount);
}

function isCount(count: number): boolean {
  return Number.isInteger(count) && count >= 0 && count <= tokensMax;
}
