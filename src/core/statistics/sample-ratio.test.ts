import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { testGolden } from "../../../test/support/golden.ts";
import { must, refusalOf } from "../../../test/support/must.ts";
import { sampleRatio } from "./sample-ratio.ts";

function armsOf(units: readonly number[], weights: readonly number[]) {
  return units.map((count, index) => ({ units: count, weight: weights[index] ?? 0 }));
}

const numbers = z.array(z.number());

describe("golden values of mpmath", () => {
  const count = testGolden(
    "srm_chi_square.json",
    {
      input: z.object({ observed: numbers, weights: numbers }),
      expected: z.object({
        chiSquare: z.number(),
        df: z.number(),
        pValue: z.number(),
        mismatchAt0001: z.boolean(),
      }),
    },
    ({ input, expected, close }) => {
      const found = must(sampleRatio(armsOf(input.observed, input.weights)));
      close(found.chiSquare, expected.chiSquare);
      close(found.degreesOfFreedom, expected.df);
      close(found.pValue, expected.pValue);
      expect(found.pValue < 0.001).toBe(expected.mismatchAt0001);
    },
  );

  test("every case is run", () => expect(count).toBe(11));
});

describe("golden values of GrowthBook", () => {
  const count = testGolden(
    "growthbook_srm.json",
    { input: z.object({ users: numbers, weights: numbers }), expected: z.object({ pValue: z.number() }) },
    ({ input, expected, close }) =>
      close(must(sampleRatio(armsOf(input.users, input.weights))).pValue, expected.pValue),
  );

  test("every case is run", () => expect(count).toBe(10));

  test("an arm of weight 0 is no degree of freedom, where GrowthBook counts it (p = 0.135)", () => {
    expect(must(sampleRatio(armsOf([60, 40, 0], [0.5, 0.5, 0]))).pValue).toBeCloseTo(0.0455, 4);
  });
});

test("weights are relative, and the order of arms does not matter", () => {
  const arm = fc.record({
    units: fc.integer({ min: 0, max: 9999 }),
    weight: fc.integer({ min: 1, max: 99 }),
  });
  fc.assert(
    fc.property(fc.array(arm, { minLength: 2, maxLength: 6 }), (arms) => {
      fc.pre(arms.some(({ units }) => units > 0));
      const { pValue } = must(sampleRatio(arms));
      const scaled = arms.map(({ units, weight }) => ({ units, weight: weight * 1e300 })).toReversed();
      expect(must(sampleRatio(scaled)).pValue).toBeCloseTo(pValue, 9);
      expect(pValue >= 0 && pValue <= 1).toBe(true);
    }),
  );
});

test("what cannot be said is refused with the reason", () => {
  expect(refusalOf(sampleRatio(armsOf([1.5, 2], [1, 1])))).toBe("bad-count");
  expect(refusalOf(sampleRatio(armsOf([1, 2], [1, -1])))).toBe("bad-value");
  expect(refusalOf(sampleRatio(armsOf([1, 2], [1, 0])))).toBe("bad-value");
  expect(refusalOf(sampleRatio(armsOf([0, 0], [1, 1])))).toBe("too-few");
  expect(refusalOf(sampleRatio(armsOf([5], [1])))).toBe("too-few");
});
