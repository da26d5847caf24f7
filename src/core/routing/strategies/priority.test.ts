import { expect, test } from "vitest";
import { exampleInput } from "#core/routing/example.fixture.ts";
import { byPriority } from "./priority.ts";
import { strategySchema } from "./strategy-schema.ts";

test("the first eligible variant is certain", () => {
  const strategy = byPriority(["a", "b", "c"]);
  expect(strategy.probabilities(exampleInput(["c", "b"]))).toEqual(new Map([["b", 1]]));
});

test("none of its own eligible gives nothing", () => {
  expect(byPriority(["a"]).probabilities(exampleInput(["b"])).size).toBe(0);
});

test("a strategy in the list serves as long as it can", () => {
  const strategy = strategySchema.parse({ priority: [{ weighted: { a: "50%", b: "50%" } }, "c"] });
  expect(strategy.probabilities(exampleInput(["a", "b", "c"])).get("a")).toBe(0.5);
  expect(strategy.probabilities(exampleInput(["c"]))).toEqual(new Map([["c", 1]]));
});
