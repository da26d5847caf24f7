import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RequestFacts } from "#core/routing/request-facts.ts";
import { strategyKinds } from "./registry.ts";
import type { Strategy } from "./strategy.ts";

/** For every kind some settings as signalbox.yaml has them. A new kind adds its line. */
const examples: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  use: fc.constantFrom("a", "b"),
  ordered: fc.subarray(["a", "b", "c", "d"], { minLength: 1 }),
  weighted: fc.uniqueArray(fc.constantFrom("a", "b", "c", "d"), { minLength: 1 }).chain((variants) =>
    fc
      .array(fc.nat(1_000), { minLength: variants.length, maxLength: variants.length })
      .filter((weights) => weights.some((weight) => weight > 0))
      .map((weights) => {
        const sum = weights.reduce((total, weight) => total + weight, 0);
        return Object.fromEntries(
          variants.map((variant, index) => [variant, `${(((weights[index] ?? 0) / sum) * 100).toFixed(6)}%`]),
        );
      }),
  ),
};

const factsArbitrary: fc.Arbitrary<RequestFacts> = fc.record({
  operation: fc.constantFrom("chat", "embeddings", "count-tokens"),
  stream: fc.boolean(),
  inputTokens: fc.nat(2_000_000),
  mediaKinds: fc.subarray(["image", "audio", "video", "document"] as const).map((kinds) => new Set(kinds)),
  hasTools: fc.boolean(),
  hasSchema: fc.boolean(),
  turns: fc.nat(50),
  tags: fc.constant({}),
});

const eligibleArbitrary = fc.subarray(["a", "b", "c", "d", "stranger"]).map((names) => new Set(names));

test("every kind of strategy has examples here", () => {
  expect(Object.keys(examples).toSorted()).toEqual(strategyKinds.map(({ keyword }) => keyword).toSorted());
});

describe.each(strategyKinds.map((kind) => [kind.keyword, kind] as const))("strategy %s", (keyword, kind) => {
  const cases = fc.tuple(
    (examples[keyword] ?? fc.constant(undefined)).map((settings): Strategy => kind.schema.parse(settings)),
    factsArbitrary,
    eligibleArbitrary,
  );

  test("probabilities are above 0, and sum to 1 unless none can be chosen", () => {
    fc.assert(
      fc.property(cases, ([strategy, facts, eligible]) => {
        const values = [...strategy.probabilities(facts, eligible).values()];
        expect(values.every((value) => value > 0 && value <= 1)).toBe(true);
        const sum = values.reduce((total, value) => total + value, 0);
        if (values.length > 0) expect(sum).toBeCloseTo(1, 9);
      }),
    );
  });

  test("only eligible variants among its own have a probability", () => {
    fc.assert(
      fc.property(cases, ([strategy, facts, eligible]) => {
        for (const variant of strategy.probabilities(facts, eligible).keys()) {
          expect(eligible.has(variant)).toBe(true);
          expect(strategy.variants).toContain(variant);
        }
      }),
    );
  });

  test("some variant can be chosen when all of its own are eligible", () => {
    fc.assert(
      fc.property(cases, ([strategy, facts]) => {
        expect(strategy.probabilities(facts, new Set(strategy.variants)).size).toBeGreaterThan(0);
      }),
    );
  });

  test("the same request is given the same probabilities", () => {
    fc.assert(
      fc.property(cases, ([strategy, facts, eligible]) => {
        expect(strategy.probabilities(facts, eligible)).toEqual(strategy.probabilities(facts, eligible));
      }),
    );
  });

  test("it goes by its own keyword", () => {
    fc.assert(fc.property(cases, ([strategy]) => strategy.keyword === keyword));
  });
});
