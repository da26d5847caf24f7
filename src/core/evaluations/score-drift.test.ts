import { describe, expect, test } from "vitest";
import { must } from "../../../test/support/must.ts";
import { seededUnits } from "../../../test/support/seeded-draws.ts";
import { momentsOf, noMoments, type Moments } from "#core/statistics/moments.ts";
import { driftAlpha, scoreDrifts, scoreInterval } from "./score-drift.ts";

function of(...values: readonly number[]): Moments {
  return must(momentsOf(values));
}

function passes(successes: number, trials: number): Moments {
  return of(...Array.from({ length: trials }, (_, at) => (at < successes ? 1 : 0)));
}

describe("drift", () => {
  test("of passes is found, also where all passed before, and none where none is", () => {
    const [fell, same, constant] = scoreDrifts([
      { before: passes(400, 400), last: passes(80, 100) },
      { before: passes(320, 400), last: passes(80, 100) },
      { before: passes(400, 400), last: passes(100, 100) },
    ]);
    expect(fell).toMatchObject({ state: "drifted", difference: expect.closeTo(-0.2, 12) });
    if (fell?.state !== "drifted") expect.unreachable();
    expect(fell.interval[1]).toBeLessThan(-0.1);
    expect(same).toMatchObject({ state: "steady", difference: expect.closeTo(0, 12), pValue: 1 });
    expect(constant).toMatchObject({ state: "steady", difference: 0, pValue: 1 });
    if (constant?.state !== "steady") expect.unreachable();
    expect(constant.interval[0]).toBeLessThan(-0.01);
  });

  test("of measures is found by Welch's test, also where nothing varied before", () => {
    const before = Array.from({ length: 60 }, (_, at) => 100 + (at % 3));
    const last = before.map((value) => value + 2);
    const [moved, fromConstant, both] = scoreDrifts([
      { before: of(...before), last: of(...last) },
      { before: of(...before.map(() => 5)), last: of(...last) },
      { before: of(...before.map(() => 5)), last: of(...before.map(() => 7)) },
    ]);
    expect(moved).toMatchObject({ state: "drifted", difference: 2 });
    expect(fromConstant).toMatchObject({ state: "drifted", difference: 98 });
    expect(both).toEqual({ state: "unknown", reason: "Nothing varies in either window" });
  });

  test("of few scores is unknown", () => {
    expect(scoreDrifts([{ before: passes(200, 400), last: passes(0, 29) }])).toEqual([
      { state: "unknown", reason: "30 scores of either window are wanted, one has 29" },
    ]);
    expect(scoreDrifts([{ before: noMoments, last: noMoments }])[0]?.state).toBe("unknown");
  });

  test("is found by chance alone in at most so many looks, however many scores are looked at", () => {
    const unit = seededUnits(7);
    const looks = 400;
    let alarms = 0;
    for (let look = 0; look < looks; look++) {
      const windows = Array.from({ length: 10 }, () => ({
        before: passes(draw(700, 0.8), 700),
        last: passes(draw(100, 0.8), 100),
      }));
      if (scoreDrifts(windows).some(({ state }) => state === "drifted")) alarms++;
    }
    // Four standard deviations above the level.
    expect(alarms).toBeLessThan(looks * driftAlpha + 4 * Math.sqrt(looks * driftAlpha * (1 - driftAlpha)));

    function draw(trials: number, share: number): number {
      let successes = 0;
      for (let at = 0; at < trials; at++) if (unit() < share) successes++;
      return successes;
    }
  });
});

test("the interval of passes is Wilson's, of measures Student's", () => {
  expect(must(scoreInterval(passes(10, 10)))[1]).toBe(1);
  expect(must(scoreInterval(passes(10, 10)))[0]).toBeCloseTo(0.7225, 4);
  const [low, high] = must(scoreInterval(of(1, 2, 3)));
  expect((low + high) / 2).toBeCloseTo(2, 12);
  expect(high).toBeCloseTo(2 + 4.302652729911275 / Math.sqrt(3), 9);
  expect(scoreInterval(of(7)).ok).toBe(false);
});
