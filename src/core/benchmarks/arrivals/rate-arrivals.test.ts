import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seededUnits } from "#core/kernel/seeded-units.ts";
import { ratePieces } from "./load-profile.ts";
import { rateArrivals, rescaledArrivals, type RatePiece } from "./rate-arrivals.ts";

const times = (pieces: readonly RatePiece[], unit?: () => number): readonly number[] =>
  [...rateArrivals(pieces, unit)].map(({ atMs }) => atMs);

describe("even arrivals", () => {
  test("of a constant rate are equally far apart", () => {
    expect(times(ratePieces({ kind: "constant", rate: 4, durationMs: 1_000 }))).toEqual([0, 250, 500, 750]);
  });

  test("of a ramp from 0 to 20/s over 10 s: N(t) = t^2, so the k-th is at sqrt(k) s", () => {
    const ramp = times(ratePieces({ kind: "ramp", from: 0, to: 20, durationMs: 10_000 }));
    expect(ramp).toHaveLength(100);
    for (const [place, atMs] of ramp.entries()) expect(atMs).toBeCloseTo(1_000 * Math.sqrt(place), 6);
  });

  test("of steps and of a spike go at the rate of each part", () => {
    const steps = times(ratePieces({ kind: "step", rates: [1, 0, 3], durationMs: 6_000 }));
    expect(steps.map(Math.round)).toEqual([0, 1_000, 4_000, 4_333, 4_667, 5_000, 5_333, 5_667]);
    const spike = times(ratePieces({ kind: "spike", rate: 1, peak: 10, spikeMs: 1_000, durationMs: 5_000 }));
    expect(spike.filter((atMs) => atMs >= 2_000 && atMs < 3_000)).toHaveLength(10);
    expect(spike).toHaveLength(14);
  });

  test("law: their number is the integral of the rate, and they rise within the duration", () => {
    const piece = fc.record({
      durationMs: fc.integer({ min: 1, max: 20_000 }),
      from: fc.integer({ min: 0, max: 50 }),
      to: fc.integer({ min: 0, max: 50 }),
    });
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 4 }), (pieces) => {
        const found = times(pieces);
        const expected = pieces.reduce(
          (sum, { durationMs, from, to }) => sum + ((from + to) / 2) * (durationMs / 1_000),
          0,
        );
        expect(Math.abs(found.length - expected)).toBeLessThanOrEqual(1);
        expect(found.every((atMs, place) => atMs >= (found[place - 1] ?? 0))).toBe(true);
        expect(found.at(-1) ?? 0).toBeLessThanOrEqual(
          pieces.reduce((sum, { durationMs }) => sum + durationMs, 0) + 1e-6,
        );
      }),
    );
  });
});

describe("Poisson arrivals", () => {
  const pieces = ratePieces({ kind: "poisson", rate: 100, durationMs: 100_000 });

  test("have the rate, and gaps whose deviation is their mean", () => {
    const found = times(pieces, seededUnits(7, "arrivals"));
    const gaps = found.slice(1).map((atMs, place) => atMs - (found[place] ?? 0));
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length);
    // 10,000 arrivals, standard error 100.
    expect(Math.abs(found.length - 10_000)).toBeLessThan(300);
    expect(deviation / mean).toBeGreaterThan(0.97);
    expect(deviation / mean).toBeLessThan(1.03);
  });

  test("are the same for the same seed, and others for another", () => {
    expect(times(pieces, seededUnits(7, "a"))).toEqual(times(pieces, seededUnits(7, "a")));
    expect(times(pieces, seededUnits(7, "a"))[0]).not.toBe(times(pieces, seededUnits(8, "a"))[0]);
  });

  test("as vLLM rescales them end at number / rate exactly", () => {
    const found = [...rescaledArrivals({ count: 400, rate: 20 }, () => seededUnits(3, "vllm"))];
    expect(found).toHaveLength(400);
    expect(found.at(-1)?.atMs).toBeCloseTo(20_000, 6);
  });
});
