import { expect, test } from "vitest";
import { exampleInput } from "#core/routing/example.fixture.ts";
import { strategySchema } from "./strategy-schema.ts";
import { weighted } from "./weighted.ts";

const read = (shares: unknown) => strategySchema.safeParse({ weighted: shares });

test("each variant gets its share", () => {
  expect(weighted({ a: 0.8, b: 0.2 }).probabilities(exampleInput(["a", "b"]))).toEqual(
    new Map([
      ["a", 0.8],
      ["b", 0.2],
    ]),
  );
});

test("when one is not eligible, the others keep their relation", () => {
  const probabilities = weighted({ a: 0.5, b: 0.3, c: 0.2 }).probabilities(exampleInput(["b", "c"]));
  expect(probabilities.get("a")).toBeUndefined();
  expect(probabilities.get("b")).toBeCloseTo(0.6);
  expect(probabilities.get("c")).toBeCloseTo(0.4);
});

test("a variant with a share of 0 is never chosen, not even when it alone is eligible", () => {
  expect(weighted({ a: 1, b: 0 }).probabilities(exampleInput(["b"])).size).toBe(0);
});

test("a strategy with a share passes it on; a variant in two places has the sum", () => {
  const strategy = strategySchema.parse({
    weighted: [
      { share: "50%", use: "a" },
      { share: "50%", use: { weighted: { a: "50%", b: "50%" } } },
    ],
  });
  expect(strategy.probabilities(exampleInput(["a", "b"]))).toEqual(
    new Map([
      ["a", 0.75],
      ["b", 0.25],
    ]),
  );
  expect(strategy.probabilities(exampleInput(["b"]))).toEqual(new Map([["b", 1]]));
});

test("rounded thirds are accepted, a sum of 90% is not", () => {
  expect(read({ a: "33.3%", b: "33.3%", c: "33.3%" }).success).toBe(true);
  expect(read({ a: "50%", b: "40%" }).success).toBe(false);
});

test("the settings can be read as they were written", () => {
  expect(strategySchema.parse({ weighted: { a: "97.5%", b: "2.5%" } }).settings).toEqual({
    a: "97.5%",
    b: "2.5%",
  });
  const nested = [
    { share: "50%", use: "a" },
    { share: "50%", use: { priority: ["b", "c"] } },
  ];
  expect(strategySchema.parse({ weighted: nested }).settings).toEqual(nested);
});
