import { expect, test } from "vitest";
import {
  exampleDeployment,
  exampleFacts,
  exampleModel,
  exampleRoute,
  exampleVariant,
} from "./example.fixture.ts";
import { explain } from "./explain.ts";
import { strategySchema } from "./strategies/strategy-schema.ts";

const toolless = exampleVariant("c", {
  pool: [exampleDeployment("c", { model: exampleModel({ tools: false }) })],
});

test("it says what each strategy made of the request, and decides as always", () => {
  const strategy = strategySchema.parse({
    first_match: [
      { when: { turns: { $gt: 5 } }, use: "a" },
      {
        use: {
          weighted: [
            { share: "50%", use: "a" },
            { share: "50%", use: { round_robin: ["b", "c"] } },
          ],
        },
      },
    ],
  });
  const route = exampleRoute([exampleVariant("a"), exampleVariant("b"), toolless], { strategy });
  const explanation = explain({ route, facts: exampleFacts({ hasTools: true }), nowMs: 0, variantDraw: 0.6 });
  expect(explanation.decision).toMatchObject({
    variant: { name: "b" },
    propensity: 0.5,
    candidates: [{ probability: 0.5 }, { probability: 0.5 }, { excluded: "model does not call tools" }],
  });
  expect(explanation.strategy).toMatchObject({
    keyword: "first_match",
    probabilities: { a: 0.5, b: 0.5 },
    scores: [{ holds: false }, { holds: true }],
    parts: [
      {
        keyword: "weighted",
        probabilities: { a: 0.5, b: 0.5 },
        parts: [{ keyword: "round_robin", settings: ["b", "c"], probabilities: { b: 1 }, parts: [] }],
      },
    ],
  });
});
