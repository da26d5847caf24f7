import { expect, test } from "vitest";
import { exampleFacts } from "#core/routing/example.fixture.ts";
import { ordered } from "./ordered.ts";

test("the first eligible variant is certain", () => {
  const strategy = ordered(["a", "b", "c"]);
  expect(strategy.probabilities(exampleFacts(), new Set(["c", "b"]))).toEqual(new Map([["b", 1]]));
});

test("none of its own eligible gives nothing", () => {
  expect(ordered(["a"]).probabilities(exampleFacts(), new Set(["b"])).size).toBe(0);
});
