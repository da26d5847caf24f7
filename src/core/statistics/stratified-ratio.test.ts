import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { must, refusalOf } from "../../../test/support/must.ts";
import { normals, seededUnits } from "../../../test/support/seeded-draws.ts";
import { crossMomentsOf, mergedCrossMoments, noCrossMoments, type CrossMoments } from "./cross-moments.ts";
import { postStratifiedTest } from "./post-stratification.ts";
import { ratioSample } from "./ratio-metric.ts";
import { sampleOf } from "./sample.ts";
import { postStratifiedRatioTest, type RatioStratum } from "./stratified-ratio.ts";
import { welchTest } from "./welch-test.ts";

type Pairs = readonly (readonly [number, number])[];

const momentsOfPairs = (pairs: Pairs): CrossMoments =>
  must(
    crossMomentsOf(
      pairs.map(([x]) => x),
      pairs.map(([, y]) => y),
    ),
  );

const number = fc.double({ min: 1, max: 9, noNaN: true });
const scale = fc.constantFrom("absolute" as const, "relative" as const);
const unitsOf = (x: fc.Arbitrary<number>) =>
  fc
    .array(fc.tuple(x, number), { minLength: 3, maxLength: 20 })
    .filter((pairs) => new Set(pairs.map(([, y]) => y)).size > 1)
    .map(momentsOfPairs);
const strataOf = (x: fc.Arbitrary<number>, minLength: number) =>
  fc.array(fc.record({ control: unitsOf(x), treatment: unitsOf(x) }), { minLength, maxLength: 4 });

describe("laws", () => {
  test("where every denominator is 1 it is the test of means", () => {
    fc.assert(
      fc.property(strataOf(fc.constant(1), 1), scale, (strata, kind) => {
        const question = { alpha: 0.05, scale: kind };
        const found = must(postStratifiedRatioTest({ strata, ...question }));
        const means = strata.map(({ control, treatment }) => ({
          control: must(sampleOf(control.y)),
          treatment: must(sampleOf(treatment.y)),
        }));
        const plain = must(postStratifiedTest({ strata: means, ...question }));
        expect(found.difference).toBeCloseTo(plain.difference, 9);
        expect(found.standardError).toBeCloseTo(plain.standardError, 9);
        expect(found.degreesOfFreedom / plain.degreesOfFreedom).toBeCloseTo(1, 9);
      }),
    );
  });

  test("one stratum is Welch's test of ratios", () => {
    fc.assert(
      fc.property(unitsOf(number), unitsOf(number), scale, (control, treatment, kind) => {
        const arms = { control: ratioSample(control), treatment: ratioSample(treatment) };
        fc.pre(arms.control.ok && arms.treatment.ok);
        const samples = { control: must(arms.control), treatment: must(arms.treatment) };
        fc.pre(samples.control.variance > 0 && samples.treatment.variance > 0);
        const question = { alpha: 0.05, scale: kind };
        const found = must(postStratifiedRatioTest({ strata: [{ control, treatment }], ...question }));
        const plain = must(welchTest({ ...samples, ...question }));
        expect(found.difference).toBeCloseTo(plain.difference, 9);
        expect(found.standardError).toBeCloseTo(plain.standardError, 9);
      }),
    );
  });

  test("the scale of denominators changes no relative difference, and divides the absolute one", () => {
    fc.assert(
      fc.property(strataOf(number, 2), scale, (strata, kind) => {
        const told = (factor: number) => {
          const scaled = (arm: CrossMoments): CrossMoments => ({
            x: {
              ...arm.x,
              mean: arm.x.mean * factor,
              squaredDeviations: arm.x.squaredDeviations * factor ** 2,
            },
            y: arm.y,
            productDeviations: arm.productDeviations * factor,
          });
          const of = strata.map(({ control, treatment }) => ({
            control: scaled(control),
            treatment: scaled(treatment),
          }));
          return must(postStratifiedRatioTest({ strata: of, alpha: 0.05, scale: kind }));
        };
        const [plain, scaled] = [told(1), told(4)];
        const factor = kind === "relative" ? 1 : 4;
        expect(scaled.difference * factor).toBeCloseTo(plain.difference, 9);
        expect(scaled.standardError * factor).toBeCloseTo(plain.standardError, 9);
      }),
    );
  });
});

const alpha = 0.05;
const runs = 1_000;
/** Three standard errors of a share near 95 % over the runs. */
const monteCarloError = 3 * Math.sqrt((alpha * (1 - alpha)) / runs);

describe("over many experiments on easy and hard conversations, with cost by message that truly differs by 0.3 of 2.7", () => {
  const unit = seededUnits(20_261_127);
  const normal = normals(unit);

  /** Easy ones have 3 messages of cost 1, hard ones 6 of cost 4, both on average. */
  const drawn = (effect: number, hardShare = 0.4): readonly [easy: Pairs, hard: Pairs] => {
    const strata: [(readonly [number, number])[], (readonly [number, number])[]] = [[], []];
    for (let one = 0; one < 150; one += 1) {
      const isHard = unit() < hardShare;
      const messages = (isHard ? 4 : 1) + Math.floor(5 * unit());
      const cost = messages * ((isHard ? 4 : 1) + effect + 0.5 * normal());
      strata[isHard ? 1 : 0].push([messages, cost]);
    }
    return strata;
  };
  const truth = (0.6 * 3 + 0.4 * 6 * 4) / (0.6 * 3 + 0.4 * 6);
  const effect = 0.3;
  const strataOfArms = (control: readonly Pairs[], treatment: readonly Pairs[]): readonly RatioStratum[] =>
    control.map((pairs, place) => ({
      control: momentsOfPairs(pairs),
      treatment: momentsOfPairs(treatment[place] ?? []),
    }));

  test("intervals hold it in 95 %, at less than two thirds of the error", () => {
    const held = { absolute: 0, relative: 0 };
    let [error, plainError, sum] = [0, 0, 0];
    for (let run = 0; run < runs; run += 1) {
      const strata = strataOfArms(drawn(0), drawn(effect));
      for (const kind of ["absolute", "relative"] as const) {
        const { interval, standardError, difference } = must(
          postStratifiedRatioTest({ strata, alpha, scale: kind }),
        );
        const wanted = kind === "absolute" ? effect : effect / truth;
        if (interval[0] <= wanted && wanted <= interval[1]) held[kind] += 1;
        if (kind === "relative") continue;
        error += standardError;
        sum += difference;
      }
      const pooled = (arm: "control" | "treatment") =>
        must(ratioSample(strata.map((one) => one[arm]).reduce(mergedCrossMoments, noCrossMoments)));
      const plain = must(welchTest({ control: pooled("control"), treatment: pooled("treatment"), alpha }));
      plainError += plain.standardError;
    }
    expect(Math.abs(held.absolute / runs - 0.95)).toBeLessThan(monteCarloError);
    expect(Math.abs(held.relative / runs - 0.95)).toBeLessThan(monteCarloError);
    expect(error).toBeLessThan((2 / 3) * plainError);
    expect(Math.abs(sum / runs - effect)).toBeLessThan((3 * error) / runs / Math.sqrt(runs));
  });

  test("an arm that got more hard ones by chance is not taken for a dear one", () => {
    let [sum, plain] = [0, 0];
    for (let run = 0; run < 200; run += 1) {
      const strata = strataOfArms(drawn(0, 0.3), drawn(0, 0.5));
      sum += must(postStratifiedRatioTest({ strata, alpha })).difference;
      const ratio = (arm: "control" | "treatment") =>
        must(ratioSample(strata.map((one) => one[arm]).reduce(mergedCrossMoments, noCrossMoments))).mean;
      plain += ratio("treatment") - ratio("control");
    }
    expect(Math.abs(sum / 200)).toBeLessThan(0.02);
    expect(plain / 200).toBeGreaterThan(0.4);
  });
});

test("two strata by hand: numerators and denominators are weighted by 3/4 and 1/4, then divided", () => {
  const arm = (count: number, x: number, y: number): CrossMoments => ({
    x: { count, mean: x, squaredDeviations: count - 1 },
    y: { count, mean: y, squaredDeviations: 4 * (count - 1) },
    productDeviations: count - 1,
  });
  const strata = [
    { control: arm(40, 2, 4), treatment: arm(20, 2, 6) },
    { control: arm(10, 4, 16), treatment: arm(10, 4, 16) },
  ];
  const found = must(postStratifiedRatioTest({ strata, alpha: 0.05 }));
  const [control, treatment] = [(0.75 * 4 + 0.25 * 16) / 2.5, (0.75 * 6 + 0.25 * 16) / 2.5];
  expect(found.difference).toBeCloseTo(treatment - control, 12);
  const variance = (ratio: number) => (4 - 2 * ratio + ratio * ratio) / 2.5 ** 2;
  const inside =
    (9 / 16) * (variance(treatment) / 20 + variance(control) / 40) +
    (1 / 16) * (variance(treatment) / 10 + variance(control) / 10);
  const apart = (t: number, c: number, x: number) => (t - treatment * x - (c - control * x)) / 2.5;
  const between = (0.75 * apart(6, 4, 2) ** 2 + 0.25 * apart(16, 16, 4) ** 2) / 80;
  expect(found.standardError ** 2).toBeCloseTo(inside + between, 12);
});

test("what cannot be compared is refused", () => {
  const arm = momentsOfPairs([
    [1, 2],
    [2, 3],
    [3, 1],
  ]);
  const ask = (strata: readonly RatioStratum[]) => refusalOf(postStratifiedRatioTest({ strata, alpha }));
  expect(ask([])).toBe("too-few");
  expect(ask([{ control: arm, treatment: noCrossMoments }])).toBe("zero-baseline");
  const lonely = momentsOfPairs([[1, 2]]);
  expect(
    ask([
      { control: arm, treatment: arm },
      { control: arm, treatment: lonely },
    ]),
  ).toBe("too-few");
  const proportional = momentsOfPairs([
    [1, 3],
    [2, 6],
  ]);
  expect(ask([{ control: proportional, treatment: arm }])).toBe("no-variance");
});
