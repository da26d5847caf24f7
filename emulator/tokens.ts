import type { Content, Part } from "./gemini/request.ts";

/**
 * The emulator's own token counter. It is deterministic and simple, so that tests can predict it:
 * text costs one token per started 4 bytes of UTF-8; an image 258 tokens (1,120 from Gemini 3 on, its default
 * media resolution); other media by size. Real tokenizers differ; see emulator/README.md.
 */
const bytesPerToken = 4;
const imageTokensBefore3 = 258; // https://ai.google.dev/gemini-api/docs/tokens, read 2026-11-24
const imageTokensSince3 = 1120; // media_resolution_high, the default of Gemini 3, same source
const audioBytesPerToken = 500; // 16 kB/s of compressed audio at 32 tokens per second
const videoBytesPerToken = 1000; // 258 kB/s of compressed video at 258 tokens per second
const documentBytesPerToken = 200; // about 50 kB and 258 tokens a page
const tokensByUri = 258; // media given by address are not fetched; one image, page or second each

/** The kind of content tokens are counted under in promptTokensDetails. */
export type Modality = "TEXT" | "IMAGE" | "AUDIO" | "VIDEO" | "DOCUMENT";

/** Token counts by modality. Only modalities that occur are present. */
export type TokensByModality = ReadonlyMap<Modality, number>;

/** Tokens of a text: UTF-8 bytes / 4, rounded up; an empty text has none. */
export function textTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / bytesPerToken);
}

/** The number of ASCII characters that make exactly this many tokens. */
export function characterCountOf(tokens: number): number {
  return tokens * bytesPerToken;
}

/** Adds up counts by modality. */
export function addTokens(...counts: readonly TokensByModality[]): TokensByModality {
  const sum = new Map<Modality, number>();
  for (const count of counts) {
    for (const [modality, tokens] of count) sum.set(modality, (sum.get(modality) ?? 0) + tokens);
  }
  return sum;
}

/** All tokens, whatever their modality. */
export function totalTokens(count: TokensByModality): number {
  return count.values().reduce((sum, tokens) => sum + tokens, 0);
}

/** Tokens of contents for a model generation (2.5, 3, 3.6, 4 ...). */
export function contentTokens(contents: readonly Content[], generation: number): TokensByModality {
  return addTokens(
    ...contents.flatMap((content) => content.parts.map((part) => partTokens(part, generation))),
  );
}

function partTokens(part: Part, generation: number): TokensByModality {
  if (part.inlineData !== undefined) {
    const modality = modalityOf(part.inlineData.mimeType);
    const bytes = Math.floor((part.inlineData.data.length * 3) / 4);
    return new Map([[modality, mediaTokens(modality, bytes, generation)]]);
  }
  if (part.fileData !== undefined) {
    const modality = modalityOf(part.fileData.mimeType ?? "");
    return new Map([[modality, modality === "IMAGE" ? mediaTokens(modality, 0, generation) : tokensByUri]]);
  }
  return new Map([["TEXT", textTokens(partText(part))]]);
}

function partText(part: Part): string {
  if (part.text !== undefined) return part.text;
  const { thoughtSignature: _signature, thought: _thought, ...payload } = part;
  return JSON.stringify(payload);
}

function modalityOf(mimeType: string): Modality {
  if (mimeType.startsWith("image/")) return "IMAGE";
  if (mimeType.startsWith("audio/")) return "AUDIO";
  if (mimeType.startsWith("video/")) return "VIDEO";
  return mimeType === "application/pdf" || mimeType === "" ? "DOCUMENT" : "TEXT";
}

function mediaTokens(modality: Modality, bytes: number, generation: number): number {
  switch (modality) {
    case "IMAGE":
      return generation >= 3 ? imageTokensSince3 : imageTokensBefore3;
    case "AUDIO":
      return Math.max(1, Math.ceil(bytes / audioBytesPerToken));
    case "VIDEO":
      return Math.max(1, Math.ceil(bytes / videoBytesPerToken));
    case "DOCUMENT":
      return Math.max(1, Math.ceil(bytes / documentBytesPerToken));
    case "TEXT":
      return Math.max(1, Math.ceil(bytes / bytesPerToken));
  }
}
