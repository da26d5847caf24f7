import type { Part } from "#core/llm/message.ts";
import { unreachable } from "#core/kernel/assert.ts";

/** "A token is equivalent to about 4 characters", https://ai.google.dev/gemini-api/docs/tokens, read 2026-11-24. */
const bytesPerToken = 4;
/** Our own guess for an image, or for media whose size we cannot see: more than a thumbnail, less than a poster. */
const mediaTokens = 1_000;
/** Our own guess for sound, film and documents: compressed bytes a token, from 32 tokens a second at 128 kbit/s. */
const mediaBytesPerToken = 500;

/**
 * Estimate of a text's tokens: UTF-8 bytes / 4, rounded up. For English and code within about 25 % of Gemini's count.
 * Bytes rather than characters, because scripts beyond ASCII need more tokens a character and take more bytes.
 * Good enough to keep a request from a model where it cannot fit. Of money it decides only what is marked as estimated.
 */
export function estimatedTextTokens(text: string): number {
  return tokensOfBytes(Buffer.byteLength(text));
}

/** The same of so many UTF-8 bytes of text. */
export function tokensOfBytes(bytes: number): number {
  return Math.ceil(bytes / bytesPerToken);
}

/** Estimate of the tokens of a schema, tool declaration or tool result: that of its JSON text. */
export function estimatedJsonTokens(value: unknown): number {
  return estimatedTextTokens(JSON.stringify(value) ?? "");
}

/** Estimate of one part's tokens. */
export function estimatedPartTokens(part: Part): number {
  switch (part.type) {
    case "text":
    case "thinking":
    case "refusal":
      return estimatedTextTokens(part.text);
    case "tool-call":
      return estimatedTextTokens(part.name + part.argumentsJson);
    case "tool-result":
      return estimatedJsonTokens(part.content);
    case "opaque":
      return estimatedJsonTokens(part.value);
    case "media":
      if (part.kind === "image" || part.source.type !== "inline") return mediaTokens;
      return Math.ceil((part.source.base64.length * 3) / 4 / mediaBytesPerToken);
    default:
      return unreachable(part);
  }
}
