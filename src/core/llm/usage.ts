import { present } from "#core/kernel/present.ts";

/** Tokens of one call, as the provider reported them. All are counts >= 0. */
export interface Usage {
  /** Prompt tokens, cached ones included, results of provider-side tools not. */
  readonly inputTokens: number;
  /** The part of `inputTokens` read from the provider's prompt cache. */
  readonly cachedInputTokens: number;
  /** Prompt tokens that came from provider-side tools (Gemini `toolUsePromptTokenCount`), billed as input. */
  readonly toolInputTokens: number;
  /** Answer tokens without thinking (Gemini `candidatesTokenCount`). */
  readonly outputTokens: number;
  /** Tokens thought, billed as output. */
  readonly thinkingTokens: number;
  /** `inputTokens` by modality where reported: text, image, audio, video, document (lower case). */
  readonly inputByModality?: Readonly<Record<string, number>>;
  /** The cached part of the input by modality, where reported. */
  readonly cachedByModality?: Readonly<Record<string, number>>;
  /** `outputTokens` by modality, where reported. */
  readonly outputByModality?: Readonly<Record<string, number>>;
  /** The quality of service that the provider says it gave. */
  readonly serviceTier?: ServiceTier;
}

/** Qualities of service: each has prices of its own. */
export const serviceTiers = ["standard", "batch", "flex", "priority"] as const;

/** One of them. */
export type ServiceTier = (typeof serviceTiers)[number];

/** Tokens of two calls together: what both read was read twice. The quality of service is the later one's. */
export function sumOfUsage(one: Usage, other: Usage): Usage {
  return {
    inputTokens: one.inputTokens + other.inputTokens,
    cachedInputTokens: one.cachedInputTokens + other.cachedInputTokens,
    toolInputTokens: one.toolInputTokens + other.toolInputTokens,
    outputTokens: one.outputTokens + other.outputTokens,
    thinkingTokens: one.thinkingTokens + other.thinkingTokens,
    ...present({
      inputByModality: sumOfModalities(one.inputByModality, other.inputByModality),
      cachedByModality: sumOfModalities(one.cachedByModality, other.cachedByModality),
      outputByModality: sumOfModalities(one.outputByModality, other.outputByModality),
      serviceTier: other.serviceTier ?? one.serviceTier,
    }),
  };
}

type Modalities = Readonly<Record<string, number>>;

function sumOfModalities(one: Modalities | undefined, other: Modalities | undefined): Modalities | undefined {
  if (!one || !other) return one ?? other;
  const modalities = new Set([...Object.keys(one), ...Object.keys(other)]);
  return Object.fromEntries([...modalities].map((name) => [name, (one[name] ?? 0) + (other[name] ?? 0)]));
}

/** Tokens that a model made, thoughts included; 0 where nothing is known. */
export function generatedTokens(usage: Usage | undefined): number {
  return usage ? usage.outputTokens + usage.thinkingTokens : 0;
}

/** All tokens of the call. */
export function totalTokens(usage: Usage): number {
  return usage.inputTokens + usage.toolInputTokens + usage.outputTokens + usage.thinkingTokens;
}
