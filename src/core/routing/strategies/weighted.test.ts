import { expect, test } from "vitest";
import { exampleFacts } from "#core/routing/example.fixture.ts";
import { weighted, weightedKind } from "./weighted.ts";

const facts = exampleFacts();

test("each variant gets its share", () => {
  expect(weighted({ a: 0.8, b: 0.2 }).probabilities(facts, new Set(["a", "b"]))).toEqual(
    new Map([
      ["a", 0.8],
      ["b", 0.2],
    ]),
  );
});

test("when one is not eligible, the others keep their relation", () => {
  const probabilities = weighted({ a: 0.5, b: 0.3, c: 0.2 }).probabilities(facts, new Set(["b", "c"]));
  expect(probabilities.get("a")).toBeUndefined();
  expect(probabilities.get("b")).toBeCloseTo(0.6);
  expect(probabilities.get("c")).toBeCloseTo(0.4);
});

test("a variant with a share of 0 is never chosen, not even when it alone is eligible", () => {
  expect(weighted({ a: 1, b: 0 }).probabilities(facts, new Set(["b"])).size).toBe(0);
});

test("rounded thirds are accepted, a sum of 90% is not", () => {
  expect(weightedKind.schema.safeParse({ a: "33.3%", b: "33.3%", c: "33.3%" }).success).toBe(true);
  expect(weightedKind.schema.safeParse({ a: "50%", b: "40%" }).success).toBe(false);
});

test("the settings can be read as they were written", () => {
  expect(weightedKind.schema.parse({ a: "97.5%", b: "2.5%" }).settings).toEqual({ a: "97.5%", b: "2.5%" });
});
