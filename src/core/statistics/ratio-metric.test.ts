import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { goldenInterval, testGolden } from "../../../test/support/golden.ts";
import { must, refusalOf } from "../../../test/support/must.ts";
import { crossMomentsFromSums, crossMomentsOf, mergedCrossMoments, noCrossMoments } from "./cross-moments.ts";
import { normalTest } from "./difference.ts";
import { ratioSample } from "./ratio-metric.ts";
import { meanOf, welchTest } from "./welch-test.ts";

describe("golden values of the delta method", () => {
  const arm = z
    .object({ numerator: z.array(z.number()), denominator: z.array(z.number()) })
    .transform(({ numerator, denominator }) =>
      must(ratioSample(must(crossMomentsOf(denominator, numerator)))),
    );
  const armExpected = z.object({ n: z.number(), mean: z.number(), variance: z.number(), se: z.number() });
  const count = testGolden(
    "ratio_delta.json",
    {
      input: z.object({ control: arm, treatment: arm }),
      expected: z.object({
        control: armExpected,
        treatment: armExpected,
        absolute: z.number(),
        absoluteSe: z.number(),
        relative: z.number(),
        relativeSe: z.number(),
        relativeCi95Normal: goldenInterval,
      }),
    },
    ({ input, expected, close }) => {
      for (const name of ["control", "treatment"] as const) {
        const { count: units, mean, variance } = input[name];
        const { n, se, ...wanted } = expected[name];
        close([units, mean, variance], [n, wanted.mean, wanted.variance]);
        close(meanOf(input[name]).standardError, se);
      }
      const absolute = must(welchTest({ ...input, alpha: 0.05 }));
      close([absolute.difference, absolute.standardError], [expected.absolute, expected.absoluteSe]);
      const relative = must(welchTest({ ...input, alpha: 0.05, scale: "relative" }));
      close([relative.difference, relative.standardError], [expected.relative, expected.relativeSe]);
      // The interval of the file is normal; that of the samples is Student's, and wider.
      const arms = { control: meanOf(input.control), treatment: meanOf(input.treatment) };
      close(
        must(normalTest({ ...arms, alpha: 0.05, scale: "relative" })).interval,
        expected.relativeCi95Normal,
      );
    },
  );

  test("every case is run", () => expect(count).toBe(4));
});

const part = z.object({ sum: z.number(), sumSquares: z.number() });
const ratioSums = z.object({
  type: z.literal("RatioStatistic"),
  n: z.number(),
  mStatistic: part,
  dStatistic: part,
  mDSumOfProducts: z.number(),
});
type RatioSums = z.infer<typeof ratioSums>;

const momentsOfSums = ({ n, mStatistic, dStatistic, mDSumOfProducts }: RatioSums) =>
  crossMomentsFromSums({
    count: n,
    sumX: dStatistic.sum,
    sumY: mStatistic.sum,
    sumSquaresX: dStatistic.sumSquares,
    sumSquaresY: mStatistic.sumSquares,
    sumProducts: mDSumOfProducts,
  });

describe("golden values of GrowthBook", () => {
  const arms = z.object({ control: ratioSums, treatment: ratioSums });
  const question = { differenceType: z.enum(["absolute", "relative"]), alpha: z.number() };
  const input = z.union([
    z.object({ ...question, strata: z.array(arms) }),
    z
      .object({ ...question, control: ratioSums, treatment: ratioSums })
      .transform(({ control, treatment, ...rest }) => ({ ...rest, strata: [{ control, treatment }] })),
  ]);
  const answer = z.object({
    effect: z.number(),
    standardError: z.number(),
    ci: goldenInterval,
    pValue: z.number(),
    dof: z.number(),
    statistic: z.number(),
  });
  const answered = testGolden("growthbook_ratio_delta.json", { input, expected: answer }, (golden) => {
    const { strata, differenceType, alpha } = golden.input;
    const pooled = (name: "control" | "treatment") =>
      strata.reduce(
        (sum, stratum) => mergedCrossMoments(sum, must(momentsOfSums(stratum[name]))),
        noCrossMoments,
      );
    const first = strata[0];
    if (first && first.control.dStatistic.sum ** 2 > first.control.dStatistic.sumSquares * first.control.n) {
      // 100 values with the sum 510 have squares of 2601 at least, not 810: the peer takes the variance below 0.
      expect(refusalOf(momentsOfSums(first.control))).toBe("bad-value");
      return;
    }
    const control = must(ratioSample(pooled("control")));
    const treatment = must(ratioSample(pooled("treatment")));
    const found = must(welchTest({ control, treatment, alpha, scale: differenceType }));
    const { effect, standardError, statistic, dof, pValue, ci } = golden.expected;
    golden.close(
      [found.difference, found.standardError, found.statistic, found.degreesOfFreedom, found.pValue],
      [effect, standardError, statistic, dof, pValue],
    );
    golden.close(found.interval, ci);
  });
  const refusals = testGolden(
    "growthbook_ratio_delta.json",
    { input, expected: z.object({ errorMessage: z.literal("ZERO_NEGATIVE_VARIANCE") }) },
    ({ input: { strata } }) => {
      for (const { control } of strata)
        expect(refusalOf(ratioSample(must(momentsOfSums(control))))).toBe("zero-baseline");
    },
  );

  test("every case is run", () => expect(answered + refusals).toBe(6));
});

const units = fc.array(
  fc.tuple(fc.integer({ min: 1, max: 200 }), fc.double({ min: -100, max: 100, noNaN: true })),
  { minLength: 2, maxLength: 30 },
);
const sampleOfUnits = (pairs: readonly (readonly [number, number])[], scale = 1) =>
  ratioSample(
    must(
      crossMomentsOf(
        pairs.map(([x]) => x * scale),
        pairs.map(([, y]) => y * scale),
      ),
    ),
  );

describe("laws", () => {
  test("over denominators of 1 a ratio is a mean", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -9, max: 9, noNaN: true }), { minLength: 2 }), (values) => {
        const { y, ...cross } = must(
          crossMomentsOf(
            values.map(() => 1),
            values,
          ),
        );
        const found = must(ratioSample({ ...cross, y }));
        expect(found.mean).toBe(y.mean);
        expect(found.variance).toBeCloseTo(y.squaredDeviations / (values.length - 1), 12);
      }),
    );
  });

  test("one scale of both changes nothing, however small it is", () => {
    fc.assert(
      fc.property(units, (pairs) => {
        const [found, scaled] = [must(sampleOfUnits(pairs)), must(sampleOfUnits(pairs, 1e-140))];
        expect(scaled.mean).toBeCloseTo(found.mean, 9);
        expect(scaled.variance).toBeCloseTo(found.variance, 6);
      }),
    );
  });
});

test("what has no ratio is refused; numerators in proportion do not vary", () => {
  expect(refusalOf(sampleOfUnits([[1, 2]]))).toBe("too-few");
  expect(
    refusalOf(
      sampleOfUnits([
        [1, 2],
        [-1, 2],
      ]),
    ),
  ).toBe("zero-baseline");
  expect(
    refusalOf(
      sampleOfUnits([
        [1e-300, 1e300],
        [2e-300, 1e300],
      ]),
    ),
  ).toBe("not-finite");
  const proportional = must(
    sampleOfUnits([
      [0.1, 0.3],
      [0.7, 2.1],
      [1.3, 3.9],
      [2.9, 8.7],
    ]),
  );
  expect(proportional.variance).toBe(0);
  expect(refusalOf(welchTest({ control: proportional, treatment: proportional, alpha: 0.05 }))).toBe(
    "no-variance",
  );
});
