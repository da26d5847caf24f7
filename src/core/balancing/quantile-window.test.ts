import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { QuantileWindow } from "./quantile-window.ts";

const startMs = Date.UTC(2026, 10, 25);
/** Half of a bucket: sqrt(1.1) - 1, and what doubles leave. */
const errorMax = 0.0489;

test("a quantile is within half a bucket of the sample of its rank", () => {
  const samples = fc.array(fc.double({ min: 1, max: 600_000, noNaN: true }), {
    minLength: 1,
    maxLength: 200,
  });
  const shares = fc.double({ min: 0.01, max: 1, noNaN: true });
  fc.assert(
    fc.property(samples, shares, (durations, share) => {
      const window = new QuantileWindow();
      for (const ms of durations) window.observe(ms, startMs);
      const exact = durations.toSorted((a, b) => a - b)[Math.ceil(share * durations.length) - 1] ?? 0;
      const estimate = window.quantile(share, startMs) ?? Number.NaN;
      expect(Math.abs(estimate / exact - 1)).toBeLessThanOrEqual(errorMax);
    }),
  );
});

test("quantiles do not fall as their share rises", () => {
  const window = new QuantileWindow();
  for (let index = 1; index <= 500; index++) window.observe(index * 7, startMs);
  const quantiles = [0.1, 0.5, 0.9, 0.95, 0.99, 1].map((share) => window.quantile(share, startMs) ?? 0);
  expect(quantiles).toEqual(quantiles.toSorted((a, b) => a - b));
});

test("nothing is known before the first sample", () => {
  expect(new QuantileWindow().quantile(0.95, startMs)).toBeUndefined();
  expect(new QuantileWindow().count(startMs)).toBe(0);
});

describe("what lies beyond the range counts as that bound", () => {
  test.each([
    [0, 1],
    [-5, 1],
    [Number.NaN, 1],
    [5_000_000, 600_000],
    [Number.POSITIVE_INFINITY, 600_000],
  ])("%d ms as %d ms", (ms, bound) => {
    const window = new QuantileWindow();
    window.observe(ms, startMs);
    expect(Math.abs((window.quantile(0.5, startMs) ?? 0) / bound - 1)).toBeLessThanOrEqual(errorMax);
    expect(window.count(startMs)).toBe(1);
  });
});

describe("the window", () => {
  test("counts a sample for at least 4/5 of it, and not beyond it", () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.nat(200_000), (atMs, laterMs) => {
        const window = new QuantileWindow(100_000);
        window.observe(50, startMs + atMs);
        const count = window.count(startMs + atMs + laterMs);
        if (laterMs <= 80_000) expect(count).toBe(1);
        if (laterMs >= 100_000) expect(count).toBe(0);
      }),
    );
  });

  test("holds the same as one that saw only what is young enough", () => {
    const samples = fc.array(
      fc.record({ ms: fc.integer({ min: 1, max: 60_000 }), afterMs: fc.nat(30_000) }),
      {
        maxLength: 100,
      },
    );
    fc.assert(
      fc.property(samples, (events) => {
        const window = new QuantileWindow(100_000);
        let nowMs = startMs;
        const seen = events.map(({ ms, afterMs }) => {
          nowMs += afterMs;
          window.observe(ms, nowMs);
          return { ms, atMs: nowMs };
        });
        const slice = (atMs: number): number => Math.floor(atMs / 20_000);
        const young = new QuantileWindow(100_000);
        for (const { ms, atMs } of seen) if (slice(atMs) > slice(nowMs) - 5) young.observe(ms, nowMs);
        expect(window.count(nowMs)).toBe(young.count(nowMs));
        for (const share of [0.5, 0.95])
          expect(window.quantile(share, nowMs)).toBe(young.quantile(share, nowMs));
      }),
    );
  });

  test("forgets nothing when the clock steps back", () => {
    const window = new QuantileWindow(100_000);
    window.observe(50, startMs);
    window.observe(50, startMs - 500_000);
    expect(window.count(startMs - 500_000)).toBe(2);
  });
});
