import { describe, expect, test } from "vitest";
import { must } from "../../../test/support/must.ts";
import { normals, seededUnits } from "../../../test/support/seeded-draws.ts";
import { covariateBalance } from "./covariate-balance.ts";
import { crossMomentsOf } from "./cross-moments.ts";
import { cupedTest } from "./cuped.ts";
import { jointMomentsOf } from "./joint-moments.ts";
import { momentsOf } from "./moments.ts";
import { pairedSample, pairedTest } from "./paired-test.ts";
import { postStratifiedTest } from "./post-stratification.ts";
import { sampleQuantile } from "./quantile.ts";
import { sampleOf } from "./sample.ts";
import { signedRankTest } from "./signed-rank.ts";

const alpha = 0.05;
const runs = 1_000;

interface Unit {
  readonly stratum: number;
  readonly before: number;
  readonly after: number;
}

/** Units whose outcome of mean 10 + effect follows from their stratum, and half of it from what it was before. */
function drawnUnits(chance: () => number, effect: number): readonly Unit[] {
  const normal = normals(chance);
  return Array.from({ length: 90 }, () => {
    const stratum = Math.floor(3 * chance());
    const common = normal();
    return {
      stratum,
      before: 5 + stratum + common + normal() / 2,
      after: 8 + effect + 2 * stratum + common + normal(),
    };
  });
}

const momentsOfUnits = (units: readonly Unit[]) =>
  must(jointMomentsOf([units.map(({ after }) => after), units.map(({ before }) => before)]));

const sampleOfStratum = (units: readonly Unit[], stratum: number) =>
  must(sampleOf(must(momentsOf(units.flatMap((unit) => (unit.stratum === stratum ? [unit.after] : []))))));

/** A share of runs is as expected, to three standard errors of it. */
function expectShare(count: number, share: number): void {
  expect(Math.abs(count / runs - share)).toBeLessThan(3 * Math.sqrt((share * (1 - share)) / runs));
}

describe("over many experiments with a true difference of 0.6, 6 % of the control", () => {
  const chance = seededUnits(20_261_127);
  const experiments = Array.from({ length: runs }, () => ({
    control: drawnUnits(chance, 0),
    treatment: drawnUnits(chance, 0.6),
  }));
  const moments = experiments.map(({ control, treatment }) => ({
    control: momentsOfUnits(control),
    treatment: momentsOfUnits(treatment),
    outcome: { mean: 0 },
    covariates: [{ mean: 1 }],
    alpha,
  }));

  const covering = (intervals: readonly (readonly [number, number])[], truth: number): number =>
    intervals.filter(([lower, upper]) => lower <= truth && truth <= upper).length;

  test("the intervals of CUPED hold it in 95 %, at half the variance", () => {
    const absolute = moments.map((pair) => must(cupedTest(pair)));
    const relative = moments.map((pair) => must(cupedTest({ ...pair, scale: "relative" })));
    expectShare(
      covering(
        absolute.map(({ interval }) => interval),
        0.6,
      ),
      0.95,
    );
    expectShare(
      covering(
        relative.map(({ interval }) => interval),
        0.06,
      ),
      0.95,
    );
    expect(absolute.filter(({ varianceReduction }) => varianceReduction > 0.5).length / runs).toBeGreaterThan(
      0.9,
    );
  });

  test("those of post-stratification do", () => {
    const strata = experiments.map(({ control, treatment }) =>
      [0, 1, 2].map((stratum) => ({
        control: sampleOfStratum(control, stratum),
        treatment: sampleOfStratum(treatment, stratum),
      })),
    );
    const intervals = (scale: "absolute" | "relative") =>
      strata.map((list) => must(postStratifiedTest({ strata: list, alpha, scale })).interval);
    expectShare(covering(intervals("absolute"), 0.6), 0.95);
    expectShare(covering(intervals("relative"), 0.06), 0.95);
  });

  test("covariates of a sound assignment are called out of balance in 5 %", () => {
    const found = moments.map((pair) => must(covariateBalance(pair)).pValue);
    expectShare(found.filter((pValue) => pValue < alpha).length, alpha);
  });

  test("pairs: the interval of the mean, and signed ranks around a difference of 0", () => {
    const pairs = experiments.map(({ control }) =>
      control.map(({ before, after, stratum }) => [before + stratum, after - 3] as const),
    );
    const intervals = pairs.map((list) => {
      const cross = crossMomentsOf(
        list.map(([x]) => x),
        list.map(([, y]) => y),
      );
      return must(pairedTest({ differences: must(pairedSample(must(cross))), alpha })).interval;
    });
    expectShare(covering(intervals, 0), 0.95);
    const ranks = pairs.map((list) => must(signedRankTest(list.map(([x, y]) => y - x))).pValue);
    expectShare(ranks.filter((pValue) => pValue < alpha).length, alpha);
  });

  test("the exact interval of a quantile holds it as often as it says", () => {
    const shown = seededUnits(7);
    const found = experiments.map(() =>
      must(
        sampleQuantile(
          Array.from({ length: 60 }, () => shown()),
          { level: 0.8, alpha },
        ),
      ),
    );
    expectShare(
      covering(
        found.map(({ interval }) => interval),
        0.8,
      ),
      found[0]?.coverage ?? 0,
    );
  });
});
