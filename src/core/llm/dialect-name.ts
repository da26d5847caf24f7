/** The wire protocols that Signalbox speaks. */
export const dialectNames = ["gemini", "openai-chat"] as const;

/** One of the wire protocols. */
export type DialectName = (typeof dialectNames)[number];
