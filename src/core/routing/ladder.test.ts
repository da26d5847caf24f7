import fc from "fast-check";
import { expect, test } from "vitest";
import { exampleDeployment, exampleVariant } from "./example.fixture.ts";
import { attemptsMaxDefault, ladder, type LadderInput } from "./ladder.ts";

function names(input: Partial<LadderInput> & Pick<LadderInput, "variants">): readonly string[] {
  const steps = ladder({ usable: () => true, order: (pool) => pool, ...input });
  return steps.map(({ variant, deployment }) => `${variant.name}/${deployment.name}`);
}

const [a, b, c] = [exampleDeployment("a"), exampleDeployment("b"), exampleDeployment("c")];

test("the chosen variant's deployments come first, then the fallbacks' in order", () => {
  const variants = [exampleVariant("chosen", { pool: [a, b] }), exampleVariant("fallback", { pool: [c] })];
  expect(names({ variants })).toEqual(["chosen/a", "chosen/b", "fallback/c"]);
});

test("no deployment is tried twice", () => {
  const variants = [
    exampleVariant("chosen", { pool: [a, b] }),
    exampleVariant("fallback", { pool: [b, c, a] }),
  ];
  expect(names({ variants })).toEqual(["chosen/a", "chosen/b", "fallback/c"]);
});

test("an unusable deployment is left out, and left to a later variant that can use it", () => {
  const variants = [exampleVariant("chosen", { pool: [a, b] }), exampleVariant("fallback", { pool: [a] })];
  const usable = (deployment: { name: string }, variant: { name: string }) =>
    deployment.name !== "a" || variant.name !== "chosen";
  expect(names({ variants, usable })).toEqual(["chosen/b", "fallback/a"]);
});

test("the order within a pool can be given", () => {
  const variants = [exampleVariant("chosen", { pool: [a, b, c] })];
  expect(names({ variants, order: (pool) => pool.toReversed() })).toEqual([
    "chosen/c",
    "chosen/b",
    "chosen/a",
  ]);
});

test("it is never longer than allowed", () => {
  fc.assert(
    fc.property(fc.nat(20), fc.option(fc.integer({ min: 1, max: 20 })), (size, attemptsMax) => {
      const pool = Array.from({ length: size }, (_, index) => exampleDeployment(`d${index}`));
      const steps = names({
        variants: [exampleVariant("chosen", { pool })],
        ...(attemptsMax !== null && { attemptsMax }),
      });
      expect(steps).toHaveLength(Math.min(size, attemptsMax ?? attemptsMaxDefault));
    }),
  );
});
