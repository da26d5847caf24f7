import fc from "fast-check";
import { expect, test } from "vitest";
import { decide, type Decision } from "./decide.ts";
import {
  exampleDeployment,
  exampleFacts,
  exampleModel,
  exampleRoute,
  exampleVariant,
} from "./example.fixture.ts";
import type { RequestFacts } from "./request-facts.ts";
import type { Route } from "./route.ts";
import { weighted } from "./strategies/weighted.ts";

const toolless = (name: string) => exampleDeployment(name, { model: exampleModel({ tools: false }) });
const [able, simple] = [exampleVariant("able"), exampleVariant("simple", { pool: [toolless("simple")] })];

function decided(route: Route, facts: Partial<RequestFacts> = {}, variantDraw = 0.3): Decision {
  return decide({ route, facts: exampleFacts(facts), nowMs: 0, variantDraw });
}

test("it records what it chose, from what, by which number and how likely", () => {
  const route = exampleRoute([able, simple], { strategy: weighted({ able: 0.8, simple: 0.2 }) });
  const decision = decided(route, {}, 0.9);
  expect(decision).toMatchObject({
    variant: simple,
    candidates: [
      { variant: "able", probability: 0.8 },
      { variant: "simple", probability: 0.2 },
    ],
    propensity: 0.2,
    draw: 0.9,
    reason: "weighted chose simple, 2 were possible",
  });
});

test("a variant that cannot serve the request is a candidate with its reason and a probability of 0", () => {
  const decision = decided(exampleRoute([able, simple]), { hasTools: true });
  expect(decision.variant).toBe(able);
  expect(decision.propensity).toBe(1);
  expect(decision.candidates[1]).toEqual({
    variant: "simple",
    probability: 0,
    excluded: "model does not call tools",
  });
});

test("a fallback that is the chosen variant is no stage of its own", () => {
  const route = exampleRoute([able], { strategy: weighted({ able: 1 }), fallbacks: ["able"] });
  expect(decided(route).stages).toHaveLength(1);
});

test("when none of the strategy's variants can serve, the first fallback that can does", () => {
  const route = exampleRoute([simple, able], {
    strategy: weighted({ simple: 1 }),
    fallbacks: ["simple", "able"],
  });
  const decision = decided(route, { hasTools: true });
  expect(decision.variant).toBe(able);
  expect(decision.propensity).toBe(1);
  expect(decision.reason).toContain("first fallback");
});

test("when nothing can serve, there is no variant and the reasons are given", () => {
  const decision = decided(exampleRoute([simple]), { hasTools: true });
  expect(decision).toMatchObject({
    variant: undefined,
    propensity: 0,
    stages: [],
    reason: "model does not call tools",
  });
});

test("the stages lead from the chosen variant to the able fallbacks", () => {
  const other = exampleVariant("other");
  const route = exampleRoute([able, simple, other], {
    strategy: weighted({ able: 1 }),
    fallbacks: ["simple", "other"],
  });
  const stages = decided(route, { hasTools: true }).stages;
  expect(stages.map(({ variant, pool }) => [variant.name, pool.map(({ name }) => name)])).toEqual([
    ["able", ["able"]],
    ["other", ["other"]],
  ]);
});

test("whatever is drawn, the propensity is the candidate's probability and the stages begin with the variant", () => {
  const unit = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  const route = exampleRoute([exampleVariant("a"), exampleVariant("b"), exampleVariant("c")], {
    strategy: weighted({ a: 0.5, b: 0.3, c: 0.2 }),
    fallbacks: ["a"],
  });
  fc.assert(
    fc.property(unit, (variantDraw) => {
      const decision = decide({ route, facts: exampleFacts(), nowMs: 0, variantDraw });
      const chosen = decision.candidates.find(({ variant }) => variant === decision.variant?.name);
      expect(decision.propensity).toBe(chosen?.probability);
      expect(decision.stages[0]?.variant).toBe(decision.variant);
    }),
  );
});
