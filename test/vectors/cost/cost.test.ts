import { describe, expect, test } from "vitest";
import { catalogModels } from "#features/catalog/index.ts";
import { evaluated } from "../../support/arithmetic.ts";
import { costsOf, costVectors } from "../../support/cost-vectors.ts";

const vectors = costVectors();

describe("the cost of a call is what the written arithmetic gives", () => {
  test.each(vectors)("$name", (vector) => {
    const { ours, byHand } = costsOf(vector);
    expect(byHand).toBe(BigInt(vector.expected));
    expect(ours).toBe(vector.expected);
  });
});

test("the vectors are of every model of the catalog, and at least 60", () => {
  const models = new Set(vectors.map(({ model }) => model));
  expect(catalogModels().filter(({ id }) => !models.has(id))).toEqual([]);
  expect(vectors.length).toBeGreaterThanOrEqual(60);
});

describe("written arithmetic", () => {
  test.each([
    ["1 + 2 * 3", 7n],
    ["(1 + 2) * 3 - 4", 5n],
    ["ceil((1 + 2) * 1 / 2)", 2n],
    ["ceil(4 / 2) + 7 * 9 / 3", 23n],
  ])("%s is %s", (text, value) => {
    expect(evaluated(text)).toBe(value);
  });

  test.each(["1 +", "1 / 2", "(1", "two", "1 2", ")"])("%s has no whole value", (text) => {
    expect(() => evaluated(text)).toThrow();
  });
});
