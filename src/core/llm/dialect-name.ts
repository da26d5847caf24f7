/** The wire protocols that providers speak. Clients of ours may speak each of them too. */
export const providerDialectNames = ["gemini", "openai-chat"] as const;

/** One of the wire protocols that providers speak. */
export type ProviderDialectName = (typeof providerDialectNames)[number];

/** The wire protocols that clients of ours may speak: those of providers, and others. */
export const dialectNames = [...providerDialectNames, "anthropic", "openai-responses"] as const;

/** One of the wire protocols that clients of ours may speak. */
export type DialectName = (typeof dialectNames)[number];
