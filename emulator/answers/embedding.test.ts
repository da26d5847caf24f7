import { describe, expect, test } from "vitest";
import { embedding } from "./embedding.ts";

function cosine(left: readonly number[], right: readonly number[]): number {
  return left.reduce((sum, entry, index) => sum + entry * (right[index] ?? 0), 0);
}

describe("an embedding", () => {
  test("is a unit vector of the wanted width, the same each time", () => {
    for (const dimensions of [1, 128, 768, 3072]) {
      const vector = embedding("a quiet harbour", dimensions);
      expect(vector).toHaveLength(dimensions);
      expect(Math.hypot(...vector)).toBeCloseTo(1, 9);
      expect(embedding("a quiet harbour", dimensions)).toEqual(vector);
    }
  });

  test("of a similar text is nearer than that of another", () => {
    const question = embedding("how do I reset my password", 256);
    const similar = embedding("how can I reset the password", 256);
    const other = embedding("the weather in Lisbon is sunny", 256);
    expect(cosine(question, similar)).toBeGreaterThan(cosine(question, other) + 0.2);
  });
});
