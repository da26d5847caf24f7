import type { TokensByModality } from "../tokens.ts";
import { totalTokens } from "../tokens.ts";
import type { ModalityCountBody, UsageBody } from "./response-bodies.ts";

/** Tokens of a prompt, as counted before anything is generated. */
export interface PromptUsage {
  readonly byModality: TokensByModality;
  /** Tokens of the prompt that implicit caching served; part of the prompt's tokens. */
  readonly cachedTokens: number;
}

/** Tokens of an answer so far. */
export interface OutputUsage {
  readonly outputTokens: number;
  readonly thoughtTokens: number;
}

/** usageMetadata of a Gemini response, cumulative. Zero counts are left out, as proto3 JSON does. */
export function usageMetadata(prompt: PromptUsage, output: OutputUsage): UsageBody {
  const promptTokenCount = totalTokens(prompt.byModality);
  const { outputTokens, thoughtTokens } = output;
  const { cachedTokens } = prompt;
  return {
    promptTokenCount,
    ...(outputTokens === 0 ? {} : { candidatesTokenCount: outputTokens }),
    totalTokenCount: promptTokenCount + outputTokens + thoughtTokens,
    ...(cachedTokens === 0 ? {} : { cachedContentTokenCount: cachedTokens }),
    promptTokensDetails: modalityCounts(prompt.byModality),
    ...(cachedTokens === 0 ? {} : { cacheTokensDetails: [{ modality: "TEXT", tokenCount: cachedTokens }] }),
    ...(thoughtTokens === 0 ? {} : { thoughtsTokenCount: thoughtTokens }),
  };
}

/** Counts by modality in the API's form. */
export function modalityCounts(counts: TokensByModality): ModalityCountBody[] {
  return [...counts]
    .filter(([, tokenCount]) => tokenCount > 0)
    .map(([modality, tokenCount]) => ({ modality, tokenCount }));
}
