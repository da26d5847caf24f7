import * as fc from "fast-check";
import { expect, test } from "vitest";
import { bucketMs, bucketOf, durations, histogramOf, quantileBuckets } from "./histogram.ts";

test("a duration from 5 ms to 10 minutes is told with an error of at most 5 %, and what three digits leave out", () => {
  fc.assert(
    fc.property(fc.double({ min: 5.001, max: 600_000, noNaN: true }), (ms) => {
      expect(Math.abs(bucketMs(bucketOf(ms)) - ms) / ms).toBeLessThanOrEqual(0.0551);
    }),
  );
});

test("what is shorter is in the first bucket, what is longer in the last", () => {
  expect([0, 0.2, 5].map(bucketOf)).toEqual([0, 0, 0]);
  expect(bucketOf(5.01)).toBe(1);
  expect([600_000, 86_400_000, Number.MAX_VALUE].map(bucketOf)).toEqual([117, 117, 117]);
});

test("a quantile is the value of its nearest rank", () => {
  const ms = Array.from({ length: 20 }, (_, index) => (index + 1) * 100);
  expect(quantileBuckets(histogramOf(ms), [50, 95, 99])).toEqual([1_000, 1_900, 2_000].map(bucketOf));
  expect(quantileBuckets([null, 0], [50])).toEqual([undefined]);
  expect(durations(0, 0, [])).toEqual({ count: 0, msSum: 0 });
});

test("quantiles rise with their share, and all but one in a hundred are at most the last", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(100_000), { minLength: 1 }), (ms) => {
      const [p50 = 0, p95 = 0, p99 = 0] = quantileBuckets(histogramOf(ms), [50, 95, 99]);
      expect(p50 <= p95 && p95 <= p99).toBe(true);
      expect(ms.filter((one) => bucketOf(one) <= p99).length * 100).toBeGreaterThanOrEqual(ms.length * 99);
    }),
  );
});
