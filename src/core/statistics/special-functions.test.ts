import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { testGolden } from "../../../test/support/golden.ts";
import * as functions from "./special-functions.ts";

const byName: Readonly<Record<string, (x: number, a: number, b: number) => number>> = {
  "normal.cdf": functions.normalCdf,
  "normal.quantile": functions.normalQuantile,
  "t.cdf": functions.studentCdf,
  "t.quantile": functions.studentQuantile,
  "chi2.cdf": functions.chiSquareCdf,
  "chi2.sf": functions.chiSquareSurvival,
  "chi2.quantile": functions.chiSquareQuantile,
  "beta.cdf": functions.betaCdf,
  "beta.quantile": functions.betaQuantile,
  "f.cdf": functions.fCdf,
  "f.quantile": functions.fQuantile,
};

describe("golden values of 50 digits", () => {
  const count = testGolden(
    "special_functions.json",
    {
      input: z.object({
        fn: z.string(),
        args: z.tuple([z.number(), z.number().default(0), z.number().default(0)]),
      }),
      expected: z.object({ value: z.number() }),
    },
    ({ input: { fn, args }, expected, close }) => close(byName[fn]?.(...args) ?? Number.NaN, expected.value),
  );

  test("every case is run", () => expect(count).toBe(134));
});

test("a far tail is a number, not what is left of 1", () => {
  expect(functions.normalSurvival(30)).toBeGreaterThan(0);
  expect(functions.studentSurvival(1e6, 20)).toBeGreaterThan(0);
  expect(functions.betaSurvival(1 - 1e-12, 2, 20)).toBeGreaterThan(0);
});

test("both tails of a distribution make 1", () => {
  const real = fc.double({ min: -50, max: 50, noNaN: true });
  const df = fc.double({ min: 0.5, max: 1e5, noNaN: true });
  fc.assert(
    fc.property(real, df, (x, degrees) => {
      expect(functions.normalCdf(x) + functions.normalSurvival(x)).toBeCloseTo(1, 12);
      expect(functions.studentCdf(x, degrees) + functions.studentSurvival(x, degrees)).toBeCloseTo(1, 12);
      expect(functions.chiSquareCdf(x, degrees) + functions.chiSquareSurvival(x, degrees)).toBeCloseTo(1, 10);
    }),
  );
});

test("a quantile undoes its cdf", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }),
      fc.integer({ min: 1, max: 200 }),
      (p, df) => {
        expect(functions.normalCdf(functions.normalQuantile(p))).toBeCloseTo(p, 10);
        expect(functions.studentCdf(functions.studentQuantile(p, df), df)).toBeCloseTo(p, 10);
        expect(functions.chiSquareCdf(functions.chiSquareQuantile(p, df), df)).toBeCloseTo(p, 10);
      },
    ),
  );
});

test("an argument out of range is a mistake of ours, not NaN", () => {
  expect(() => functions.normalQuantile(1.5)).toThrow("Broken invariant");
  expect(() => functions.normalCdf(Number.NaN)).toThrow("Broken invariant");
  expect(() => functions.studentCdf(1, 0)).toThrow("Broken invariant");
});

test("the log of the gamma function is that of factorials", () => {
  expect(functions.logGamma(6)).toBeCloseTo(Math.log(120), 13);
});

describe("gamma distributions of a large shape, where the package is wrong", () => {
  /** P(a, x) by its series with Stirling's factor; A&S (1964), 6.5.29. */
  const byItsSeries = (x: number, shape: number): number => {
    let term = 1 / shape;
    let sum = term;
    for (let step = 1; term > 1e-18 * sum; step++) {
      term *= x / (shape + step);
      sum += term;
    }
    const distance = (x - shape) / shape;
    const stirling = -1 / (12 * shape) + 1 / (360 * shape ** 3);
    const exponent = stirling - shape * (distance - Math.log1p(distance));
    return sum * Math.sqrt(shape / (2 * Math.PI)) * Math.exp(exponent);
  };

  test.each([200.5, 999, 1000.5, 1400, 2900, 12_345.6, 1e5])("shape %d", (shape) => {
    for (const deviations of [-6, -3, -1, 0, 0.1, 1, 3]) {
      const x = shape + deviations * Math.sqrt(shape);
      const wanted = byItsSeries(x, shape);
      expect(functions.gammaCdf(x, shape) / wanted).toBeCloseTo(1, 11);
      expect(functions.gammaSurvival(x, shape)).toBeCloseTo(1 - wanted, 11);
      expect(functions.chiSquareQuantile(wanted, 2 * shape) / (2 * x)).toBeCloseTo(
        1,
        deviations < 3 ? 10 : 7,
      );
    }
  });
});
