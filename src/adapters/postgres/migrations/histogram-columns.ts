/**
 * Histograms of durations as columns, one a bucket, null where nothing is in it: Postgres adds up columns forty times as
 * fast as pairs in arrays (measured 2026-11-25), and null takes no room. Bucket ends grow by 1.05 / 0.95 from 5 ms on
 * (features/traffic/histogram.ts); the last one holds everything above 10 minutes. Part of migrations: never changed.
 */
const bucketCount = 118;
const lowestMs = 5;

/** Both histograms of `request_totals`: until the end of completed requests, and until the first content. */
export const histograms = ["total", "content"] as const;

type HistogramName = (typeof histograms)[number];

/** Its columns, from the lowest bucket to the highest. */
export function bucketColumns(histogram: HistogramName): readonly string[] {
  return Array.from({ length: bucketCount }, (_, bucket) => `${histogram}_${bucket}`);
}

/** The columns of both. */
export const allBucketColumns: readonly string[] = histograms.flatMap(bucketColumns);

/** SQL of the number of the bucket that a duration is in. */
export function bucketOf(ms: string): string {
  return `least(ceil(ln(greatest(${ms}, ${lowestMs}) / ${lowestMs}) / ln(1.05 / 0.95::float8)), ${bucketCount - 1})::int`;
}
