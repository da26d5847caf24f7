import fc from "fast-check";
import { expect, test } from "vitest";
import type { Deployment } from "./deployment.ts";
import { exampleDeployment, exampleVariant } from "./example.fixture.ts";
import { attemptsMaxDefault, ladder, type LadderInput } from "./ladder.ts";

function names(input: Partial<LadderInput> & Pick<LadderInput, "rungs">): readonly string[] {
  const steps = ladder({ order: (pool) => pool, ...input });
  return steps.map(({ variant, deployment }) => `${variant.name}/${deployment.name}`);
}

function rung(name: string, pool: readonly Deployment[]): LadderInput["rungs"][number] {
  return { variant: exampleVariant(name, { pool }), pool };
}

const [a, b, c] = [exampleDeployment("a"), exampleDeployment("b"), exampleDeployment("c")];

test("the chosen variant's deployments come first, then the fallbacks' in order", () => {
  const rungs = [rung("chosen", [a, b]), rung("fallback", [c])];
  expect(names({ rungs })).toEqual(["chosen/a", "chosen/b", "fallback/c"]);
});

test("no deployment is tried twice", () => {
  const rungs = [rung("chosen", [a, b]), rung("fallback", [b, c, a])];
  expect(names({ rungs })).toEqual(["chosen/a", "chosen/b", "fallback/c"]);
});

test("a deployment that may not be tried for one variant is left to a later one", () => {
  const rungs = [rung("chosen", [b]), rung("fallback", [a])];
  expect(names({ rungs })).toEqual(["chosen/b", "fallback/a"]);
});

test("the order within a pool can be given", () => {
  const rungs = [rung("chosen", [a, b, c])];
  expect(names({ rungs, order: (pool) => pool.toReversed() })).toEqual(["chosen/c", "chosen/b", "chosen/a"]);
});

test("it is never longer than allowed", () => {
  fc.assert(
    fc.property(fc.nat(20), fc.option(fc.integer({ min: 1, max: 20 })), (size, attemptsMax) => {
      const pool = Array.from({ length: size }, (_, index) => exampleDeployment(`d${index}`));
      const steps = names({
        rungs: [rung("chosen", pool)],
        ...(attemptsMax !== null && { attemptsMax }),
      });
      expect(steps).toHaveLength(Math.min(size, attemptsMax ?? attemptsMaxDefault));
    }),
  );
});
