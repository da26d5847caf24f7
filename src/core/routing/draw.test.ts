import fc from "fast-check";
import { expect, test } from "vitest";
import { draw } from "./draw.ts";

const probabilities = new Map([
  ["a", 0.5],
  ["b", 0.3],
  ["c", 0.2],
]);

test.each([
  [0, "a", 0.5],
  [0.4999, "a", 0.5],
  [0.5, "b", 0.3],
  [0.7999, "b", 0.3],
  [0.81, "c", 0.2],
  [1 - Number.EPSILON, "c", 0.2],
])("%d falls on %s", (unit, variant, propensity) => {
  expect(draw(probabilities, unit)).toEqual({ variant, propensity });
});

test("nothing is drawn from nothing", () => {
  expect(draw(new Map(), 0.5)).toBeUndefined();
  expect(draw(new Map([["a", 0]]), 0.5)).toBeUndefined();
});

test("over an even grid of numbers each variant is drawn as often as its probability says", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 6 }), (weights) => {
      const sum = weights.reduce((total, weight) => total + weight, 0);
      fc.pre(sum > 0);
      const given = new Map(weights.map((weight, index) => [`v${index}`, weight / sum]));
      const grid = 2_000;
      const counts = new Map<string, number>();
      for (let index = 0; index < grid; index++) {
        const drawn = draw(given, (index + 0.5) / grid);
        if (!drawn) expect.unreachable();
        expect(drawn.propensity).toBe(given.get(drawn.variant));
        counts.set(drawn.variant, (counts.get(drawn.variant) ?? 0) + 1);
      }
      for (const [variant, probability] of given) {
        expect(Math.abs((counts.get(variant) ?? 0) - probability * grid)).toBeLessThanOrEqual(1);
      }
    }),
    { numRuns: 50 },
  );
});
