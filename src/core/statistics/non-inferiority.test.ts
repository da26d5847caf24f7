import { describe, expect, test } from "vitest";
import { z } from "zod";
import { goldenInterval, testGolden } from "../../../test/support/golden.ts";
import { must, refusalOf } from "../../../test/support/must.ts";
import { equivalenceTest, nonInferiorMean, nonInferiorProportion } from "./non-inferiority.ts";

const number = z.number();
const proportion = z
  .object({ successes: number, n: number })
  .transform(({ successes, n }) => ({ successes, trials: n }));
const sample = z
  .object({ mean: number, variance: number, n: number })
  .transform(({ n, ...rest }) => ({ ...rest, count: n }));
const level = { alphaOneSided: number, higherIsBetter: z.boolean() };

describe("golden values", () => {
  const proportions = testGolden(
    "non_inferiority.json",
    {
      input: z.object({ control: proportion, treatment: proportion, margin: number, ...level }),
      expected: z.object({
        difference: number,
        zWald: number,
        pWald: number,
        lowerBound: number,
        nonInferior: z.boolean(),
        restrictedTreatment: number,
        zFarringtonManning: number,
        pFarringtonManning: number,
      }),
    },
    ({ input, expected, close }) => {
      const found = must(nonInferiorProportion(input, { ...input, alpha: input.alphaOneSided }));
      close([found.difference, found.bound], [expected.difference, expected.lowerBound]);
      close([found.statistic, found.pValue], [expected.zWald, expected.pWald]);
      close(found.score.restrictedTreatment, expected.restrictedTreatment);
      close(found.score.statistic, expected.zFarringtonManning);
      close(found.score.pValue, expected.pFarringtonManning);
      expect(found.nonInferior).toBe(expected.nonInferior);
    },
  );
  const means = testGolden(
    "non_inferiority.json",
    {
      input: z.object({ control: sample, treatment: sample, relativeMargin: number, ...level }),
      expected: z.object({
        difference: number,
        absoluteMargin: number,
        t: number,
        pValue: number,
        bound: number,
        nonInferior: z.boolean(),
      }),
    },
    ({ input, expected, close }) => {
      const question = { ...input, margin: input.relativeMargin, alpha: input.alphaOneSided };
      const found = must(nonInferiorMean(input, question));
      close([found.difference, found.bound], [expected.difference, expected.bound]);
      close(found.absoluteMargin, expected.absoluteMargin);
      close([found.statistic, found.pValue], [expected.t, expected.pValue]);
      expect(found.nonInferior).toBe(expected.nonInferior);
    },
  );
  const equivalences = testGolden(
    "non_inferiority.json",
    {
      input: z.object({
        difference: number,
        standardError: number,
        df: number,
        lower: number,
        upper: number,
        alpha: number,
      }),
      expected: z.object({
        tLower: number,
        tUpper: number,
        pLower: number,
        pUpper: number,
        pTost: number,
        equivalent: z.boolean(),
        ci90: goldenInterval,
      }),
    },
    ({ input: { df, ...input }, expected, close }) => {
      const found = must(equivalenceTest({ ...input, degreesOfFreedom: df }));
      close([found.statisticLower, found.statisticUpper], [expected.tLower, expected.tUpper]);
      close([found.pLower, found.pUpper, found.pValue], [expected.pLower, expected.pUpper, expected.pTost]);
      close(found.interval, expected.ci90);
      expect(found.equivalent).toBe(expected.equivalent);
    },
  );

  test("every case is run", () => expect(proportions + means + equivalences).toBe(10));
});

test("fewer failures are as good as more successes", () => {
  const question = { margin: 0.05, alpha: 0.025 };
  const arms = { control: { successes: 80, trials: 100 }, treatment: { successes: 78, trials: 100 } };
  const turned = { control: { successes: 20, trials: 100 }, treatment: { successes: 22, trials: 100 } };
  const higher = must(nonInferiorProportion(arms, { ...question, higherIsBetter: true }));
  const lower = must(nonInferiorProportion(turned, { ...question, higherIsBetter: false }));
  expect(lower.pValue).toBeCloseTo(higher.pValue, 12);
  expect(lower.bound).toBeCloseTo(-higher.bound, 12);
  expect(lower.score.pValue).toBeCloseTo(higher.score.pValue, 9);
});

test("what cannot be said is refused with the reason", () => {
  const all = { successes: 9, trials: 9 };
  const question = { margin: 0.1, alpha: 0.025, higherIsBetter: true };
  const arms = { control: all, treatment: all };
  expect(refusalOf(nonInferiorProportion(arms, question))).toBe("no-variance");
  expect(refusalOf(nonInferiorProportion(arms, { ...question, margin: 0 }))).toBe("bad-value");
  expect(refusalOf(nonInferiorProportion(arms, { ...question, margin: 1 }))).toBe("bad-value");
  const none = { count: 9, mean: 0, variance: 1 };
  expect(refusalOf(nonInferiorMean({ control: none, treatment: none }, question))).toBe("zero-baseline");
  const tost = { difference: 0, standardError: 1, degreesOfFreedom: 9, lower: -1, upper: 1, alpha: 0.05 };
  expect(refusalOf(equivalenceTest({ ...tost, standardError: 0 }))).toBe("no-variance");
  expect(refusalOf(equivalenceTest({ ...tost, lower: 1 }))).toBe("bad-value");
  // What a test found can be handed on as it is.
  const found = { ...tost, interval: [0, 1], pValue: 0.5 };
  expect(equivalenceTest(found)).toEqual(equivalenceTest(tost));
  expect(refusalOf(equivalenceTest({ ...tost, difference: Number.NaN }))).toBe("not-finite");
});
