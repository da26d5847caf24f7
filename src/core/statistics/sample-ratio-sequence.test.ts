import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { testGolden } from "../../../test/support/golden.ts";
import { must, refusalOf } from "../../../test/support/must.ts";
import { sampleRatioSequence } from "./sample-ratio-sequence.ts";

function armsOf(units: readonly number[], weights: readonly number[]) {
  return units.map((count, index) => ({ units: count, weight: weights[index] ?? 0 }));
}

describe("golden values of exact fractions", () => {
  const numbers = z.array(z.number());
  const count = testGolden(
    "sample_ratio_sequence.json",
    {
      input: z.object({ observed: numbers, weights: numbers }),
      expected: z.object({ logEvidence: z.number(), pValue: z.number() }),
    },
    ({ input, expected, close }) => {
      const found = must(sampleRatioSequence(armsOf(input.observed, input.weights)));
      close(found.logEvidence, expected.logEvidence);
      close(found.pValue, expected.pValue);
    },
  );

  test("every case is run", () => expect(count).toBe(11));
});

describe("laws", () => {
  const weight = fc.integer({ min: 1, max: 99 });
  const arm = fc.record({ units: fc.integer({ min: 0, max: 9_999 }), weight });

  test("under the planned shares the next unit changes the evidence by nothing on average", () => {
    fc.assert(
      fc.property(fc.array(arm, { minLength: 2, maxLength: 6 }), (arms) => {
        fc.pre(arms.some(({ units }) => units > 0));
        const weights = arms.reduce((sum, one) => sum + one.weight, 0);
        const now = must(sampleRatioSequence(arms)).logEvidence;
        const next = arms.map(({ weight: of }, place) => {
          const grown = arms.map((one, at) => ({ ...one, units: one.units + (at === place ? 1 : 0) }));
          return (of / weights) * Math.exp(must(sampleRatioSequence(grown)).logEvidence - now);
        });
        expect(next.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 6);
      }),
    );
  });

  test("weights are relative, the order of arms does not matter, and an arm without weight is none", () => {
    fc.assert(
      fc.property(fc.array(arm, { minLength: 2, maxLength: 6 }), (arms) => {
        fc.pre(arms.some(({ units }) => units > 0));
        const { logEvidence } = must(sampleRatioSequence(arms));
        const scaled = arms.map(({ units, weight: of }) => ({ units, weight: of * 1e300 })).toReversed();
        const more = [...scaled, { units: 0, weight: 0 }];
        expect(must(sampleRatioSequence(more)).logEvidence).toBeCloseTo(logEvidence, 6);
      }),
    );
  });
});

test("sizes beyond what a number holds as evidence are surely off", () => {
  const { logEvidence, pValue } = must(sampleRatioSequence(armsOf([9e8, 1e8], [1, 1])));
  expect(logEvidence).toBeGreaterThan(1e8);
  expect(pValue).toBe(0);
});

test("what cannot be said is refused with the reason", () => {
  expect(refusalOf(sampleRatioSequence(armsOf([1.5, 2], [1, 1])))).toBe("bad-count");
  expect(refusalOf(sampleRatioSequence(armsOf([1, 2], [1, -1])))).toBe("bad-value");
  expect(refusalOf(sampleRatioSequence(armsOf([1, 2], [1, 0])))).toBe("bad-value");
  expect(refusalOf(sampleRatioSequence(armsOf([1, 2], [1e300, 1e-20])))).toBe("bad-value");
  expect(refusalOf(sampleRatioSequence(armsOf([0, 0], [1, 1])))).toBe("too-few");
  expect(refusalOf(sampleRatioSequence(armsOf([5], [1])))).toBe("too-few");
});
