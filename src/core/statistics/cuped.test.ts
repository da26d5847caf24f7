import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { goldenInterval, testGolden } from "../../../test/support/golden.ts";
import { must, refusalOf } from "../../../test/support/must.ts";
import { cupedTest, type AdjustedComparison } from "./cuped.ts";
import {
  jointMomentsFromSums,
  jointMomentsOf,
  mergedJointMoments,
  noJointMoments,
  type JointMoments,
} from "./joint-moments.ts";
import { welchTest } from "./welch-test.ts";

const meanOfFirst = { outcome: { mean: 0 }, covariates: [{ mean: 1 }] };
const ratioOfFirst = {
  outcome: { numerator: 0, denominator: 1 },
  covariates: [{ numerator: 2, denominator: 3 }],
};

/**
 * The standard error of a relative difference of means as GrowthBook takes it: its gradient has the unadjusted difference
 * where the exact one has the adjusted. Variables are the outcome and one covariate.
 */
function peerRelativeError({ control, treatment }: AdjustedComparison, theta: number): number {
  const variance = ({ count, products }: JointMoments, outcome: number) => {
    const at = (row: number, column: number) => products[row]?.[column] ?? 0;
    return (
      (outcome ** 2 * at(0, 0) - 2 * outcome * theta * at(0, 1) + theta ** 2 * at(1, 1)) / (count - 1) / count
    );
  };
  const [baseline, other] = [control.means[0] ?? 0, treatment.means[0] ?? 0];
  return Math.sqrt(variance(treatment, 1) + variance(control, other / baseline)) / baseline;
}

describe("golden values of the formulas", () => {
  const arm = z
    .object({ y: z.array(z.number()), x: z.array(z.number()) })
    .transform(({ y, x }) => must(jointMomentsOf([y, x])));
  // Of the file, the coefficient within arms and the ANCOVA with it are other methods: not ours.
  const count = testGolden(
    "cuped.json",
    {
      input: z.object({ control: arm, treatment: arm }),
      expected: z.object({
        thetaPooled: z.number(),
        adjustedDifference: z.number(),
        adjustedSe: z.number(),
        unadjustedDifference: z.number(),
        unadjustedSe: z.number(),
        varianceReduction: z.number(),
        relativeEffect: z.number(),
        relativeSe: z.number(),
      }),
    },
    ({ input, expected, close }) => {
      const comparison: AdjustedComparison = { ...input, ...meanOfFirst, alpha: 0.05 };
      const found = must(cupedTest(comparison));
      const [theta = Number.NaN] = found.coefficients;
      close(theta, expected.thetaPooled);
      close([found.difference, found.standardError], [expected.adjustedDifference, expected.adjustedSe]);
      close(found.varianceReduction, expected.varianceReduction);
      const plain = plainTest(comparison);
      close([plain.difference, plain.standardError], [expected.unadjustedDifference, expected.unadjustedSe]);
      const share = must(cupedTest({ ...comparison, scale: "relative" }));
      close(share.difference, expected.relativeEffect);
      // The file has GrowthBook's gradient; ours is exact, see the test of it below.
      close(peerRelativeError(comparison, theta), expected.relativeSe);
    },
  );

  test("every case is run", () => expect(count).toBe(4));
});

function plainTest({ control, treatment, alpha }: AdjustedComparison) {
  const sample = ({ count, means, products }: JointMoments) => ({
    count,
    mean: means[0] ?? 0,
    variance: (products[0]?.[0] ?? 0) / (count - 1),
  });
  return must(welchTest({ control: sample(control), treatment: sample(treatment), alpha }));
}

const single = z.union([
  z.object({ type: z.literal("SampleMeanStatistic"), sum: z.number(), sumSquares: z.number() }),
  z
    .object({ type: z.literal("ProportionStatistic"), sum: z.number() })
    .transform((proportion) => ({ ...proportion, sumSquares: proportion.sum })),
]);

/** Such that variances and covariances have the divisor n. */
const ofN = ({ count, means, products }: JointMoments): JointMoments => ({
  count,
  means,
  products: products.map((row) => row.map((product) => (product * (count - 1)) / count)),
});

const mean = z
  .object({ n: z.number(), postStatistic: single, preStatistic: single, postPreSumOfProducts: z.number() })
  .transform(({ n, postStatistic: post, preStatistic: pre, postPreSumOfProducts: both }) => ({
    isProportion: post.type === "ProportionStatistic",
    metrics: meanOfFirst,
    moments: must(
      jointMomentsFromSums({
        count: n,
        sums: [post.sum, pre.sum],
        sumProducts: [[post.sumSquares], [both, pre.sumSquares]],
      }),
    ),
  }));

const ratio = z
  .object({
    n: z.number(),
    mStatisticPost: single,
    dStatisticPost: single,
    mStatisticPre: single,
    dStatisticPre: single,
    mPostMPreSumOfProducts: z.number(),
    dPostDPreSumOfProducts: z.number(),
    mPreDPreSumOfProducts: z.number(),
    mPostDPostSumOfProducts: z.number(),
    mPostDPreSumOfProducts: z.number(),
    mPreDPostSumOfProducts: z.number(),
  })
  .transform(
    ({ n, mStatisticPost: m, dStatisticPost: d, mStatisticPre: mPre, dStatisticPre: dPre, ...products }) => ({
      isProportion: false,
      metrics: ratioOfFirst,
      moments: must(
        jointMomentsFromSums({
          count: n,
          sums: [m.sum, d.sum, mPre.sum, dPre.sum],
          sumProducts: [
            [m.sumSquares],
            [products.mPostDPostSumOfProducts, d.sumSquares],
            [products.mPostMPreSumOfProducts, products.mPreDPostSumOfProducts, mPre.sumSquares],
            [
              products.mPostDPreSumOfProducts,
              products.dPostDPreSumOfProducts,
              products.mPreDPreSumOfProducts,
              dPre.sumSquares,
            ],
          ],
        }),
      ),
    }),
  );

describe("golden values of GrowthBook", () => {
  const arm = z.union([ratio, mean]);
  const question = { differenceType: z.enum(["absolute", "relative"]), alpha: z.number() };
  const input = z.union([
    z.object({ ...question, strata: z.array(z.object({ control: arm, treatment: arm })) }),
    z
      .object({ ...question, control: arm, treatment: arm })
      .transform(({ control, treatment, ...rest }) => ({ ...rest, strata: [{ control, treatment }] })),
  ]);
  const expectedAnswer = z.object({
    effect: z.number(),
    standardError: z.number(),
    ci: goldenInterval,
    pValue: z.number(),
    dof: z.number(),
    statistic: z.number(),
    theta: z.number(),
  });
  const count = testGolden("growthbook_cuped.json", { input, expected: expectedAnswer }, (golden) => {
    const { strata, alpha, differenceType: scale } = golden.input;
    const { effect, standardError, ci, pValue, dof, statistic, theta } = golden.expected;
    const pooled = (name: "control" | "treatment") =>
      strata.reduce((sum, stratum) => mergedJointMoments(sum, stratum[name].moments), noJointMoments);
    const first = strata[0]?.control ?? expect.unreachable();
    const comparison: AdjustedComparison = {
      control: pooled("control"),
      treatment: pooled("treatment"),
      ...first.metrics,
      alpha,
      scale,
    };
    const found = must(cupedTest(comparison));
    golden.close(found.coefficients, [theta]);
    golden.close(found.difference, effect);
    if (first.isProportion) {
      // Of proportions the peer's variances are p(1 - p), with the divisor n; ours have n - 1 as those of all means.
      const asPeer = {
        ...comparison,
        control: ofN(comparison.control),
        treatment: ofN(comparison.treatment),
      };
      golden.close(peerRelativeError(asPeer, theta), standardError);
      expect(found.degreesOfFreedom / dof).toBeCloseTo(1, 4);
      return;
    }
    golden.close(found.degreesOfFreedom, dof);
    if (scale === "relative" && "mean" in comparison.outcome) {
      golden.close(peerRelativeError(comparison, theta), standardError);
      expect(Math.abs(found.standardError / standardError - 1)).toBeLessThan(0.02);
      return;
    }
    golden.close([found.standardError, found.statistic, found.pValue], [standardError, statistic, pValue]);
    golden.close(found.interval, ci);
  });

  test("every case is run", () => expect(count).toBe(13));
});

const pairs = fc.array(
  fc.tuple(fc.double({ min: 5, max: 9, noNaN: true }), fc.double({ min: -3, max: 3, noNaN: true })),
  { minLength: 6, maxLength: 20 },
);
const momentsOfPairs = (list: readonly (readonly [number, number])[]) =>
  must(jointMomentsOf([list.map(([y]) => y), list.map(([, x]) => x)]));
const varies = ({ products }: JointMoments) => (products[0]?.[0] ?? 0) > 0.1 && (products[1]?.[1] ?? 0) > 0.1;

describe("laws", () => {
  test("the relative error is the delta method's, by the derivatives of the relative difference", () => {
    fc.assert(
      fc.property(pairs, pairs, (before, after) => {
        const [control, treatment] = [momentsOfPairs(before), momentsOfPairs(after)];
        fc.pre(varies(control) && varies(treatment));
        const answer = cupedTest({ control, treatment, ...meanOfFirst, alpha: 0.05, scale: "relative" });
        fc.pre(answer.ok);
        const found = must(answer);
        const [theta = Number.NaN] = found.coefficients;
        const share = (means: readonly number[]) => {
          const [yC = 0, xC = 0, yT = 0, xT = 0] = means;
          return (yT - theta * xT - (yC - theta * xC)) / yC;
        };
        const means = [...control.means, ...treatment.means];
        const gradient = means.map((_, place) => {
          const moved = (step: number) =>
            means.map((value, other) => (place === other ? value + step : value));
          return (share(moved(1e-5)) - share(moved(-1e-5))) / 2e-5;
        });
        const variance = [control, treatment].reduce((total, { count, products }, arm) => {
          const [y = 0, x = 0] = gradient.slice(2 * arm);
          const [[yy = 0, yx = 0] = [], [, xx = 0] = []] = products;
          return total + (y * y * yy + 2 * x * y * yx + x * x * xx) / (count - 1) / count;
        }, 0);
        expect(found.standardError).toBeCloseTo(Math.sqrt(variance), 7);
      }),
    );
  });

  test("a covariate in other units, or said twice over as two others, changes nothing", () => {
    fc.assert(
      fc.property(pairs, pairs, (before, after) => {
        fc.pre(varies(momentsOfPairs(before)) && varies(momentsOfPairs(after)));
        const arms = (of: (x: number, place: number) => readonly number[]) => {
          const moments = (list: typeof before) => {
            const rows = list.map(([y, x], place) => [y, ...of(x, place)]);
            return must(
              jointMomentsOf((rows[0] ?? []).map((_, column) => rows.map((row) => row[column] ?? 0))),
            );
          };
          return { control: moments(before), treatment: moments(after) };
        };
        const two = { outcome: { mean: 0 }, covariates: [{ mean: 1 }, { mean: 2 }], alpha: 0.05 };
        const wave = (place: number) => ((place * 7) % 5) - 2;
        const answer = cupedTest({ ...arms((x, place) => [x, wave(place)]), ...two });
        fc.pre(answer.ok && answer.value.varianceReduction < 0.999);
        const found = must(answer);
        const turned = must(
          cupedTest({ ...arms((x, place) => [1e6 * (x + wave(place)), 1e-6 * (x - wave(place))]), ...two }),
        );
        expect(turned.difference).toBeCloseTo(found.difference, 6);
        expect(turned.standardError).toBeCloseTo(found.standardError, 6);
      }),
    );
  });

  test("ratios over denominators of 1 give the same as means but for the coefficient within arms", () => {
    fc.assert(
      fc.property(pairs, (list) => {
        const ones = list.map(() => 1);
        const arm = must(jointMomentsOf([list.map(([y]) => y), ones, list.map(([, x]) => x), ones]));
        fc.pre((arm.products[0]?.[0] ?? 0) > 0.1 && (arm.products[2]?.[2] ?? 0) > 0.1);
        const arms = { control: arm, treatment: arm, alpha: 0.05, scale: "relative" } as const;
        const ofRatio = cupedTest({ ...arms, ...ratioOfFirst });
        const ofMean = cupedTest({ ...arms, outcome: { mean: 0 }, covariates: [{ mean: 2 }] });
        fc.pre(ofMean.ok);
        expect(must(ofRatio).standardError).toBeCloseTo(must(ofMean).standardError, 9);
      }),
    );
  });
});

test("what cannot be adjusted is refused with the reason", () => {
  const arm = must(
    jointMomentsOf([
      [1, 2, 4, 3],
      [1, 1, 1, 1],
      [2, 4, 6, 1],
      [4, 8, 12, 2],
    ]),
  );
  const ask = (changes: Partial<AdjustedComparison>) =>
    refusalOf(
      cupedTest({
        control: arm,
        treatment: arm,
        outcome: { mean: 0 },
        covariates: [{ mean: 2 }],
        alpha: 0.05,
        ...changes,
      }),
    );
  expect(ask({})).toBeUndefined();
  expect(ask({ alpha: 0 })).toBe("bad-level");
  expect(ask({ covariates: [] })).toBe("too-few");
  expect(ask({ control: must(jointMomentsOf([[1], [1], [1]])) })).toBe("too-few");
  expect(ask({ control: { ...arm, count: 3.5 } })).toBe("bad-count");
  expect(ask({ covariates: [{ mean: 1 }] })).toBe("no-variance");
  expect(ask({ covariates: [{ mean: 2 }, { mean: 3 }] })).toBe("no-variance");
  expect(ask({ covariates: [{ mean: 0 }] })).toBe("no-variance");
  expect(ask({ covariates: [{ mean: 9 }] })).toBe("bad-value");
  const centred = must(
    jointMomentsOf([
      [1, -1, 2, -2],
      [0, 0, 1, -1],
      [2, 4, 6, 1],
    ]),
  );
  expect(ask({ control: centred, treatment: centred, scale: "relative" })).toBe("zero-baseline");
  expect(ask({ control: centred, outcome: { numerator: 2, denominator: 1 } })).toBe("zero-baseline");
  expect(ask({ control: { ...arm, means: [Infinity, 1, 1] } })).toBe("not-finite");
  expect(refusalOf(jointMomentsOf([]))).toBe("too-few");
  expect(refusalOf(jointMomentsOf([[1], [1, 2]]))).toBe("bad-value");
  expect(refusalOf(jointMomentsFromSums({ count: 2, sums: [1, 1], sumProducts: [[1]] }))).toBe("not-finite");
});
