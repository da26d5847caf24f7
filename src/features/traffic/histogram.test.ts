import * as fc from "fast-check";
import { expect, test } from "vitest";
import { bucketMs, bucketOf, histogramOf, quantileBucket } from "./histogram.ts";

test("a duration above 1 ms is told with an error of at most 5 %, and what three digits leave out", () => {
  fc.assert(
    fc.property(fc.double({ min: 1, max: 86_400_000, noNaN: true }), (ms) => {
      expect(Math.abs(bucketMs(bucketOf(ms)) - ms) / ms).toBeLessThanOrEqual(0.0551);
    }),
  );
});

test("what is shorter than 1 ms is in the first bucket", () => {
  expect([0, 0.2, 1].map(bucketOf)).toEqual([0, 0, 0]);
  expect(bucketOf(1.01)).toBe(1);
});

test("a quantile is the value of its nearest rank", () => {
  const durations = Array.from({ length: 20 }, (_, index) => (index + 1) * 100);
  const quantile = (share: number) => quantileBucket(histogramOf(durations), share);
  expect(quantile(0.5)).toBe(bucketOf(1_000));
  expect(quantile(0.95)).toBe(bucketOf(1_900));
  expect(quantile(0.99)).toBe(bucketOf(2_000));
  expect(quantileBucket(new Map(), 0.5)).toBeUndefined();
});

test("quantiles rise with their share", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(100_000), { minLength: 1 }), (durations) => {
      const [p50 = 0, p95 = 0, p99 = 0] = [0.5, 0.95, 0.99].map((share) =>
        quantileBucket(histogramOf(durations), share),
      );
      expect(p50 <= p95 && p95 <= p99).toBe(true);
    }),
  );
});
