import { describe, expect, test } from "vitest";
import { must, refusalOf } from "../../../test/support/must.ts";
import { normals, seededUnits } from "../../../test/support/seeded-draws.ts";
import { bootstrapRatio } from "./bootstrap-ratio.ts";
import { meanInterval } from "./mean-interval.ts";
import { momentsOf } from "./moments.ts";
import { sampleOf } from "./sample.ts";

/** Chance that picks every sequence of places once: 3 units are resampled in all their 27 ways. */
function everyPick(units: number): () => number {
  let drawn = 0;
  return () => {
    const way = Math.floor(drawn / units);
    const place = Math.floor(way / units ** (drawn % units)) % units;
    drawn += 1;
    return (place + 0.5) / units;
  };
}

const ones = (y: readonly number[]) => y.map(() => 1);

describe("resampling", () => {
  test("draws means whose percentiles are those of all ways to draw", () => {
    const y = [-1, 2, 5, 6];
    const means = Array.from({ length: 256 }, (_, way) =>
      [0, 1, 2, 3].reduce((sum, draw) => sum + (y[Math.floor(way / 4 ** draw) % 4] ?? 0) / 4, 0),
    ).toSorted((a, b) => a - b);
    const found = must(bootstrapRatio({ x: ones(y), y }, { alpha: 0.1, resamples: 256, unit: everyPick(4) }));
    expect(found.value).toBe(3);
    expect(found.interval).toEqual([means[Math.round(0.05 * 257) - 1], means[Math.round(0.95 * 257) - 1]]);
    const below = means.filter((mean) => mean < 0).length + means.filter((mean) => mean === 0).length / 2;
    expect(found.pValue).toBeCloseTo((2 * (below + 1)) / 257, 12);
  });

  test("is the same for the same chance", () => {
    const y = [1, 2, 3, 5, 8, 13];
    const of = (seed: number) =>
      must(bootstrapRatio({ x: ones(y), y }, { alpha: 0.05, resamples: 500, unit: seededUnits(seed) }));
    expect(of(1)).toEqual(of(1));
    expect(of(1)).not.toEqual(of(2));
  });

  test("agrees with Student's t where values are normal, and keeps clusters whole", () => {
    const normal = normals(seededUnits(7));
    const y = Array.from({ length: 400 }, () => 0.2 + normal());
    const terms = { alpha: 0.05, resamples: 4_000, unit: seededUnits(8) };
    const items = must(bootstrapRatio({ x: ones(y), y }, terms)).interval;
    const student = must(meanInterval(must(sampleOf(must(momentsOf(y)))), 0.05)).interval;
    for (const end of [0, 1] as const) expect(Math.abs(items[end] - student[end])).toBeLessThan(0.01);
    // Four equal items in each cluster: as many clusters tell as much as items would.
    const clustered = must(bootstrapRatio({ x: y.map(() => 4), y: y.map((value) => 4 * value) }, terms));
    expect(clustered.interval[1] - clustered.interval[0]).toBeCloseTo(items[1] - items[0], 1);
  });

  test("draws fewer of many units, and refuses what it cannot draw", () => {
    const many = Array.from({ length: 300_000 }, (_, unit) => unit % 2);
    const terms = { alpha: 0.05, resamples: 10_000, unit: () => 0.5 };
    expect(must(bootstrapRatio({ x: ones(many), y: many }, terms)).resamples).toBe(333);
    expect(refusalOf(bootstrapRatio({ x: [1], y: [1] }, terms))).toBe("too-few");
    expect(refusalOf(bootstrapRatio({ x: [1, 0], y: [1, 1] }, terms))).toBe("bad-value");
    expect(refusalOf(bootstrapRatio({ x: [1, 1], y: [1] }, terms))).toBe("bad-value");
    expect(refusalOf(bootstrapRatio({ x: [1, 1], y: [1, Number.NaN] }, terms))).toBe("not-finite");
    expect(refusalOf(bootstrapRatio({ x: [1, 1], y: [1, 2] }, { ...terms, resamples: 100 }))).toBe(
      "bad-value",
    );
    expect(refusalOf(bootstrapRatio({ x: [1, 1], y: [1, 2] }, { ...terms, alpha: 1 }))).toBe("bad-level");
  });
});

test("intervals of paired differences hold the truth in 95 % of runs", () => {
  const chance = seededUnits(20_261_127);
  const runs = 1_000;
  let held = 0;
  for (let run = 0; run < runs; run += 1) {
    // A share of 10 % gets worse, 13 % better: a true difference of 3 points.
    const y = Array.from({ length: 200 }, () => {
      const drawn = chance();
      return drawn < 0.1 ? -1 : drawn < 0.23 ? 1 : 0;
    });
    const { interval } = must(
      bootstrapRatio({ x: ones(y), y }, { alpha: 0.05, resamples: 400, unit: chance }),
    );
    if (interval[0] <= 0.03 && 0.03 <= interval[1]) held += 1;
  }
  expect(Math.abs(held / runs - 0.95)).toBeLessThan(3 * Math.sqrt((0.95 * 0.05) / runs));
});
