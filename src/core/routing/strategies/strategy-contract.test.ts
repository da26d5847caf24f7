import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { exampleInput, exampleView } from "#core/routing/example.fixture.ts";
import type { RequestFacts } from "#core/routing/request-facts.ts";
import { drawFrom } from "./draw-from.ts";
import { strategyKinds } from "./registry.ts";
import { strategySchema } from "./strategy-schema.ts";
import type { StrategyInput } from "./strategy.ts";

const names = ["a", "b", "c", "d"];

/** What a strategy chooses from: a variant, or now and then a strategy that draws by chance or takes turns. */
const target = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...names) },
  { weight: 1, arbitrary: fc.constant({ weighted: { a: "50%", b: "50%" } }) },
  { weight: 1, arbitrary: fc.constant({ round_robin: ["c", "d"] }) },
);
const targets = fc.uniqueArray(target, {
  minLength: 1,
  maxLength: 4,
  selector: (one) => JSON.stringify(one),
});

const shares = fc.uniqueArray(fc.constantFrom(...names), { minLength: 1 }).chain((variants) =>
  fc
    .array(fc.nat(1_000), { minLength: variants.length, maxLength: variants.length })
    .filter((weights) => weights.some((weight) => weight > 0))
    .map((weights) => {
      const sum = weights.reduce((total, weight) => total + weight, 0);
      return Object.fromEntries(
        variants.map((variant, index) => [variant, `${(((weights[index] ?? 0) / sum) * 100).toFixed(6)}%`]),
      );
    }),
);

/** For every kind some settings as signalbox.yaml has them. A new kind adds its line. */
const examples: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  use: target,
  priority: targets,
  weighted: fc.oneof(
    shares,
    targets.map((all) => all.map((use) => ({ share: `${(100 / all.length).toFixed(6)}%`, use }))),
  ),
  round_robin: targets,
  cheapest: targets,
  fastest: targets,
  headroom: targets,
  consistent_hash: fc.record({ by: fc.constantFrom("unit", "conversation"), shares }),
  complexity: fc.tuple(target, target, target).map(([plain, middle, hard]) => ({
    tiers: [{ below: 0.2, use: plain }, { below: 0.5, use: middle }, { use: hard }],
  })),
  first_match: fc
    .tuple(targets, fc.nat(2_000_000))
    .map(([all, tokens]) => [
      ...all.slice(1).map((use) => ({ when: { input_tokens: { $gt: tokens } }, use })),
      { use: all[0] },
    ]),
};

const factsArbitrary: fc.Arbitrary<Partial<RequestFacts>> = fc.record({
  operation: fc.constantFrom("chat", "embeddings", "count-tokens"),
  stream: fc.boolean(),
  inputTokens: fc.nat(2_000_000),
  mediaKinds: fc.subarray(["image", "audio", "video", "document"] as const).map((kinds) => new Set(kinds)),
  hasTools: fc.boolean(),
  hasSchema: fc.boolean(),
  turns: fc.nat(50),
});

const eligibleArbitrary = fc.subarray([...names, "stranger"]);

test("every kind of strategy has examples here", () => {
  expect(Object.keys(examples).toSorted()).toEqual(strategyKinds.map(({ keyword }) => keyword).toSorted());
});

describe.each(strategyKinds.map(({ keyword }) => keyword))("strategy %s", (keyword) => {
  const strategies = (examples[keyword] ?? fc.constant(undefined)).map((settings) =>
    strategySchema.parse({ [keyword]: settings }),
  );
  const cases = fc.tuple(strategies, factsArbitrary, eligibleArbitrary);

  test("probabilities are above 0, and sum to 1 unless none can be chosen", () => {
    fc.assert(
      fc.property(cases, ([strategy, facts, eligible]) => {
        const values = [...strategy.probabilities(exampleInput(eligible, facts)).values()];
        expect(values.every((value) => value > 0 && value <= 1 + 1e-9)).toBe(true);
        const sum = values.reduce((total, value) => total + value, 0);
        if (values.length > 0) expect(sum).toBeCloseTo(1, 9);
      }),
    );
  });

  test("only eligible variants among its own have a probability", () => {
    fc.assert(
      fc.property(cases, ([strategy, facts, eligible]) => {
        for (const variant of strategy.probabilities(exampleInput(eligible, facts)).keys()) {
          expect(eligible).toContain(variant);
          expect(strategy.variants).toContain(variant);
        }
      }),
    );
  });

  test("some variant can be chosen when all of its own are eligible", () => {
    fc.assert(
      fc.property(cases, ([strategy, facts]) => {
        expect(strategy.probabilities(exampleInput(strategy.variants, facts)).size).toBeGreaterThan(0);
      }),
    );
  });

  test("the same request is given the same probabilities", () => {
    fc.assert(
      fc.property(cases, ([strategy, facts, eligible]) => {
        const input = exampleInput(eligible, facts);
        expect(strategy.probabilities(input)).toEqual(strategy.probabilities(input));
      }),
    );
  });

  test("over all turns, units and numbers each is drawn as often as its probability says", () => {
    fc.assert(
      fc.property(cases, ([strategy, facts, eligible]) => {
        const count = 2_400;
        const drawn = new Map<string, number>();
        const view = exampleView();
        const input = (unit: string): StrategyInput => ({
          ...exampleInput(eligible, facts),
          view: { ...view, stickyKey: () => unit },
        });
        for (let at = 0; at < count; at++) {
          // Each number follows the golden ratio, so that it is even in itself and beside every count of turns.
          const variant = drawFrom(strategy, input(`unit ${at}`), (at * 0.618033988749895) % 1);
          if (variant !== undefined) drawn.set(variant, (drawn.get(variant) ?? 0) + 1);
        }
        const probabilities = strategy.probabilities(input("any"));
        expect([...drawn.keys()].filter((variant) => !probabilities.has(variant))).toEqual([]);
        for (const [variant, probability] of probabilities) {
          expect(Math.abs((drawn.get(variant) ?? 0) / count - probability)).toBeLessThan(0.05);
        }
      }),
      { numRuns: 25 },
    );
  });

  test("what it is read from can be read again", () => {
    fc.assert(
      fc.property(strategies, (strategy) => {
        const again = strategySchema.parse({ [strategy.keyword]: strategy.settings });
        expect(again.settings).toEqual(strategy.settings);
      }),
    );
  });
});
