import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { goldenInterval, testGolden } from "../../../test/support/golden.ts";
import { must, refusalOf } from "../../../test/support/must.ts";
import { fisherExact } from "./fisher-exact.ts";
import { momentsOfProportion } from "./moments.ts";
import { oddsRatio, riskRatio } from "./proportion-ratios.ts";
import {
  agrestiCoullInterval,
  clopperPearsonInterval,
  jeffreysInterval,
  unseenRateBound,
  wilsonInterval,
  type Proportion,
} from "./proportion.ts";
import { sampleOf } from "./sample.ts";
import { miettinenNurminenInterval } from "./score-interval.ts";
import {
  agrestiCaffoInterval,
  newcombeInterval,
  twoProportionTest,
  waldInterval,
} from "./two-proportions.ts";
import { welchTest } from "./welch-test.ts";

describe("golden intervals of one proportion", () => {
  const count = testGolden(
    "wilson_interval.json",
    {
      input: z.object({ successes: z.number(), n: z.number(), alpha: z.number() }),
      expected: z.object({
        wilson: goldenInterval,
        clopperPearson: goldenInterval,
        jeffreys: goldenInterval,
        agrestiCoull: goldenInterval,
        exactOneSidedUpper: z.number().optional(),
        ruleOfThreeUpper: z.number().optional(),
      }),
    },
    ({ input: { successes, n: trials, alpha }, expected, close }) => {
      const proportion = { successes, trials };
      close(must(wilsonInterval(proportion, alpha)), expected.wilson);
      close(must(clopperPearsonInterval(proportion, alpha)), expected.clopperPearson);
      close(must(jeffreysInterval(proportion, alpha)), expected.jeffreys);
      close(must(agrestiCoullInterval(proportion, alpha)), expected.agrestiCoull);
      if (expected.ruleOfThreeUpper !== undefined) {
        // The rule is 3 / n, and a little more than the exact bound.
        close(3 / trials, expected.ruleOfThreeUpper);
        expect(must(unseenRateBound(trials, alpha))).toBeLessThan(expected.ruleOfThreeUpper);
      }
      if (expected.exactOneSidedUpper !== undefined) {
        close(must(unseenRateBound(trials, alpha)), expected.exactOneSidedUpper);
      }
    },
  );

  test("every case is run", () => expect(count).toBe(8));
});

const arm = z
  .object({ successes: z.number(), n: z.number() })
  .transform(({ successes, n }): Proportion => ({ successes, trials: n }));

describe("golden differences of two proportions", () => {
  const count = testGolden(
    "two_proportion.json",
    {
      input: z.object({ control: arm, treatment: arm, alpha: z.number() }),
      expected: z.object({
        difference: z.number(),
        zPooled: z.number(),
        pValuePooled: z.number(),
        waldCi: goldenInterval,
        newcombeCi: goldenInterval,
        agrestiCaffoCi: goldenInterval,
        miettinenNurminenCi: goldenInterval.optional(),
        riskRatio: z.number().optional(),
        riskRatioLogCi: goldenInterval.optional(),
        oddsRatio: z.number().optional(),
        oddsRatioLogCi: goldenInterval.optional(),
        relativeLift: z.number().optional(),
        relativeLiftDeltaSe: z.number().optional(),
      }),
    },
    ({ input, expected, close }) => {
      const found = must(twoProportionTest(input));
      close(found.difference, expected.difference);
      close(found.statistic, expected.zPooled);
      close(found.pValue, expected.pValuePooled);
      close(found.interval, expected.newcombeCi);
      close(must(waldInterval(input)), expected.waldCi);
      close(must(agrestiCaffoInterval(input)), expected.agrestiCaffoCi);
      if (expected.miettinenNurminenCi) {
        close(must(miettinenNurminenInterval(input)), expected.miettinenNurminenCi);
      }
      if (expected.riskRatioLogCi && expected.oddsRatioLogCi) {
        const [risk, odds] = [must(riskRatio(input)), must(oddsRatio(input))];
        close([risk.ratio, odds.ratio], [expected.riskRatio ?? 0, expected.oddsRatio ?? 0]);
        close(risk.interval, expected.riskRatioLogCi);
        close(odds.interval, expected.oddsRatioLogCi);
        const lift = relativeLift(input);
        close(
          [lift.difference, lift.standardError],
          [expected.relativeLift ?? 0, expected.relativeLiftDeltaSe ?? 0],
        );
      } else {
        expect(refusalOf(riskRatio(input))).toBe("too-few");
        expect(refusalOf(oddsRatio(input))).toBe("too-few");
      }
    },
  );

  test("every case is run", () => expect(count).toBe(10));
});

/** By Welch's test, with the variance p(1 - p) of the vectors. */
function relativeLift(input: { readonly control: Proportion; readonly treatment: Proportion }) {
  const sample = ({ successes, trials }: Proportion) => {
    const unbiased = must(sampleOf(must(momentsOfProportion({ successes, count: trials }))));
    return { ...unbiased, variance: (unbiased.variance * (trials - 1)) / trials };
  };
  const arms = { control: sample(input.control), treatment: sample(input.treatment) };
  return must(welchTest({ ...arms, alpha: 0.05, scale: "relative" }));
}

describe("golden exact tests", () => {
  const pair = z.tuple([z.number(), z.number()]);
  const count = testGolden(
    "fisher_exact.json",
    {
      input: z.object({ table: z.tuple([pair, pair]) }),
      expected: z.object({
        oddsRatio: z.union([z.number(), z.literal("Infinity").transform(() => Infinity)]).nullable(),
        pTwoSided: z.number(),
        pLess: z.number(),
        pGreater: z.number(),
      }),
    },
    ({ input, expected, close }) => {
      const found = must(fisherExact(input.table));
      if (expected.oddsRatio === null) expect(found.oddsRatio).toBeUndefined();
      else close(found.oddsRatio ?? 0, expected.oddsRatio);
      close(found.pTwoSided, expected.pTwoSided);
      close(found.pLess, expected.pLess);
      close(found.pGreater, expected.pGreater);
    },
  );

  test("every case is run", () => expect(count).toBe(7));
});

const proportion = fc
  .tuple(fc.integer({ min: 1, max: 500 }), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([trials, share]): Proportion => ({ trials, successes: Math.round(trials * share) }));
const level = fc.double({ min: 1e-9, max: 0.5, noNaN: true });
/** Of bounds that are equal but for rounding. */
const rounding = 1e-12;

test("intervals of a proportion hold it and stay within 0 and 1", () => {
  fc.assert(
    fc.property(proportion, level, (found, alpha) => {
      const share = found.successes / found.trials;
      for (const interval of [wilsonInterval, clopperPearsonInterval, jeffreysInterval]) {
        const [low, high] = must(interval(found, alpha));
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(share + rounding);
        expect(high).toBeGreaterThanOrEqual(share - rounding);
      }
    }),
  );
});

test("intervals of a difference hold it, and turn around with the arms", () => {
  fc.assert(
    fc.property(proportion, proportion, level, (control, treatment, alpha) => {
      const difference = treatment.successes / treatment.trials - control.successes / control.trials;
      for (const interval of [newcombeInterval, miettinenNurminenInterval]) {
        const [low, high] = must(interval({ control, treatment, alpha }));
        expect(low).toBeLessThanOrEqual(difference + rounding);
        expect(high).toBeGreaterThanOrEqual(difference - rounding);
        const [swappedLow, swappedHigh] = must(interval({ control: treatment, treatment: control, alpha }));
        expect(swappedLow).toBeCloseTo(-high, 6);
        expect(swappedHigh).toBeCloseTo(-low, 6);
      }
    }),
  );
});

test("the exact test does not mind which arm comes first, and its p-values are in [0, 1]", () => {
  const cell = fc.integer({ min: 0, max: 60 });
  fc.assert(
    fc.property(cell, cell, cell, cell, (a, b, c, d) => {
      fc.pre(a + b + c + d > 0);
      const [found, turned] = [
        must(
          fisherExact([
            [a, b],
            [c, d],
          ]),
        ),
        must(
          fisherExact([
            [c, d],
            [a, b],
          ]),
        ),
      ];
      expect(turned.pTwoSided).toBeCloseTo(found.pTwoSided, 12);
      expect(turned.pLess).toBeCloseTo(found.pGreater, 12);
      for (const p of [found.pTwoSided, found.pLess, found.pGreater]) {
        expect(p).toBeGreaterThan(0);
        expect(p).toBeLessThanOrEqual(1);
      }
    }),
  );
});

test("what cannot be said is refused with the reason", () => {
  const some = { successes: 3, trials: 10 };
  const compare = (control: Proportion, treatment = some) =>
    refusalOf(twoProportionTest({ control, treatment, alpha: 0.05 }));
  expect(compare({ successes: 3, trials: 0 })).toBe("bad-count");
  expect(compare({ successes: 0, trials: 0 })).toBe("too-few");
  expect(compare({ successes: 0, trials: 9 }, { successes: 0, trials: 9 })).toBe("no-variance");
  expect(refusalOf(wilsonInterval({ successes: 1.5, trials: 3 }, 0.05))).toBe("bad-count");
  expect(refusalOf(wilsonInterval(some, 1))).toBe("bad-level");
  expect(refusalOf(unseenRateBound(0, 0.05))).toBe("too-few");
  expect(
    refusalOf(
      fisherExact([
        [0, 0],
        [0, 0],
      ]),
    ),
  ).toBe("too-few");
  expect(
    refusalOf(
      fisherExact([
        [-1, 0],
        [0, 0],
      ]),
    ),
  ).toBe("bad-count");
  expect(
    refusalOf(
      fisherExact([
        [1e7, 1e7],
        [1e7, 1e7],
      ]),
    ),
  ).toBe("bad-value");
});
