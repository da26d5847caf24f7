import type { DurationSums } from "./totals.ts";

/**
 * Durations in buckets whose ends grow by a constant ratio, so that quantiles of any number of requests need a few
 * counts. Bucket i holds (5 gamma^(i-1), 5 gamma^i] ms and is told as 5 * 2 gamma^i / (gamma + 1), which is off by at
 * most alpha = (gamma - 1) / (gamma + 1) = 5 %. Bucket 0 holds everything up to 5 ms, the last one everything above
 * 10 minutes. Masson, Rim, Lee 2019, "DDSketch", VLDB 12(12), doi:10.14778/3352063.3352135. Migrations 0003 and 0005
 * count in the same buckets.
 */
const alpha = 0.05;
/** The ratio of the ends of a bucket. */
export const gamma = (1 + alpha) / (1 - alpha);
/** The end of bucket 0, ms. */
export const lowestMs = 5;
/** How many buckets there are. */
export const bucketCount = 118;

/** The bucket of a duration, ms >= 0. */
export function bucketOf(ms: number): number {
  return Math.min(Math.ceil(Math.log(Math.max(ms, lowestMs) / lowestMs) / Math.log(gamma)), bucketCount - 1);
}

/** What durations of a bucket are told as, ms, to three digits: more would not be true. */
export function bucketMs(bucket: number): number {
  return Number(((lowestMs * 2 * gamma ** bucket) / (gamma + 1)).toPrecision(3));
}

/** How many are in each bucket, from the lowest on; null and absent are none. */
export type Histogram = readonly (number | null)[];

/** Durations in buckets. */
export function histogramOf(durationsMs: readonly number[]): Histogram {
  const counts = Array.from({ length: bucketCount }, () => 0);
  for (const bucket of durationsMs.map(bucketOf)) counts[bucket] = (counts[bucket] ?? 0) + 1;
  return counts;
}

/** What durations were together, with their quantiles. */
export function durations(count: number, msSum: number, histogram: Histogram): DurationSums {
  const [p50, p95, p99] = quantileBuckets(histogram, [50, 95, 99]);
  return p50 === undefined || p95 === undefined || p99 === undefined
    ? { count, msSum }
    : { count, msSum, p50, p95, p99 };
}

/**
 * The buckets of quantiles by nearest rank: for each the first bucket up to which at least so many of all are.
 * @param percents above 0, at most 100
 * @returns `undefined` for each when nothing was counted
 */
export function quantileBuckets(
  histogram: Histogram,
  percents: readonly number[],
): readonly (number | undefined)[] {
  const total = histogram.reduce<number>((sum, count) => sum + (count ?? 0), 0);
  if (total === 0) return percents.map(() => undefined);
  return percents.map((percent) => {
    let upTo = 0;
    return histogram.findIndex((count) => (upTo += count ?? 0) * 100 >= total * percent);
  });
}
