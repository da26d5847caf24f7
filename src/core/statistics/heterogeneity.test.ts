import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { testGolden } from "../../../test/support/golden.ts";
import { must, refusalOf } from "../../../test/support/must.ts";
import { normals, seededUnits } from "../../../test/support/seeded-draws.ts";
import type { Estimate } from "./confidence-sequence.ts";
import { normalTest } from "./difference.ts";
import { effectHeterogeneity, segmentContrasts } from "./heterogeneity.ts";
import type { Sample } from "./sample.ts";
import { welchTest } from "./welch-test.ts";

const alpha = 0.05;

describe("golden values", () => {
  const numbers = z.array(z.number());
  const segments = testGolden(
    "heterogeneity.json",
    {
      input: z.object({ effects: numbers, standardErrors: numbers }),
      expected: z.object({
        pooled: z.number(),
        pooledSe: z.number(),
        Q: z.number(),
        df: z.number(),
        pValue: z.number(),
        I2: z.number(),
        tau2: z.number(),
      }),
    },
    ({ input, expected, close }) => {
      const effects = input.effects.map((value, place) => ({
        value,
        standardError: input.standardErrors[place] ?? 0,
      }));
      const found = must(effectHeterogeneity(effects, alpha));
      close([found.pooled.value, found.pooled.standardError], [expected.pooled, expected.pooledSe]);
      close([found.statistic, found.degreesOfFreedom], [expected.Q, expected.df]);
      close(found.pValue, expected.pValue);
      close([found.inconsistency, found.betweenVariance], [expected.I2, expected.tau2]);
    },
  );
  const cell = z
    .object({ mean: z.number(), variance: z.number(), n: z.number() })
    .transform(({ mean, variance, n }): Sample => ({ mean, variance, count: n }));
  const interactions = testGolden(
    "heterogeneity.json",
    {
      input: z.object({ cells: z.object({ cc: cell, ct: cell, tc: cell, tt: cell }) }),
      expected: z.object({
        interaction: z.number(),
        standardError: z.number(),
        z: z.number(),
        pValue: z.number(),
      }),
    },
    ({ input: { cells }, expected, close }) => {
      const effect = (control: Sample, treatment: Sample): Estimate => {
        const { difference, standardError } = must(welchTest({ control, treatment, alpha }));
        return { value: difference, standardError };
      };
      const found = must(
        normalTest({
          control: effect(cells.cc, cells.ct),
          treatment: effect(cells.tc, cells.tt),
          alpha,
        }),
      );
      close([found.difference, found.standardError], [expected.interaction, expected.standardError]);
      close([found.statistic, found.pValue], [expected.z, expected.pValue]);
    },
  );

  test("every case is run", () => expect(segments + interactions).toBe(4));
});

const effect = fc.record({
  value: fc.double({ min: -10, max: 10, noNaN: true }),
  standardError: fc.double({ min: 0.01, max: 10, noNaN: true }),
});

describe("laws", () => {
  test("two segments are two estimates: Q is the square of their z, and each is the other's rest", () => {
    fc.assert(
      fc.property(effect, effect, (control, treatment) => {
        const { statistic, pValue } = must(normalTest({ control, treatment, alpha }));
        const found = must(effectHeterogeneity([control, treatment], alpha));
        expect(Math.sqrt(found.statistic)).toBeCloseTo(Math.abs(statistic), 8);
        expect(found.pValue).toBeCloseTo(pValue, 8);
        const [first, second] = must(segmentContrasts([control, treatment], { alpha }));
        expect(first?.statistic).toBeCloseTo(-(second?.statistic ?? 0), 8);
        expect(first?.adjustedPValue).toBeCloseTo(pValue, 8);
      }),
    );
  });

  test("order, offset and unit change nothing, and the pooled effect lies among the effects", () => {
    fc.assert(
      fc.property(fc.array(effect, { minLength: 2, maxLength: 8 }), (effects) => {
        const found = must(effectHeterogeneity(effects, alpha));
        const tiny = effects
          .map(({ value, standardError }) => ({
            value: value * 1e-170,
            standardError: standardError * 1e-170,
          }))
          .toReversed();
        const again = must(effectHeterogeneity(tiny, alpha));
        expect(again.statistic / (found.statistic + 1)).toBeCloseTo(
          found.statistic / (found.statistic + 1),
          9,
        );
        const shifted = effects.map(({ value, standardError }) => ({ value: value + 100, standardError }));
        expect(must(effectHeterogeneity(shifted, alpha)).pooled.value).toBeCloseTo(
          found.pooled.value + 100,
          9,
        );
        const values = effects.map(({ value }) => value);
        expect(found.pooled.value).toBeGreaterThanOrEqual(Math.min(...values) - 1e-9);
        expect(found.pooled.value).toBeLessThanOrEqual(Math.max(...values) + 1e-9);
      }),
    );
  });

  test("of ten segments alike, one is found in one of twenty experiments, where one in three looks of its own would", () => {
    const normal = normals(seededUnits(20_261_127));
    const runs = 1_000;
    let [found, plainlyFound, heterogeneous] = [0, 0, 0];
    for (let run = 0; run < runs; run += 1) {
      const effects = Array.from({ length: 10 }, (_, place) => ({
        value: 1 + normal() * (1 + place / 10),
        standardError: 1 + place / 10,
      }));
      const contrasts = must(segmentContrasts(effects, { alpha }));
      if (contrasts.some(({ adjustedPValue }) => adjustedPValue < alpha)) found += 1;
      if (contrasts.some(({ pValue }) => pValue < alpha)) plainlyFound += 1;
      if (must(effectHeterogeneity(effects, alpha)).pValue < alpha) heterogeneous += 1;
    }
    const monteCarloError = 3 * Math.sqrt((alpha * (1 - alpha)) / runs);
    expect(found / runs).toBeLessThan(alpha + monteCarloError);
    expect(Math.abs(heterogeneous / runs - alpha)).toBeLessThan(monteCarloError);
    expect(plainlyFound / runs).toBeGreaterThan(0.3);
  });
});

test("what cannot be compared is refused with the reason", () => {
  const one = { value: 1, standardError: 1 };
  for (const ask of [
    (effects: readonly Estimate[], level = alpha) => refusalOf(effectHeterogeneity(effects, level)),
    (effects: readonly Estimate[], level = alpha) => refusalOf(segmentContrasts(effects, { alpha: level })),
  ]) {
    expect(ask([one, one], 1)).toBe("bad-level");
    expect(ask([one])).toBe("too-few");
    expect(ask([one, { ...one, value: Number.NaN }])).toBe("not-finite");
    expect(ask([one, { ...one, standardError: 0 }])).toBe("no-variance");
  }
  const far = { value: 1e308, standardError: 1e-9 };
  expect(refusalOf(effectHeterogeneity([far, { ...far, value: -1e308 }], alpha))).toBe("not-finite");
});
