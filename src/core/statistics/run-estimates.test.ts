import { describe, expect, test } from "vitest";
import { z } from "zod";
import { must, refusalOf } from "../../../test/support/must.ts";
import { seededUnits } from "../../../test/support/seeded-draws.ts";
import { readVector } from "../../../test/support/read-vector.ts";
import { clusteredProportion } from "./clustered-proportion.ts";
import { crossMomentsOf } from "./cross-moments.ts";
import { meanInterval } from "./mean-interval.ts";
import { momentsOf } from "./moments.ts";
import { wilsonInterval } from "./proportion.ts";
import { ratioInterval } from "./ratio-interval.ts";
import { ratioSample } from "./ratio-metric.ts";
import { sampleOf } from "./sample.ts";

const numbers = z.array(z.number());
const interval = z.tuple([z.number(), z.number()]);
const vectors = z
  .object({
    mean_interval: z.array(z.object({ values: numbers, alpha: z.number(), mean: z.number(), interval })),
    ratio_interval: z.array(
      z.object({ x: numbers, y: numbers, alpha: z.number(), ratio: z.number(), interval }),
    ),
    clustered_proportion: z.array(
      z.object({
        kind: z.string(),
        x: numbers,
        y: numbers,
        trials: z.number(),
        alpha: z.number(),
        share: z.number(),
        effective: z.number(),
        interval,
      }),
    ),
  })
  .parse(readVector("evaluations/estimates.json"));

const momentsOfPairs = (x: readonly number[], y: readonly number[]) => must(crossMomentsOf(x, y));

function expectClose(found: readonly number[], expected: readonly number[]): void {
  for (const [index, value] of expected.entries()) expect(found[index]).toBeCloseTo(value, 9);
}

describe("one mean", () => {
  test.each(vectors.mean_interval)(
    "of $values.length values is SciPy's",
    ({ values, alpha, ...expected }) => {
      const found = must(meanInterval(must(sampleOf(must(momentsOf(values)))), alpha));
      expect(found.value).toBeCloseTo(expected.mean, 9);
      expectClose(found.interval, expected.interval);
    },
  );

  test("is refused of one value, of values that do not vary, and at no level", () => {
    const sample = { count: 5, mean: 1, variance: 2 };
    expect(refusalOf(meanInterval({ ...sample, count: 1 }, 0.05))).toBe("too-few");
    expect(refusalOf(meanInterval({ ...sample, variance: 0 }, 0.05))).toBe("no-variance");
    expect(refusalOf(meanInterval(sample, 0))).toBe("bad-level");
  });
});

describe("a ratio over the same units", () => {
  test.each(vectors.ratio_interval)("of $x.length units has the roots of Fieller's definition", (golden) => {
    const found = must(ratioInterval(momentsOfPairs(golden.x, golden.y), golden.alpha));
    expect(found.value).toBeCloseTo(golden.ratio, 9);
    expectClose(found.interval, golden.interval);
  });

  test("has the error of the delta method, and its interval where x is far from 0", () => {
    const x = Array.from({ length: 500 }, (_, unit) => 100 + (unit % 7));
    const y = Array.from({ length: 500 }, (_, unit) => 10 + ((unit * 13) % 29));
    const moments = momentsOfPairs(x, y);
    const found = must(ratioInterval(moments, 0.05));
    const delta = must(meanInterval(must(ratioSample(moments)), 0.05));
    expect(found.standardError).toBeCloseTo(delta.standardError, 12);
    for (const end of [0, 1] as const) expect(found.interval[end]).toBeCloseTo(delta.interval[end], 5);
    expect(found.baselineNoise).toBeLessThan(1e-4);
  });

  test("has no ends where x cannot be told from 0", () => {
    const rare = momentsOfPairs([1, 0, 0, 0, 0, 0], [1, 2, 1, 2, 1, 2]);
    expect(refusalOf(ratioInterval(rare, 0.05))).toBe("zero-baseline");
    expect(refusalOf(ratioInterval(momentsOfPairs([0, 0], [1, 2]), 0.05))).toBe("zero-baseline");
    expect(refusalOf(ratioInterval(momentsOfPairs([1, 2, 3], [2, 4, 6]), 0.05))).toBe("no-variance");
    expect(refusalOf(ratioInterval(momentsOfPairs([1], [1]), 0.05))).toBe("too-few");
  });
});

describe("a share of trials in clusters", () => {
  test.each(vectors.clustered_proportion)("$kind has the roots of the score equation", (golden) => {
    const found = must(clusteredProportion(momentsOfPairs(golden.x, golden.y), golden));
    expect(found.share).toBeCloseTo(golden.share, 9);
    expect(found.effectiveTrials).toBeCloseTo(golden.effective, 6);
    expectClose(found.interval, golden.interval);
  });

  test("is Wilson's where each trial stands alone", () => {
    const y = Array.from({ length: 50 }, (_, trial) => Number(trial % 3 === 0));
    const found = must(
      clusteredProportion(
        momentsOfPairs(
          y.map(() => 1),
          y,
        ),
        { trials: 50, alpha: 0.05 },
      ),
    );
    expectClose(found.interval, must(wilsonInterval({ successes: 17, trials: 50 }, 0.05)));
  });

  test("asked ten times each is as sure as once, where repeats never differ", () => {
    const y = Array.from({ length: 50 }, (_, trial) => Number(trial % 3 === 0));
    const once = momentsOfPairs(
      y.map(() => 1),
      y,
    );
    expect(must(clusteredProportion(once, { trials: 500, alpha: 0.05 })).effectiveTrials).toBeCloseTo(50, 9);
  });

  test("is refused beyond [0, 1], of one cluster, and of fewer trials than clusters", () => {
    expect(refusalOf(clusteredProportion(momentsOfPairs([1, 1], [2, 1]), { trials: 2, alpha: 0.05 }))).toBe(
      "bad-value",
    );
    expect(refusalOf(clusteredProportion(momentsOfPairs([4], [2]), { trials: 4, alpha: 0.05 }))).toBe(
      "too-few",
    );
    expect(refusalOf(clusteredProportion(momentsOfPairs([1, 1], [0, 1]), { trials: 1, alpha: 0.05 }))).toBe(
      "bad-count",
    );
  });
});

test("clusters that pass nearly always have the truth in their interval as often as was said, where Student's t has not", () => {
  const chance = seededUnits(20_261_127);
  const [runs, truth] = [1_000, 0.97];
  let [held, byStudent] = [0, 0];
  for (let run = 0; run < runs; run += 1) {
    const [sizes, passes]: [number[], number[]] = [[], []];
    for (let cluster = 0; cluster < 30; cluster += 1) {
      // Three of ten clusters are bad at it: 0.3 x 0.925 + 0.7 x 0.98928... = 0.97.
      const share = chance() < 0.3 ? 0.925 : (truth - 0.3 * 0.925) / 0.7;
      const size = 1 + Math.floor(15 * chance());
      sizes.push(size);
      passes.push(Array.from({ length: size }, chance).filter((drawn) => drawn < share).length);
    }
    const clusters = momentsOfPairs(sizes, passes);
    const trials = sizes.reduce((sum, size) => sum + size, 0);
    const holds = ([lower, upper]: readonly [number, number]): number =>
      Number(lower <= truth && truth <= upper);
    held += holds(must(clusteredProportion(clusters, { trials, alpha: 0.05 })).interval);
    const student = meanInterval(must(ratioSample(clusters)), 0.05);
    byStudent += student.ok ? holds(student.value.interval) : 0;
  }
  expect(Math.abs(held / runs - 0.95)).toBeLessThan(3 * Math.sqrt((0.95 * 0.05) / runs));
  expect(byStudent / runs).toBeLessThan(0.93);
});
