import { hash } from "node:crypto";

/** Width of the full vectors; the widest of gemini-embedding-001 and -2. */
export const embeddingDimensionsMax = 3072;

const entriesPerWord = 48;

/**
 * A deterministic unit vector for a text: each word (and pair of words) adds a few signed entries, so that texts with
 * common words lie near each other. Shorter vectors are the beginning of the full one, made unit length again.
 */
export function embedding(text: string, dimensions: number = embeddingDimensionsMax): number[] {
  const full = new Float64Array(embeddingDimensionsMax);
  for (const [feature, weight] of features(text)) addFeature(full, feature, weight);
  return unit([...full.subarray(0, dimensions)]);
}

function features(text: string): readonly (readonly [string, number])[] {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const pairs = words.slice(1).map((word, index) => `${words[index]} ${word}`);
  // The whole text, lightly: it keeps texts without common words apart, and texts without words from being zero.
  return [
    [`text:${text}`, 0.25],
    ...words.map((word) => [word, 1] as const),
    ...pairs.map((pair) => [pair, 0.5] as const),
  ];
}

function addFeature(vector: Float64Array, feature: string, weight: number): void {
  for (let block = 0; block * 8 < entriesPerWord; block += 1) {
    const bytes = hash("sha256", `${block}/${feature}`, "buffer");
    for (let at = 0; at + 4 <= bytes.length; at += 4) {
      // Entries cluster in the first dimensions, so that shortened vectors keep most of the meaning.
      const place = Math.floor((bytes.readUInt16BE(at) / 65536) ** 2 * embeddingDimensionsMax);
      vector[place] = (vector[place] ?? 0) + ((bytes[at + 2] ?? 0) % 2 === 0 ? weight : -weight);
    }
  }
}

function unit(vector: readonly number[]): number[] {
  const length = Math.hypot(...vector);
  if (length === 0) return vector.map((_, index) => (index === 0 ? 1 : 0));
  return vector.map((entry) => entry / length);
}
