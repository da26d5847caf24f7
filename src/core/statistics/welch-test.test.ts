import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { goldenInterval, testGolden } from "../../../test/support/golden.ts";
import { must, refusalOf } from "../../../test/support/must.ts";
import { effectSize } from "./effect-size.ts";
import { mergedMoments, momentsFromSums, momentsOf, noMoments, type Moments } from "./moments.ts";
import { sampleOf, type Sample } from "./sample.ts";
import { welchTest } from "./welch-test.ts";

describe("golden values of SciPy", () => {
  const arm = z.union([
    z.array(z.number()).transform((values) => must(sampleOf(must(momentsOf(values))))),
    z
      .object({ mean: z.number(), variance: z.number(), n: z.number() })
      .transform(({ mean, variance, n }): Sample => ({ mean, variance, count: n })),
  ]);
  const count = testGolden(
    "welch_t.json",
    {
      input: z.object({
        control: arm,
        treatment: arm,
        alpha: z.number(),
        mu0: z.number(),
        alternative: z.enum(["two-sided", "greater", "less"]),
      }),
      expected: z.object({
        difference: z.number(),
        standardError: z.number(),
        t: z.number(),
        df: z.number(),
        pValue: z.number(),
        ci: goldenInterval,
        cohenD: z.number(),
        hedgesG: z.number(),
      }),
    },
    ({ input: { mu0, ...input }, expected, close }) => {
      const found = must(welchTest({ ...input, nullDifference: mu0 }));
      close(found.difference, expected.difference);
      close(found.standardError, expected.standardError);
      close(found.statistic, expected.t);
      close(found.degreesOfFreedom, expected.df);
      close(found.pValue, expected.pValue);
      if (expected.pValue > 0) expect(found.pValue / expected.pValue).toBeCloseTo(1, 9);
      close(found.interval, expected.ci);
      const size = must(effectSize(input.control, input.treatment));
      close(size.cohenD, expected.cohenD);
      close(size.hedgesG, expected.hedgesG);
    },
  );

  test("every case is run", () => expect(count).toBe(12));
});

/** GrowthBook's sums; a proportion has the variance p(1 - p) there, without n/(n - 1). */
const sums = z.union([
  z.object({
    type: z.literal("SampleMeanStatistic"),
    n: z.number(),
    sum: z.number(),
    sumSquares: z.number(),
  }),
  z
    .object({ type: z.literal("ProportionStatistic"), n: z.number(), sum: z.number() })
    .transform(({ n, sum }) => ({ type: "ProportionStatistic" as const, n, sum, sumSquares: sum })),
]);

type Sums = z.infer<typeof sums>;

const arms = z.object({ control: sums, treatment: sums });

const question = {
  test: z.enum(["TwoSidedTTest", "OneSidedTreatmentGreaterTTest", "OneSidedTreatmentLesserTTest"]),
  differenceType: z.enum(["absolute", "relative"]),
  alpha: z.number(),
};

const alternatives = {
  TwoSidedTTest: "two-sided",
  OneSidedTreatmentGreaterTTest: "greater",
  OneSidedTreatmentLesserTTest: "less",
} as const;

function sampleOfSums(parts: readonly Sums[]): Sample | undefined {
  let pooled: Moments = noMoments;
  for (const { n, sum, sumSquares } of parts) {
    const moments = momentsFromSums({ count: n, sum, sumSquares });
    if (!moments.ok) return undefined;
    pooled = mergedMoments(pooled, moments.value);
  }
  const sample = sampleOf(pooled);
  if (!sample.ok) return undefined;
  const isProportion = parts[0]?.type === "ProportionStatistic";
  const variance = isProportion
    ? (sample.value.variance * (pooled.count - 1)) / pooled.count
    : sample.value.variance;
  return { ...sample.value, variance };
}

describe("golden values of GrowthBook", () => {
  const armAnswer = z.object({ mean: z.number(), variance: z.number(), n: z.number() });
  const answer = z.object({
    control: armAnswer.optional(),
    treatment: armAnswer.optional(),
    effect: z.number(),
    standardError: z.number(),
    ci: goldenInterval,
    pValue: z.number(),
    dof: z.number(),
    statistic: z.number(),
  });
  const input = z.union([
    z.object({ ...question, strata: z.array(arms) }),
    // One stratum alone; strata are pooled by merging.
    z
      .object({ ...question, control: sums, treatment: sums })
      .transform(({ control, treatment, ...rest }) => ({
        ...rest,
        strata: [{ control, treatment }],
      })),
  ]);
  const answered = testGolden("growthbook_ttest.json", { input, expected: answer }, (golden) => {
    const { strata, alpha, differenceType, test: name } = golden.input;
    const control = sampleOfSums(strata.map((stratum) => stratum.control));
    const treatment = sampleOfSums(strata.map((stratum) => stratum.treatment));
    if (!control || !treatment) throw new Error("these arms can be compared");
    const alternative = alternatives[name];
    for (const [sample, wanted] of [
      [control, golden.expected.control],
      [treatment, golden.expected.treatment],
    ] as const) {
      if (wanted)
        golden.close([sample.mean, sample.variance, sample.count], [wanted.mean, wanted.variance, wanted.n]);
    }
    const found = must(welchTest({ control, treatment, alpha, scale: differenceType, alternative }));
    golden.close(found.difference, golden.expected.effect);
    golden.close(found.standardError, golden.expected.standardError);
    golden.close(found.statistic, golden.expected.statistic);
    golden.close(found.degreesOfFreedom, golden.expected.dof);
    golden.close(found.pValue, golden.expected.pValue);
    golden.close(found.interval, golden.expected.ci);
  });
  const expectedRefusal = z.object({
    errorMessage: z.literal("ZERO_NEGATIVE_VARIANCE"),
    effect: z.literal(0),
  });
  const refusals = testGolden("growthbook_ttest.json", { input, expected: expectedRefusal }, (golden) => {
    const { strata, alpha } = golden.input;
    const control = sampleOfSums(strata.map((stratum) => stratum.control));
    const treatment = sampleOfSums(strata.map((stratum) => stratum.treatment));
    // Too few, impossible sums, or nothing that varies: each is named, where the peer has one message.
    if (control && treatment) expect(refusalOf(welchTest({ control, treatment, alpha }))).toBe("no-variance");
  });
  const differences = testGolden(
    "growthbook_ttest.json",
    {
      input: z.object({ controlMean: z.number(), treatmentMean: z.number(), relative: z.boolean() }),
      expected: z.object({ difference: z.number() }),
    },
    (golden) => {
      const { controlMean, treatmentMean, relative } = golden.input;
      const control = { count: 9, mean: controlMean, variance: 1 };
      const treatment = { count: 9, mean: treatmentMean, variance: 1 };
      const scale = relative ? "relative" : "absolute";
      const found = must(welchTest({ control, treatment, alpha: 0.05, scale }));
      golden.close(found.difference, golden.expected.difference);
    },
  );

  test("every case is run", () => expect(answered + refusals + differences).toBe(33));
});

const sample = fc.record({
  count: fc.integer({ min: 2, max: 10_000 }),
  mean: fc.double({ min: -100, max: 100, noNaN: true }),
  variance: fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
});

describe("laws", () => {
  test("the interval holds the estimate, p is in [0, 1], and arms are symmetric", () => {
    fc.assert(
      fc.property(sample, sample, (control, treatment) => {
        const found = must(welchTest({ control, treatment, alpha: 0.05 }));
        expect(found.interval[0]).toBeLessThanOrEqual(found.difference);
        expect(found.interval[1]).toBeGreaterThanOrEqual(found.difference);
        expect(found.pValue).toBeGreaterThanOrEqual(0);
        expect(found.pValue).toBeLessThanOrEqual(1);
        const swapped = must(welchTest({ control: treatment, treatment: control, alpha: 0.05 }));
        expect(swapped.pValue).toBeCloseTo(found.pValue, 12);
        expect(swapped.difference).toBe(-found.difference || 0);
        expect(0 >= found.interval[0] && 0 <= found.interval[1]).toBe(found.pValue >= 0.05);
      }),
    );
  });

  test("other units change no p-value, however small they are", () => {
    const scaled = ({ count, mean, variance }: Sample): Sample => ({
      count,
      mean: mean * 1e-120,
      variance: variance * 1e-240,
    });
    fc.assert(
      fc.property(sample, sample, (control, treatment) => {
        const there = must(welchTest({ control, treatment, alpha: 0.05 }));
        const here = must(welchTest({ control: scaled(control), treatment: scaled(treatment), alpha: 0.05 }));
        expect(here.pValue).toBeCloseTo(there.pValue, 9);
      }),
    );
  });
});

test("what cannot be compared is refused with the reason", () => {
  const control: Sample = { count: 10, mean: 0, variance: 1 };
  const ask = (changes: Partial<Sample>, alpha = 0.05) =>
    refusalOf(welchTest({ control, treatment: { ...control, ...changes }, alpha }));
  expect(ask({}, 0)).toBe("bad-level");
  expect(ask({}, Number.NaN)).toBe("bad-level");
  expect(ask({ count: 1 })).toBe("too-few");
  expect(ask({ count: 2.5 })).toBe("bad-count");
  expect(ask({ variance: 0 })).toBe("no-variance");
  expect(ask({ mean: Number.NaN })).toBe("not-finite");
  expect(ask({ mean: 1e308, variance: 5e-324 })).toBe("not-finite");
  expect(refusalOf(welchTest({ control, treatment: control, alpha: 0.05, scale: "relative" }))).toBe(
    "zero-baseline",
  );
  expect(refusalOf(effectSize(control, { ...control, variance: 0 }))).toBe("no-variance");
});
