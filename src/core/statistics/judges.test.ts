import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { testGolden } from "../../../test/support/golden.ts";
import { must, refusalOf } from "../../../test/support/must.ts";
import { cohenKappa } from "./agreement.ts";
import { crossMomentsFromSums, crossMomentsOf, noCrossMoments } from "./cross-moments.ts";
import { correctedRate } from "./judged-rate.ts";
import { momentsOf } from "./moments.ts";
import { positionBias, swappedWinRate } from "./position-bias.ts";
import { predictionPoweredMean } from "./prediction-powered.ts";

const alpha = 0.05;
const numbers = z.array(z.number());

describe("golden values", () => {
  const corrected = testGolden(
    "judge_correction.json",
    {
      input: z.object({
        judgePassRate: z.number(),
        n: z.number(),
        sensitivity: z.number(),
        nPositive: z.number(),
        specificity: z.number(),
        nNegative: z.number(),
      }),
      expected: z.object({ corrected: z.number(), standardError: z.number() }),
    },
    ({ input, expected, close }) => {
      const found = must(
        correctedRate({
          judged: { share: input.judgePassRate, trials: input.n },
          sensitivity: { share: input.sensitivity, trials: input.nPositive },
          specificity: { share: input.specificity, trials: input.nNegative },
          alpha,
        }),
      );
      close(found.rate, expected.corrected);
      close(found.standardError, expected.standardError);
    },
  );
  const powered = testGolden(
    "judge_correction.json",
    {
      input: z.object({ human: numbers, judgeOnLabelled: numbers, judgeOnUnlabelled: numbers }),
      expected: z.object({
        humanOnly: z.number(),
        humanOnlySe: z.number(),
        ppi: z.number(),
        ppiSe: z.number(),
        lambdaHat: z.number(),
        ppiPlusPlus: z.number(),
        ppiPlusPlusSe: z.number(),
      }),
    },
    ({ input, expected, close }) => {
      const sample = {
        labelled: must(crossMomentsOf(input.human, input.judgeOnLabelled)),
        unlabelled: must(momentsOf(input.judgeOnUnlabelled)),
      };
      const plain = must(predictionPoweredMean({ ...sample, trust: 1 }, alpha));
      close([plain.mean, plain.standardError], [expected.ppi, expected.ppiSe]);
      const tuned = must(predictionPoweredMean(sample, alpha));
      close([tuned.mean, tuned.standardError], [expected.ppiPlusPlus, expected.ppiPlusPlusSe]);
      close(tuned.trust, expected.lambdaHat);
      close(tuned.labelsOnly.mean, expected.humanOnly);
      close(tuned.labelsOnly.standardError, expected.humanOnlySe);
    },
  );
  const kappas = testGolden(
    "judge_correction.json",
    {
      input: z.object({ table: z.array(numbers) }),
      expected: z.object({
        kappa: z.number(),
        observedAgreement: z.number(),
        se: z.number(),
        seNull: z.number(),
      }),
    },
    ({ input: { table }, expected, close }) => {
      const found = must(cohenKappa(table, { alpha }));
      close([found.kappa, found.observed], [expected.kappa, expected.observedAgreement]);
      close([found.standardError, found.independentError], [expected.se, expected.seNull]);
      expect(found.interval === undefined).toBe(expected.se === 0);
    },
  );
  const swaps = testGolden(
    "judge_correction.json",
    {
      input: z.object({ winRateAFirst: z.number(), winRateASecond: z.number() }),
      expected: z.object({ debiasedWinRateA: z.number(), positionBias: z.number() }),
    },
    ({ input, expected, close }) => {
      // A hundred duels with these rates; A wins in both orders wherever it does as the second.
      const [first, second] = [input.winRateAFirst * 100, input.winRateASecond * 100];
      const sums = {
        sumX: first,
        sumSquaresX: first,
        sumY: second,
        sumSquaresY: second,
        sumProducts: second,
      };
      const scores = must(crossMomentsFromSums({ count: 100, ...sums }));
      close(must(swappedWinRate(scores, alpha)).value, expected.debiasedWinRateA);
      close(must(positionBias(scores, alpha)).value, expected.positionBias);
    },
  );

  test("every case is run", () => expect(corrected + powered + kappas + swaps).toBe(10));
});

describe("kappa", () => {
  test("of a rater who says the same of all is 0, and chance does not speak against it", () => {
    const found = cohenKappa(
      [
        [7, 3],
        [0, 0],
      ],
      { alpha: 0.05 },
    );
    expect(found).toMatchObject({ ok: true, value: { kappa: 0, pValue: 1, independentError: 0 } });
  });

  const table = fc.array(fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 3, maxLength: 3 }), {
    minLength: 3,
    maxLength: 3,
  });

  test("does not care who is who, and weights do not matter for two categories", () => {
    fc.assert(
      fc.property(table, fc.constantFrom("none", "linear", "quadratic"), (counts, weights) => {
        const found = must(cohenKappa(counts, { alpha, weights }));
        const transposed = counts.map((_, index) => counts.map((row) => row[index] ?? 0));
        const swapped = must(cohenKappa(transposed, { alpha, weights }));
        expect(swapped.kappa).toBeCloseTo(found.kappa, 12);
        expect(swapped.standardError).toBeCloseTo(found.standardError, 12);
        expect(found.kappa).toBeLessThanOrEqual(1);
        const two = counts.slice(0, 2).map((row) => row.slice(0, 2));
        expect(must(cohenKappa(two, { alpha, weights })).standardError).toBeCloseTo(
          must(cohenKappa(two, { alpha })).standardError,
          12,
        );
      }),
    );
  });

  test("is refused where there is nothing to agree on", () => {
    const ask = (counts: readonly (readonly number[])[], level = alpha) =>
      refusalOf(cohenKappa(counts, { alpha: level }));
    expect(
      ask(
        [
          [1, 2],
          [3, 4],
        ],
        0,
      ),
    ).toBe("bad-level");
    expect(ask([[1]])).toBe("bad-value");
    expect(ask([[1, 2], [3]])).toBe("bad-value");
    expect(
      ask([
        [1, 2],
        [3, 0.5],
      ]),
    ).toBe("bad-count");
    expect(
      ask([
        [1, 0],
        [0, 0],
      ]),
    ).toBe("too-few");
    expect(
      ask([
        [9, 0],
        [0, 0],
      ]),
    ).toBe("no-variance");
  });
});

describe("position", () => {
  test("a judge that always prefers the first has the bias 1/2, and no opinion", () => {
    const scores = must(crossMomentsOf([1, 1, 1, 0.5], [0, 0, 0, 0.5]));
    expect(must(positionBias(scores, alpha)).value).toBe(0.375);
    expect(refusalOf(swappedWinRate(scores, alpha))).toBe("no-variance");
  });

  test("what cannot be said is refused", () => {
    const steady = must(crossMomentsOf([1, 0, 1, 1], [1, 0, 1, 1]));
    expect(refusalOf(positionBias(steady, alpha))).toBe("no-variance");
    expect(must(swappedWinRate(steady, alpha)).value).toBe(0.75);
    expect(refusalOf(positionBias(steady, 1))).toBe("bad-level");
    expect(refusalOf(positionBias(noCrossMoments, alpha))).toBe("too-few");
    expect(refusalOf(positionBias(must(crossMomentsOf([2, 5], [1, 1])), alpha))).toBe("bad-value");
  });
});
