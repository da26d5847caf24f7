/**
 * Durations in buckets whose ends grow by a constant ratio, so that quantiles of any number of requests need a few
 * counts. Bucket i holds (gamma^(i-1), gamma^i] ms, bucket 0 everything up to 1 ms; a value is told as
 * 2 gamma^i / (gamma + 1), which is off by at most alpha = (gamma - 1) / (gamma + 1) = 5 %, above 1 ms.
 * Masson, Rim, Lee 2019, "DDSketch", VLDB 12(12), doi:10.14778/3352063.3352135. Migration 0005 counts in the same
 * buckets.
 */
const alpha = 0.05;
const gamma = (1 + alpha) / (1 - alpha);
const lnGamma = Math.log(gamma);

/** The bucket of a duration, ms >= 0. */
export function bucketOf(ms: number): number {
  return Math.ceil(Math.log(Math.max(ms, 1)) / lnGamma);
}

/** What durations of a bucket are told as, ms, to three digits: more would not be true. */
export function bucketMs(bucket: number): number {
  return Number(((2 * gamma ** bucket) / (gamma + 1)).toPrecision(3));
}

/** Counts by bucket. */
export type Histogram = ReadonlyMap<number, number>;

/** Durations in buckets. */
export function histogramOf(durationsMs: readonly number[]): Histogram {
  const counts = new Map<number, number>();
  for (const ms of durationsMs) counts.set(bucketOf(ms), (counts.get(bucketOf(ms)) ?? 0) + 1);
  return counts;
}

/**
 * The bucket of a quantile by nearest rank: the first bucket up to which at least `share` of all are.
 * @param share above 0, at most 1
 * @returns `undefined` when nothing was counted
 */
export function quantileBucket(histogram: Histogram, share: number): number | undefined {
  const sorted = [...histogram].toSorted(([one], [other]) => one - other);
  const total = sorted.reduce((sum, [, count]) => sum + count, 0);
  // Without the small step back 0.95 * 20 could come out above 19.
  const rank = Math.ceil(total * share - 1e-9);
  let upTo = 0;
  return sorted.find(([, count]) => (upTo += count) >= rank)?.[0];
}
