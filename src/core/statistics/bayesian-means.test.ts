import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { goldenInterval, testGolden } from "../../../test/support/golden.ts";
import { must, refusalOf } from "../../../test/support/must.ts";
import { bayesianMeans } from "./bayesian-means.ts";
import { crossMomentsFromSums } from "./cross-moments.ts";
import { momentsFromSums } from "./moments.ts";
import { normalPosterior } from "./normal-posterior.ts";
import { sampleOf, type Sample } from "./sample.ts";

describe("golden values of GrowthBook", () => {
  const moments = z
    .object({ mean: z.number(), variance: z.number(), n: z.number() })
    .transform(({ mean, variance, n }): Sample => ({ mean, variance, count: n }));
  const question = {
    differenceType: z.enum(["absolute", "relative"]),
    alpha: z.number(),
    inverse: z.boolean(),
    priorType: z.literal("relative"),
    prior: z.object({ mean: z.number(), variance: z.number(), proper: z.boolean() }),
  };
  const risk = z.tuple([z.number(), z.number()]);
  const readings = testGolden(
    "growthbook_bayesian.json",
    {
      input: z.object(question),
      expected: z.object({
        posteriorMean: z.number(),
        posteriorStd: z.number(),
        chanceToWin: z.number(),
        ci: goldenInterval,
        risk,
        // The arms as the peer sums them up: those of ratios are the linearised ones.
        control: moments,
        treatment: moments,
      }),
    },
    ({ input, expected, close }) => {
      const { mean, variance, proper } = input.prior;
      const found = must(
        bayesianMeans({
          control: expected.control,
          treatment: expected.treatment,
          alpha: input.alpha,
          scale: input.differenceType,
          prior: proper ? { mean, standardDeviation: Math.sqrt(variance), scale: input.priorType } : "flat",
          higherIsBetter: !input.inverse,
        }),
      );
      close(found.mean, expected.posteriorMean);
      close(found.standardDeviation, expected.posteriorStd);
      close(found.chanceToWin, expected.chanceToWin);
      close(found.interval, expected.ci);
      close([found.expectedLoss.control, found.expectedLoss.treatment], expected.risk);
    },
  );

  const sums = z.object({ n: z.number(), sum: z.number(), sumSquares: z.number().optional() });
  const refusals = testGolden(
    "growthbook_bayesian.json",
    {
      input: z.object({
        ...question,
        control: z.union([sums, z.object({ dStatistic: sums }).transform(({ dStatistic }) => dStatistic)]),
      }),
      expected: z.object({ errorMessage: z.literal("ZERO_NEGATIVE_VARIANCE") }),
    },
    ({ input: { control, alpha }, expected }) => {
      // No units, one unit or a denominator that is always 0: each has a name of its own here.
      const { n: count, sum, sumSquares = sum } = control;
      const sample = sampleOf(must(momentsFromSums({ count, sum, sumSquares })));
      const arm = { count: 1, mean: 1, variance: 0 };
      const refusal = sample.ok
        ? refusalOf(bayesianMeans({ control: sample.value, treatment: arm, alpha }))
        : sample.error.code;
      expect(expected.errorMessage).toBe("ZERO_NEGATIVE_VARIANCE");
      expect(["too-few", "no-variance"]).toContain(refusal);
    },
  );

  const losses = testGolden(
    "growthbook_bayesian.json",
    { input: z.object({ mu: z.number(), sigma: z.number() }), expected: z.object({ risk }) },
    ({ input: { mu, sigma }, expected, close }) => {
      const found = must(
        normalPosterior({ value: mu, standardError: sigma }, { prior: "flat", alpha: 0.05 }),
      );
      close([found.expectedLoss.control, found.expectedLoss.treatment], expected.risk);
    },
  );

  test("every case is run", () => expect(readings + refusals + losses).toBe(18));

  test("the peer reads a ratio whose sums no values have: its sum of squares is below sum^2 / n", () => {
    const sumsOfRatio = { count: 100, sumX: 270, sumSquaresX: 848.79, sumY: 510, sumSquaresY: 810 };
    expect(refusalOf(crossMomentsFromSums({ ...sumsOfRatio, sumProducts: -900 }))).toBe("bad-value");
  });
});

const sample = fc.record({
  count: fc.integer({ min: 2, max: 10_000 }),
  mean: fc.double({ min: 0.1, max: 100, noNaN: true }),
  variance: fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
});
const belief = fc.record({
  mean: fc.double({ min: -1, max: 1, noNaN: true }),
  standardDeviation: fc.double({ min: 0.01, max: 10, noNaN: true }),
});

describe("laws", () => {
  test("a prior of the other scale is carried over: the peer takes an absolute one for a relative effect as it is", () => {
    fc.assert(
      fc.property(sample, sample, belief, (control, treatment, { mean, standardDeviation }) => {
        const baseline = control.mean;
        const absolute = {
          mean: mean * baseline,
          standardDeviation: standardDeviation * baseline,
          scale: "absolute" as const,
        };
        for (const scale of ["relative", "absolute"] as const) {
          const ask = { control, treatment, alpha: 0.05, scale };
          const there = must(bayesianMeans({ ...ask, prior: absolute }));
          const here = must(bayesianMeans({ ...ask, prior: { mean, standardDeviation, scale: "relative" } }));
          expect((there.mean - here.mean) / here.standardDeviation).toBeCloseTo(0, 9);
          expect(there.standardDeviation / here.standardDeviation).toBeCloseTo(1, 9);
        }
      }),
    );
  });

  test("the losses differ by the effect, arms change places, and a wide prior says nothing", () => {
    fc.assert(
      fc.property(sample, sample, belief, (control, treatment, { mean, standardDeviation }) => {
        const estimate = { value: treatment.mean - control.mean, standardError: Math.sqrt(control.variance) };
        const ask = { prior: { mean, standardDeviation }, alpha: 0.05 };
        const found = must(normalPosterior(estimate, ask));
        const { control: keep, treatment: change } = found.expectedLoss;
        expect(keep - change).toBeCloseTo(found.mean, 9);
        expect(keep).toBeGreaterThanOrEqual(0);
        expect(change).toBeGreaterThanOrEqual(0);
        expect(found.standardDeviation).toBeLessThanOrEqual(estimate.standardError * (1 + 1e-12));
        const lower = must(normalPosterior(estimate, { ...ask, higherIsBetter: false }));
        expect(lower.chanceToWin + found.chanceToWin).toBeCloseTo(1, 12);
        expect(lower.expectedLoss).toEqual({ control: change, treatment: keep });
        const wide = must(normalPosterior(estimate, { ...ask, prior: { mean, standardDeviation: 1e9 } }));
        const flat = must(normalPosterior(estimate, { ...ask, prior: "flat" }));
        expect(wide.mean).toBeCloseTo(flat.mean, 9);
        expect(wide.chanceToWin).toBeCloseTo(flat.chanceToWin, 9);
      }),
    );
  });

  test("scales near the ends of what a number holds keep their digits", () => {
    for (const unit of [1e-200, 1e200]) {
      const found = must(
        normalPosterior(
          { value: 2 * unit, standardError: unit },
          { prior: { mean: 0, standardDeviation: unit }, alpha: 0.05 },
        ),
      );
      expect(found.mean / unit).toBeCloseTo(1, 12);
      expect(found.chanceToWin).toBeCloseTo(0.9213503964748574, 12);
    }
  });

  test("the default prior draws a lift to nothing: as many data as belief halve it", () => {
    const control = { count: 200, mean: 10, variance: 100 };
    const treatment = { count: 200, mean: 12, variance: 100 };
    const found = must(bayesianMeans({ control, treatment, alpha: 0.05, scale: "absolute" }));
    expect(found.mean).toBeCloseTo(1, 12);
  });
});

test("what cannot be read is refused with the reason", () => {
  const ask = { prior: "flat" as const, alpha: 0.05 };
  expect(refusalOf(normalPosterior({ value: 0, standardError: 1 }, { ...ask, alpha: 1 }))).toBe("bad-level");
  expect(refusalOf(normalPosterior({ value: Number.NaN, standardError: 1 }, ask))).toBe("not-finite");
  expect(refusalOf(normalPosterior({ value: 0, standardError: 0 }, ask))).toBe("no-variance");
  const prior = { mean: 0, standardDeviation: 0 };
  expect(refusalOf(normalPosterior({ value: 0, standardError: 1 }, { ...ask, prior }))).toBe("bad-value");
  const arm = { count: 9, mean: 0, variance: 1 };
  const arms = { control: arm, treatment: arm, alpha: 0.05 };
  expect(refusalOf(bayesianMeans(arms))).toBe("zero-baseline");
  expect(refusalOf(bayesianMeans({ ...arms, treatment: { ...arm, variance: 0 } }))).toBe("no-variance");
});
