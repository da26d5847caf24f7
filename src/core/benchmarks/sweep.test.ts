import { describe, expect, test } from "vitest";
import { brokenBy, nextRate, sweepFindings, type SweepPoint } from "./sweep.ts";

/** A queue with one server that answers `most` requests a second: an M/M/1, whose latency is 1 / (most - rate). */
function point(rate: number, most = 100): SweepPoint {
  const isSaturated = rate >= most;
  return {
    rate,
    answeredPerS: Math.min(rate, most),
    latencyMs: isSaturated ? 60_000 : 1_000 / (most - rate),
    goodShare: isSaturated ? 0 : 1 - Math.exp(-(most - rate) * 0.1),
    isSaturated,
  };
}

const rules = { from: 10, to: 200, factor: 2, refinements: 2, shareMin: 0.95 };

/** A sweep to its end. */
function swept(changed: Partial<typeof rules> = {}): readonly SweepPoint[] {
  const points: SweepPoint[] = [];
  for (;;) {
    const rate = nextRate(points, { ...rules, ...changed });
    if (rate === undefined) return points;
    points.push(point(rate));
  }
}

describe("a sweep", () => {
  test("doubles until a rate is broken, then halves the gap as often as it may", () => {
    const rates = swept().map(({ rate }) => Math.round(rate * 10) / 10);
    // 80/s has 1 - exp(-2) = 86 % good: broken. Between 40 and 80 lie sqrt(40 x 80), and 56.6 was kept.
    expect(rates).toEqual([10, 20, 40, 80, 56.6, 67.3]);
  });

  test("ends at the highest rate where all are borne", () => {
    expect(swept({ to: 30 }).map(({ rate }) => rate)).toEqual([10, 20, 30]);
  });

  test("has nothing to refine where the first rate is broken", () => {
    expect(swept({ from: 150 })).toHaveLength(1);
  });

  test("finds the knee of a queue at half of what it bears: power is rate (most - rate)", () => {
    const points = [10, 30, 50, 70, 90].map((rate) => point(rate));
    expect(sweepFindings(points, 0)).toEqual({ kneeRate: 50, keptRate: 90 });
  });

  test("tells the rates around the break, and what broke", () => {
    const points = [10, 40, 80, 160].map((rate) => point(rate));
    expect(sweepFindings(points, 0.95)).toMatchObject({
      keptRate: 40,
      brokenRate: 80,
      brokenBy: "objectives",
    });
    expect(sweepFindings(points, 0.5)).toMatchObject({
      keptRate: 80,
      brokenRate: 160,
      brokenBy: "saturation",
    });
  });

  test("a rate above a broken one is not kept, whatever luck it had", () => {
    const lucky = { ...point(20), rate: 300 };
    expect(sweepFindings([point(40), point(120), lucky], 0.95).keptRate).toBe(40);
  });

  test("a point without an answer is no knee", () => {
    expect(sweepFindings([{ rate: 5, answeredPerS: 0, goodShare: 0, isSaturated: false }], 0.9)).toEqual({
      brokenRate: 5,
      brokenBy: "objectives",
    });
    expect(brokenBy(point(40), 0.95)).toBeUndefined();
  });
});
