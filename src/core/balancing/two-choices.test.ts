import fc from "fast-check";
import { expect, test } from "vitest";
import { firstOfTwo, isUncontested, secondOfTwo } from "./two-choices.ts";

const side = 200;
const grid = Array.from({ length: side }, (_, index) => (index + 0.5) / side);

/** How often each item is in the pair; an item that is taken without a contest counts twice. */
function presence(weights: readonly number[]): readonly number[] {
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const counts = weights.map(() => 0);
  const add = (index: number, by: number): void => void (counts[index] = (counts[index] ?? 0) + by);
  for (const draw of grid) {
    const first = firstOfTwo(weights, sum, draw);
    const alone = isUncontested(weights[first] ?? 0, sum, draw);
    for (const other of grid) {
      add(first, alone ? 2 : 1);
      if (!alone) add(secondOfTwo(weights, sum, first, other), 1);
    }
  }
  return counts.map((count) => count / side ** 2);
}

test("each is in the pair with twice its part of the weight", () => {
  const pools = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 2, maxLength: 8 });
  fc.assert(
    fc.property(pools, (weights) => {
      const sum = weights.reduce((total, weight) => total + weight, 0);
      for (const [index, value] of presence(weights).entries())
        expect(Math.abs(value - (2 * (weights[index] ?? 0)) / sum)).toBeLessThan(0.04);
    }),
    { numRuns: 50 },
  );
});

test("the two are different, and neither has weight 0", () => {
  const unit = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  const pools = fc
    .array(fc.oneof(fc.constant(0), fc.double({ min: 1e-6, max: 1e6, noNaN: true })), {
      minLength: 1,
      maxLength: 20,
    })
    .filter((weights) => weights.some((weight) => weight > 0));
  fc.assert(
    fc.property(pools, unit, unit, (weights, draw, other) => {
      const sum = weights.reduce((total, weight) => total + weight, 0);
      const first = firstOfTwo(weights, sum, draw);
      const second = secondOfTwo(weights, sum, first, other);
      expect(weights[first]).toBeGreaterThan(0);
      expect(second).not.toBe(first);
      if (weights.filter((weight) => weight > 0).length === 1) expect(second).toBe(-1);
      else expect(weights[second]).toBeGreaterThan(0);
    }),
    { numRuns: 2_000 },
  );
});
