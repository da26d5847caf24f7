import { describe, expect, test } from "vitest";
import type { Json } from "#core/kernel/json.ts";
import {
  exampleDeployment,
  exampleInput,
  exampleVariant,
  exampleView,
} from "#core/routing/example.fixture.ts";
import { characteristicsOfText } from "#core/routing/characteristics/characteristics.ts";
import { nothingMeasured, type Measurements } from "#core/routing/routing-view.ts";
import { strategySchema } from "./strategy-schema.ts";
import type { StrategyInput } from "./strategy.ts";

const priced = (name: string, input: number, output: number) =>
  exampleVariant(name, {
    pool: [exampleDeployment(name, { price: { periods: [{ rates: { input, output } }] } })],
  });

function asked(measured: Partial<Measurements> = {}, input: Partial<StrategyInput> = {}): StrategyInput {
  return exampleInput(
    ["a", "b", "c"],
    {},
    {
      view: exampleView({ measured: { ...nothingMeasured, ...measured } }),
      ...input,
    },
  );
}

function probabilities(written: Json, input: StrategyInput) {
  return Object.fromEntries(strategySchema.parse(written).probabilities(input));
}

describe("cheapest", () => {
  const eligible = new Map(
    [priced("a", 10, 10), priced("b", 1, 40), exampleVariant("c")].map((v) => [v.name, v]),
  );
  const strategy = { cheapest: ["a", "b", "c"] };

  test("depends on how long question and answer are", () => {
    const short = asked({ answerTokens: () => 10 }, { eligible });
    expect(probabilities(strategy, short)).toEqual({ b: 1 });
    const long = asked({ answerTokens: () => 1_000 }, { eligible });
    expect(probabilities(strategy, long)).toEqual({ a: 1 });
  });

  test("a price that nobody knows is taken only where no other is known", () => {
    expect(probabilities(strategy, asked({}, { eligible: new Map([["c", exampleVariant("c")]]) }))).toEqual({
      c: 1,
    });
  });

  test("only those that can serve compete", () => {
    const without = new Map([...eligible].filter(([name]) => name !== "b"));
    expect(probabilities(strategy, asked({ answerTokens: () => 10 }, { eligible: without }))).toEqual({
      a: 1,
    });
  });

  test("a strategy competes with what it costs on average", () => {
    const nested = { cheapest: ["a", { weighted: { b: "50%", a: "50%" } }] };
    expect(probabilities(nested, asked({ answerTokens: () => 10 }, { eligible }))).toEqual({
      a: 0.5,
      b: 0.5,
    });
  });

  test("it tells what it compared", () => {
    const input = asked({ answerTokens: () => 10 }, { eligible });
    expect(strategySchema.parse(strategy).scores?.(input)).toEqual([
      { of: "a", pico_dollars: 1_100 },
      { of: "b", pico_dollars: 500 },
      { of: "c", pico_dollars: null },
    ]);
  });
});

describe("fastest", () => {
  const strategy = { fastest: ["a", "b", "c"] };
  const firstMs: Readonly<Record<string, number>> = { a: 500, b: 200 };
  const perSecond: Readonly<Record<string, number>> = { a: 200, b: 50 };
  const measured = {
    firstContentMs: (name: string) => firstMs[name],
    tokensPerSecond: (name: string) => perSecond[name],
  };

  test("first content and the time of the answer count together; 5% keep the others' measurements fresh", () => {
    // 10 tokens: a 500 + 50 ms, b 200 + 200 ms. 50 tokens: a 500 + 250 ms, b 200 + 1,000 ms.
    const short = asked({ ...measured, answerTokens: () => 10 });
    expect(probabilities(strategy, short)).toEqual({ a: 0.025, b: 0.95, c: 0.025 });
    const long = asked({ ...measured, answerTokens: () => 50 });
    expect(probabilities(strategy, long)).toEqual({ a: 0.95, b: 0.025, c: 0.025 });
  });

  test("all alike while nothing is measured", () => {
    expect(probabilities(strategy, asked())["a"]).toBeCloseTo(1 / 3);
  });
});

describe("headroom", () => {
  const strategy = { headroom: ["a", "b"] };

  test("who has more room is taken more often, whatever is scarce", () => {
    // 100 tokens asked, 100 answered at most: 200 each.
    const left: Measurements["headroom"] = (name) =>
      name === "a" ? { requests: 30 } : { requests: 99, tokens: 2_000 };
    expect(probabilities(strategy, asked({ headroom: left, answerTokens: () => 100 }))).toEqual({
      a: 0.75,
      b: 0.25,
    });
  });

  test("who is full is left alone; when all are, all alike", () => {
    const one: Measurements["headroom"] = (name) => ({ requests: name === "a" ? 0 : 5 });
    expect(probabilities(strategy, asked({ headroom: one }))).toEqual({ b: 1 });
    expect(probabilities(strategy, asked({ headroom: () => ({ requests: 0 }) }))).toEqual({ a: 0.5, b: 0.5 });
  });
});

describe("complexity", () => {
  const strategy = {
    complexity: { tiers: [{ below: 0.2, use: "a" }, { below: 0.5, use: "b" }, { use: "c" }] },
  };
  const saying = (message: string, eligible = ["a", "b", "c"]) =>
    exampleInput(eligible, { inputTokens: 60 }, { view: viewOf(message) });

  test("the harder it looks, the higher the tier", () => {
    expect(probabilities(strategy, saying("Is my card blocked?"))).toEqual({ a: 1 });
    expect(
      probabilities(strategy, saying("Why does my card not work abroad, and write me a python function")),
    ).toEqual({
      b: 1,
    });
    expect(
      probabilities(strategy, saying("Why? Implement a function that solves the equation 3 * x + 2 = 14.")),
    ).toEqual({ c: 1 });
  });

  test("where a tier cannot serve, the next higher one does, then the next lower one", () => {
    expect(probabilities(strategy, saying("Is my card blocked?", ["b", "c"]))).toEqual({ b: 1 });
    expect(probabilities(strategy, saying("Is my card blocked?", ["c"]))).toEqual({ c: 1 });
  });

  test("weights are the configuration's to set, and the score tells its parts", () => {
    const weights = { length: 0, code: 1, maths: 0, question: 0, turns: 0, tools: 0, schema: 0, media: 0 };
    const own = { complexity: { ...strategy.complexity, weights } };
    expect(probabilities(own, saying("Write a python function"))).toEqual({ c: 1 });
    expect(strategySchema.parse(own).scores?.(saying("Write a python function"))).toMatchObject({
      score: 1,
      parts: { code: 1, maths: 0 },
    });
  });
});

function viewOf(message: string) {
  return exampleView({ characteristics: () => characteristicsOfText(message, "") });
}
