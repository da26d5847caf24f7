import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { goldenInterval, testGolden } from "../../../test/support/golden.ts";
import { must, refusalOf } from "../../../test/support/must.ts";
import { normalTest } from "./difference.ts";
import { quantileEstimate, quantileEstimateOf, quantilePlaces } from "./quantile-estimate.ts";
import { interpolatedQuantile, quantileRanks, rankOf, sampleQuantile, sortedValues } from "./quantile.ts";

const file = "quantile_ci.json";
const values = z.array(z.number());

describe("golden values of NumPy and SciPy", () => {
  const armExpected = z.object({
    n: z.number(),
    quantile: z.number(),
    lower: z.number(),
    upper: z.number(),
    variance: z.number(),
    se: z.number(),
  });
  const differences = testGolden(
    file,
    {
      input: z.object({ control: values, treatment: values, nu: z.number(), alpha: z.number() }),
      expected: z.object({
        control: armExpected,
        treatment: armExpected,
        difference: z.number(),
        standardError: z.number(),
        ci: goldenInterval,
        relative: z.number(),
        relativeSe: z.number(),
      }),
    },
    ({ input, expected, close }) => {
      const { nu: level, alpha } = input;
      const estimateOf = (name: "control" | "treatment") => {
        const found = must(quantileEstimateOf(input[name], { level, alpha }));
        const { n, quantile, lower, upper, variance, se } = expected[name];
        close([found.value, found.standardError], [quantile, se]);
        close(found.interval, [lower, upper]);
        // As an error: a variance of millions has no digits at 1e-9.
        close(found.standardError, Math.sqrt(variance / n));
        return found;
      };
      const arms = { control: estimateOf("control"), treatment: estimateOf("treatment"), alpha };
      const found = must(normalTest(arms));
      close([found.difference, found.standardError], [expected.difference, expected.standardError]);
      close(found.interval, expected.ci);
      const share = must(normalTest({ ...arms, scale: "relative" }));
      close([share.difference, share.standardError], [expected.relative, expected.relativeSe]);
    },
  );
  const ranks = testGolden(
    file,
    {
      input: z.object({ n: z.number(), nu: z.number(), alpha: z.number() }),
      expected: z.object({ lowerRank: z.number(), upperRank: z.number(), coverage: z.number() }),
    },
    ({ input: { n, nu, alpha }, expected, close }) => {
      const found = must(quantileRanks({ count: n, level: nu, alpha }));
      close([found.lower, found.upper], [expected.lowerRank, expected.upperRank]);
      close(found.coverage, expected.coverage);
    },
  );
  const plain = testGolden(
    file,
    {
      input: z.object({ values, p: z.number() }),
      expected: z.object({ type7: z.number(), type1: z.number() }),
    },
    ({ input, expected, close }) => {
      close(must(interpolatedQuantile(input.values, input.p)), expected.type7);
      const sorted = must(sortedValues(input.values));
      close(sorted[rankOf(sorted.length, input.p) - 1] ?? Number.NaN, expected.type1);
    },
  );

  test("every case is run", () => expect(differences + ranks + plain).toBe(15));
});

describe("golden values of GrowthBook", () => {
  const arm = z.object({
    n: z.number(),
    nu: z.number(),
    quantileHat: z.number(),
    quantileLower: z.number(),
    quantileUpper: z.number(),
  });
  const armExpected = z.object({ mean: z.number(), variance: z.number() });
  const count = testGolden(
    "growthbook_quantile.json",
    {
      input: z.object({
        control: arm,
        treatment: arm,
        differenceType: z.enum(["absolute", "relative"]),
        alpha: z.number(),
        prior: z.object({ proper: z.boolean() }),
      }),
      expected: z.object({
        pointEstimate: z.number(),
        standardError: z.number(),
        ci: goldenInterval,
        control: armExpected,
        treatment: armExpected,
      }),
    },
    ({ input, expected, close }) => {
      const { alpha, differenceType: scale, prior } = input;
      const estimateOf = (name: "control" | "treatment") => {
        const {
          n: count,
          nu: level,
          quantileHat: at,
          quantileLower: lower,
          quantileUpper: upper,
        } = input[name];
        const found = must(quantileEstimate({ count, level, alpha, values: { lower, at, upper } }));
        // The peer's variance of one unit is n - 1 times the squared error, and is divided by n again: 1/n too small.
        const standardError = found.standardError * Math.sqrt((count - 1) / count);
        close([found.value, count * standardError ** 2], [expected[name].mean, expected[name].variance]);
        return { ...found, standardError };
      };
      const arms = { control: estimateOf("control"), treatment: estimateOf("treatment") };
      const found = must(normalTest({ ...arms, alpha, scale }));
      close([found.difference, found.standardError], [expected.pointEstimate, expected.standardError]);
      // With a prior the interval is a posterior's; without one it is ours.
      if (!prior.proper) close(found.interval, expected.ci);
    },
  );

  test("every case is run", () => expect(count).toBe(6));
});

const lists = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 100, maxLength: 150 });
const level = fc.double({ min: 0.1, max: 0.9, noNaN: true });

describe("laws", () => {
  test("the exact ranks cover what they promise, and one place less does not", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5_000 }), level, (count, quantile) => {
        const { lower, upper, coverage } = must(quantileRanks({ count, level: quantile, alpha: 0.05 }));
        expect(coverage).toBeGreaterThanOrEqual(0.95 - 1e-12);
        expect(lower).toBeLessThanOrEqual(rankOf(count, quantile));
        expect(upper).toBeGreaterThan(lower);
        const wider = must(quantileRanks({ count, level: quantile, alpha: 0.01 }));
        expect(wider.lower).toBeLessThanOrEqual(lower);
        expect(wider.upper).toBeGreaterThanOrEqual(upper);
      }),
    );
  });

  test("other units scale a quantile with its error; upside down the median stays in its interval", () => {
    fc.assert(
      fc.property(lists, level, (list, quantile) => {
        const ask = { level: quantile, alpha: 0.05 };
        const found = quantileEstimateOf(list, ask);
        const scaled = quantileEstimateOf(
          list.map((value) => value * 1024),
          ask,
        );
        if (!found.ok) expect(refusalOf(scaled)).toBe(found.error.code);
        else {
          expect(must(scaled).value).toBe(found.value.value * 1024);
          expect(must(scaled).standardError).toBe(found.value.standardError * 1024);
        }
        const { value, interval } = must(sampleQuantile(list, ask));
        expect(interval[0]).toBeLessThanOrEqual(value);
        expect(interval[1]).toBeGreaterThanOrEqual(value);
        expect(must(interpolatedQuantile(list, 0))).toBe(Math.min(...list) || 0);
        expect(must(interpolatedQuantile(list, 1))).toBe(Math.max(...list) || 0);
      }),
    );
  });

  test("clusters of one value have a design effect of 1, of k equal values one of k", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer(), { minLength: 100, maxLength: 150 }),
        level,
        (list, quantile) => {
          const ids = [...list.keys()];
          const near = (effect: number, wanted: number) => {
            // The share below is that of the sample, which is level but for one place.
            expect(effect / wanted).toBeGreaterThan(0.85);
            expect(effect / wanted).toBeLessThan(1.15);
          };
          const ask = { level: quantile, alpha: 0.05 };
          near(must(quantileEstimateOf(list, { ...ask, clusters: ids })).designEffect, 1);
          const [threeTimes, threeIds] = [
            [...list, ...list, ...list],
            [...ids, ...ids, ...ids],
          ];
          near(must(quantileEstimateOf(threeTimes, { ...ask, clusters: threeIds })).designEffect, 3);
        },
      ),
    );
  });
});

describe("what says no quantile is refused", () => {
  const ramp = (count: number) => Array.from({ length: count }, (_, place) => place);

  test("too few: p95 from 73 values, p99 from 381, and of clusters as many more as they cost", () => {
    const code = (count: number, quantile: number) =>
      refusalOf(quantileEstimateOf(ramp(count), { level: quantile, alpha: 0.05 }));
    expect([code(72, 0.95), code(73, 0.95), code(380, 0.99), code(381, 0.99)]).toEqual([
      "too-few",
      undefined,
      "too-few",
      undefined,
    ]);
    expect([code(73, 0.05), code(72, 0.05)]).toEqual([undefined, "too-few"]);
    const inFours = ramp(100).map((value) => Math.floor(value / 4));
    expect(refusalOf(quantileEstimateOf(ramp(100), { level: 0.9, alpha: 0.05, clusters: inFours }))).toBe(
      "too-few",
    );
    const exact = (count: number, quantile: number) =>
      refusalOf(sampleQuantile(ramp(count), { level: quantile, alpha: 0.05 }));
    expect([exact(71, 0.95), exact(72, 0.95), exact(367, 0.99), exact(368, 0.99)]).toEqual([
      "too-few",
      undefined,
      "too-few",
      undefined,
    ]);
    expect([exact(0, 0.5), refusalOf(interpolatedQuantile([], 0.5))]).toEqual(["too-few", "too-few"]);
  });

  test("levels, counts and values that are none", () => {
    const around = { lower: 1, at: 2, upper: 3 };
    const ask = { count: 100, level: 0.5, alpha: 0.05 };
    expect(refusalOf(quantilePlaces({ ...ask, alpha: 0 }))).toBe("bad-level");
    expect(refusalOf(quantilePlaces({ ...ask, level: 1 }))).toBe("bad-value");
    expect(refusalOf(quantilePlaces({ ...ask, count: 1.5 }))).toBe("bad-count");
    expect(refusalOf(interpolatedQuantile([1], 1.1))).toBe("bad-value");
    expect(refusalOf(interpolatedQuantile([Infinity], 0.5))).toBe("not-finite");
    expect(refusalOf(quantileEstimate({ ...ask, values: { ...around, upper: Number.NaN } }))).toBe(
      "not-finite",
    );
    expect(refusalOf(quantileEstimate({ ...ask, values: { ...around, upper: 1 } }))).toBe("bad-value");
    expect(refusalOf(quantileEstimate({ ...ask, values: { lower: 2, at: 2, upper: 2 } }))).toBe(
      "no-variance",
    );
    const clusters = ramp(100).map((value) => value % 10);
    expect(refusalOf(quantileEstimateOf(ramp(99), { ...ask, clusters }))).toBe("bad-value");
    // Each cluster has ten values, five of them below: no cluster differs from another.
    const alike = ramp(100).map((value) => Math.floor(value / 10));
    expect(refusalOf(quantileEstimateOf(alike, { ...ask, clusters }))).toBe("no-variance");
  });
});
