import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { testGolden } from "../../../test/support/golden.ts";
import { must, refusalOf } from "../../../test/support/must.ts";
import { seededUnits } from "../../../test/support/seeded-draws.ts";
import { crossMomentsOf } from "./cross-moments.ts";
import {
  correctedUnitsRate,
  judgedSum,
  judgedUnitsOf,
  judgedVariables,
  predictionPoweredUnits,
} from "./judged-units.ts";
import { mergedJointMoments, noJointMoments, type JointMoments } from "./joint-moments.ts";
import { momentsOf } from "./moments.ts";
import { predictionPoweredMean } from "./prediction-powered.ts";

const alpha = 0.05;

interface Output {
  readonly unit: number;
  readonly judge: number;
  /** NaN where no human said anything. */
  readonly human: number;
}

const unitsOf = (outputs: readonly Output[]) =>
  must(
    judgedUnitsOf(
      outputs.map(({ unit }) => unit),
      outputs.map(({ judge }) => judge),
      outputs.map(({ human }) => human),
    ),
  );

/** So many units with one output each, of which a judge and humans said this. */
function alike(count: number, judge: number, human: number): JointMoments {
  const { means } = unitsOf([{ unit: 1, judge, human }]);
  return { count, means, products: means.map(() => means.map(() => 0)) };
}

describe("golden values of a judge's pass rate hold of units with one output each", () => {
  const input = z.object({
    judgePassRate: z.number(),
    n: z.number(),
    sensitivity: z.number(),
    nPositive: z.number(),
    specificity: z.number(),
    nNegative: z.number(),
  });
  const expected = z.object({ corrected: z.number(), standardError: z.number() });
  const run = testGolden("judge_correction.json", { input, expected }, (golden) => {
    const { judgePassRate, sensitivity, specificity } = golden.input;
    // Twice as many of each, so that shares of them are whole numbers.
    const [n, nPositive, nNegative] = [
      2 * golden.input.n,
      2 * golden.input.nPositive,
      2 * golden.input.nNegative,
    ];
    const units = [
      alike(Math.round(n * judgePassRate), 1, Number.NaN),
      alike(n - Math.round(n * judgePassRate), 0, Number.NaN),
      alike(Math.round(nPositive * sensitivity), 1, 1),
      alike(nPositive - Math.round(nPositive * sensitivity), 0, 1),
      alike(Math.round(nNegative * specificity), 0, 0),
      alike(nNegative - Math.round(nNegative * specificity), 1, 0),
    ].reduce(mergedJointMoments, noJointMoments);
    const found = must(correctedUnitsRate({ units, alpha }));
    const labels = nPositive + nNegative;
    golden.close(
      [found.rate, found.standardError * Math.sqrt((2 * (labels - 1)) / labels)],
      [golden.expected.corrected, golden.expected.standardError],
    );
  });
  test("there are some", () => expect(run).toBeGreaterThan(2));
});

describe("laws", () => {
  const score = fc.integer({ min: -20, max: 20 }).map((quarters) => quarters / 4);
  const single = fc.record({ judge: score, human: fc.option(score, { nil: Number.NaN }) });

  test("with one output a unit it is prediction-powered inference, but for the unlabelled's part of m / (m - 1)", () => {
    fc.assert(
      fc.property(fc.array(single, { minLength: 8, maxLength: 60 }), (outputs) => {
        const labelled = outputs.filter(({ human }) => !Number.isNaN(human));
        const rest = outputs.filter(({ human }) => Number.isNaN(human)).map(({ judge }) => judge);
        fc.pre(labelled.length > 2 && rest.length > 2);
        const pairs = [labelled.map(({ human }) => human), labelled.map(({ judge }) => judge)] as const;
        const plain = predictionPoweredMean(
          { labelled: must(crossMomentsOf(...pairs)), unlabelled: must(momentsOf(rest)), trust: 1 },
          alpha,
        );
        // Below it what is left of a variance is rounding.
        fc.pre(plain.ok && plain.value.standardError > 1e-3);
        const units = unitsOf(outputs.map((output, unit) => ({ unit, ...output })));
        const found = must(predictionPoweredUnits({ units, alpha, trust: 1 }));
        expect(found.mean).toBeCloseTo(must(plain).mean, 6);
        const m = labelled.length;
        const restPart = must(momentsOf(rest)).squaredDeviations / rest.length ** 2;
        const wanted =
          must(plain).standardError ** 2 -
          (restPart * rest.length) / (rest.length - 1) +
          (restPart * m) / (m - 1);
        expect(found.standardError ** 2).toBeCloseTo(wanted, 6);
      }),
    );
  });

  test("units of which nothing was said change nothing", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), (silent) => {
        const units = unitsOf(drawnOutputs(seededUnits(5), 60));
        const none = judgedVariables.map(() => 0);
        const more = mergedJointMoments(units, {
          count: silent,
          means: none,
          products: none.map(() => none),
        });
        const [found, same] = [units, more].map((of) => must(predictionPoweredUnits({ units: of, alpha })));
        expect(same?.mean).toBeCloseTo(found?.mean ?? Number.NaN, 9);
        expect(same?.standardError).toBeCloseTo(found?.standardError ?? Number.NaN, 9);
      }),
    );
  });
});

/**
 * Conversations of one to five answers that are good or bad together, half of them good on average; of every fourth conversation humans
 * label some. The judge is too kind: it passes 90 % of good ones and 40 % of bad ones.
 */
function drawnOutputs(chance: () => number, conversations: number): readonly Output[] {
  return Array.from({ length: conversations }, (_, unit) => {
    const goodness = chance() < 0.5 ? 0.9 : 0.1;
    const isSeen = chance() < 0.25;
    return Array.from({ length: 1 + Math.floor(5 * chance()) }, (): Output => {
      const human = Number(chance() < goodness);
      const judge = Number(chance() < (human === 1 ? 0.9 : 0.4));
      return { unit, judge, human: isSeen && chance() < 0.7 ? human : Number.NaN };
    });
  }).flat();
}

describe("over many experiments on conversations whose answers are alike, of which half are good", () => {
  const runs = 1_000;
  const monteCarloError = 3 * Math.sqrt((alpha * (1 - alpha)) / runs);
  const chance = seededUnits(20_261_127);
  const experiments = Array.from({ length: runs }, () => drawnOutputs(chance, 240));
  const held = (interval: readonly [number, number]) => Number(interval[0] <= 0.5 && 0.5 <= interval[1]);

  test("prediction-powered inference holds it in 95 %, without bias, unlike one that takes answers for strangers", () => {
    let [plain, tuned, strangers, sum, error, labelsError] = [0, 0, 0, 0, 0, 0];
    for (const outputs of experiments) {
      const units = unitsOf(outputs);
      plain += held(must(predictionPoweredUnits({ units, alpha, trust: 1 })).interval);
      const found = must(predictionPoweredUnits({ units, alpha }));
      tuned += held(found.interval);
      sum += found.mean;
      error += found.standardError;
      labelsError += found.labelsOnly.standardError;
      const apart = unitsOf(outputs.map((output, unit) => ({ ...output, unit })));
      strangers += held(must(predictionPoweredUnits({ units: apart, alpha })).interval);
    }
    expect(plain / runs).toBeGreaterThan(0.95 - monteCarloError);
    expect(tuned / runs).toBeGreaterThan(0.93 - monteCarloError);
    expect(strangers / runs).toBeLessThan(0.85);
    expect(Math.abs(sum / runs - 0.5)).toBeLessThan((3 * error) / runs / Math.sqrt(runs));
    expect(error).toBeLessThan(0.9 * labelsError);
  });

  test("the rate that is corrected by a judge's errors is held in 95 %, without bias", () => {
    let [found, sum, error] = [0, 0, 0];
    for (const outputs of experiments) {
      const { rate, interval, standardError } = must(correctedUnitsRate({ units: unitsOf(outputs), alpha }));
      found += held(interval);
      sum += rate;
      error += standardError;
    }
    expect(found / runs).toBeGreaterThan(0.95 - monteCarloError);
    expect(Math.abs(sum / runs - 0.5)).toBeLessThan((3 * error) / runs / Math.sqrt(runs));
  });
});

test("a unit's outputs are summed", () => {
  const units = unitsOf([
    { unit: 7, judge: 1, human: 0 },
    { unit: 7, judge: 1, human: 1 },
    { unit: 7, judge: 0.5, human: Number.NaN },
    { unit: 8, judge: 1, human: Number.NaN },
  ]);
  expect(units.count).toBe(2);
  expect(judgedVariables.map((name) => judgedSum(units, name))).toEqual([2, 1, 2, 1, 2, 1.5, 1, 1]);
});

test("what cannot be said is refused", () => {
  const outputs = drawnOutputs(seededUnits(1), 80);
  const units = unitsOf(outputs);
  const label = (human: (output: Output) => number) =>
    unitsOf(outputs.map((output) => ({ ...output, human: human(output) })));
  const powered = (changes: Partial<Parameters<typeof predictionPoweredUnits>[0]>) =>
    refusalOf(predictionPoweredUnits({ units, alpha, ...changes }));
  const rated = (changes: Partial<Parameters<typeof correctedUnitsRate>[0]>) =>
    refusalOf(correctedUnitsRate({ units, alpha, ...changes }));
  expect(powered({ alpha: 0 })).toBe("bad-level");
  expect(rated({ alpha: 1 })).toBe("bad-level");
  expect(powered({ trust: -1 })).toBe("bad-value");
  const unseen = { units: label(() => Number.NaN) };
  expect(powered(unseen)).toBe("too-few");
  expect(rated(unseen)).toBe("too-few");
  const allSeen = { units: label(() => 1) };
  expect(powered(allSeen)).toBe("too-few");
  expect(rated({ units: label(({ human }) => (Number.isNaN(human) ? human : 1)) })).toBe("too-few");
  expect(rated({ units: label(({ human }) => human / 2) })).toBe("bad-value");
  expect(rated({ units: label(({ human, judge }) => (Number.isNaN(human) ? human : 1 - judge)) })).toBe(
    "bad-value",
  );
  const still = unitsOf([1, 2, 3].map((unit) => ({ unit, judge: 1, human: unit === 3 ? Number.NaN : 1 })));
  expect(powered({ units: still })).toBe("no-variance");
  expect(refusalOf(judgedUnitsOf([1], [1], []))).toBe("bad-value");
});
