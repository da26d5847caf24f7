import { expect, test } from "vitest";
import { exampleVariant } from "./example.fixture.ts";
import { twinName, variantOrTwin } from "./twin.ts";

const variants = new Map(["fast", "slow.twin"].map((name) => [name, exampleVariant(name)]));

test("a twin is its variant under a name of its own, one object each time", () => {
  const twin = variantOrTwin(variants, twinName("fast"));
  expect(twin).toEqual({ ...variants.get("fast"), name: "fast.twin" });
  expect(variantOrTwin(variants, "fast.twin")).toBe(twin);
  expect(variantOrTwin(variants, "fast")).toBe(variants.get("fast"));
});

test("a variant that has such a name is itself, and there is no twin of nobody", () => {
  expect(variantOrTwin(variants, "slow.twin")).toBe(variants.get("slow.twin"));
  expect(variantOrTwin(variants, "slow")).toBeUndefined();
  expect(variantOrTwin(variants, "none.twin")).toBeUndefined();
});
