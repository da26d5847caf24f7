import { describe, expect, test } from "vitest";
import { eligibility } from "./eligibility.ts";
import { exampleDeployment, exampleFacts, exampleModel, exampleVariant } from "./example.fixture.ts";
import type { ModelFacts } from "./model-facts.ts";
import type { RequestFacts } from "./request-facts.ts";

const dayMs = 86_400_000;
const nowMs = Date.parse("2026-11-25");

function reason(model: Partial<ModelFacts>, facts: Partial<RequestFacts>, maxOutputTokens?: number) {
  const pool = [exampleDeployment("d", { model: exampleModel(model) })];
  const parameters = maxOutputTokens === undefined ? {} : { maxOutputTokens };
  return eligibility(exampleVariant("v", { pool, parameters }), { facts: exampleFacts(facts), nowMs })
    .excluded;
}

test("a request that fits is not excluded", () => {
  expect(reason({}, {})).toBeUndefined();
});

test.each<[string, Partial<ModelFacts>, Partial<RequestFacts>, string]>([
  ["context", {}, { inputTokens: 1_300 }, "model has a context of 1000 tokens, the request about 1300"],
  [
    "a context shared with the answer",
    { outputSharesContext: true },
    { inputTokens: 1_200, maxOutputTokens: 90 },
    "model has a context of 1000 tokens, the request about 1200 and an answer of up to 90",
  ],
  ["output", {}, { maxOutputTokens: 101 }, "model answers with at most 100 tokens, the request allows 101"],
  [
    "media",
    {},
    { mediaKinds: new Set(["image", "audio", "video"] as const) },
    "model does not read media of the kind audio, video",
  ],
  ["tools", { tools: false }, { hasTools: true }, "model does not call tools"],
  ["schema", { structuredOutput: false }, { hasSchema: true }, "model does not answer by a schema"],
  ["thinking", { thinks: false }, { thinks: true }, "model does not think"],
  ["embeddings", {}, { operation: "embeddings" }, "model does not make embeddings"],
  ["chat", { operations: ["embeddings"] }, {}, "model does not chat"],
  ["counting", { operations: ["embeddings"] }, { operation: "count-tokens" }, "model does not chat"],
  [
    "a model that has ended",
    { end: { atMs: nowMs, replacement: "newer" } },
    {},
    "model was shut down on 2026-11-25; use newer instead",
  ],
])("it is excluded for %s, with the reason", (_what, model, facts, wanted) => {
  expect(reason(model, facts)).toBe(wanted);
});

test("an estimate slightly above the context does not exclude, because it is an estimate", () => {
  expect(reason({}, { inputTokens: 1_250 })).toBeUndefined();
});

test("a model that ends tomorrow still serves", () => {
  expect(reason({ end: { atMs: nowMs + dayMs } }, {})).toBeUndefined();
});

test("the variant's own bound of the answer counts, not the client's", () => {
  expect(reason({}, { maxOutputTokens: 5_000 }, 50)).toBeUndefined();
  expect(reason({}, { maxOutputTokens: 10 }, 500)).toContain("the request allows 500");
});

test("an answer's bound does not matter to counting", () => {
  expect(reason({}, { operation: "count-tokens", maxOutputTokens: 5_000 })).toBeUndefined();
});

test("unknown limits exclude nothing", () => {
  const { contextTokens: _context, outputTokensMax: _output, ...model } = exampleModel();
  const pool = [exampleDeployment("d", { model })];
  const facts = exampleFacts({ inputTokens: 10_000_000, maxOutputTokens: 10_000_000 });
  expect(eligibility(exampleVariant("v", { pool }), { facts, nowMs })).toEqual({ pool });
});

test("one able deployment is enough, and the others are left out", () => {
  const toolless = (name: string) => exampleDeployment(name, { model: exampleModel({ tools: false }) });
  const [a, b, c, d] = [toolless("a"), exampleDeployment("b"), toolless("c"), exampleDeployment("d")];
  const variant = exampleVariant("v", { pool: [a, b, c, d] });
  expect(eligibility(variant, { facts: exampleFacts({ hasTools: true }), nowMs })).toEqual({ pool: [b, d] });
});

test("a model of which nobody knows whether it thinks is not excluded, nor one whose variant forbids to think", () => {
  expect(reason({}, { thinks: true })).toBeUndefined();
  const pool = [exampleDeployment("d", { model: exampleModel({ thinks: false }) })];
  const off = exampleVariant("v", { pool, parameters: { thinking: { level: "none" } } });
  expect(eligibility(off, { facts: exampleFacts({ thinks: true }), nowMs }).excluded).toBeUndefined();
  const on = exampleVariant("v", { pool, parameters: { thinking: { level: "low" } } });
  expect(eligibility(on, { facts: exampleFacts(), nowMs }).excluded).toBe("model does not think");
});

test("deployments outside the region that the route or the request requires are excluded, each with its reason", () => {
  const eu = exampleDeployment("eu", { tags: { region: "eu" } });
  const us = exampleDeployment("us", { tags: { region: "us" } });
  const untagged = exampleDeployment("untagged");
  const variant = exampleVariant("v", { pool: [us, eu, untagged] });
  const requires = { region: ["eu", "ch"] };
  expect(eligibility(variant, { facts: exampleFacts(), nowMs, requires })).toEqual({ pool: [eu] });
  const asked = { facts: exampleFacts({ requires: { region: ["eu"] } }), nowMs };
  expect(eligibility(variant, asked)).toEqual({ pool: [eu] });
  expect(eligibility(variant, { ...asked, requires: { region: ["us"] } }).excluded).toBe(
    'us has the tag region: "us", wanted is eu',
  );
  const without = exampleVariant("v", { pool: [untagged] });
  expect(eligibility(without, { facts: exampleFacts(), nowMs, requires }).excluded).toBe(
    "untagged has the tag region: none, wanted is eu or ch",
  );
});

describe("a deployment with a successor", () => {
  const end = { atMs: nowMs, replacement: "next" };
  const next = exampleModel({ id: "next", tools: false });
  const successor = exampleDeployment("d", { model: next });
  const deployment = exampleDeployment("d", { model: exampleModel({ id: "old", end }), successor });
  const variant = exampleVariant("v", { pool: [exampleDeployment("a"), deployment] });

  test("asks its own model while that lives", () => {
    expect(eligibility(variant, { facts: exampleFacts(), nowMs: nowMs - 1 })).toEqual({ pool: variant.pool });
  });

  test("asks the successor's once its own has ended, and says so", () => {
    expect(eligibility(variant, { facts: exampleFacts(), nowMs })).toEqual({
      pool: [variant.pool[0], successor],
      replaced: ["d asks next in the place of old, which has ended"],
    });
  });

  test("asks nobody what the successor's cannot do", () => {
    const alone = exampleVariant("v", { pool: [deployment] });
    expect(eligibility(alone, { facts: exampleFacts({ hasTools: true }), nowMs })).toEqual({
      pool: [],
      excluded: "next does not call tools",
    });
    expect(eligibility(variant, { facts: exampleFacts({ hasTools: true }), nowMs })).toEqual({
      pool: [variant.pool[0]],
    });
  });

  test("asks the successor of a successor that has ended itself", () => {
    const last = exampleDeployment("d", { model: exampleModel({ id: "last" }) });
    const middle = exampleDeployment("d", { model: exampleModel({ id: "next", end }), successor: last });
    const pool = [{ ...deployment, successor: middle }];
    expect(eligibility(exampleVariant("v", { pool }), { facts: exampleFacts(), nowMs }).pool).toEqual([last]);
  });

  test("asks neither while it is held back", () => {
    const standings = new Map([["d", { heldBack: "d is draining" }]]);
    expect(
      eligibility(exampleVariant("v", { pool: [deployment] }), { facts: exampleFacts(), nowMs, standings }),
    ).toEqual({
      pool: [],
      excluded: "d is draining",
      heldBack: true,
    });
  });
});
