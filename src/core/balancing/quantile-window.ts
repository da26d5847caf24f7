/** Ratio of a bucket's upper to its lower bound. The middle of a bucket is at most sqrt(1.1), 4.9 %, away from what is in it. */
const growth = 1.1;
/** Upper bound of the lowest bucket, ms: what is faster counts as this. */
const lowestMs = 1;
/** Lower bound of the highest bucket, ms: what is slower counts as this. */
const highestMs = 600_000;
const logGrowth = Math.log(growth);
const buckets = Math.ceil(Math.log(highestMs / lowestMs) / logGrowth) + 1;

/** Pieces that a window is cut into; the oldest is forgotten as a whole. */
const slices = 5;

/** How long a sample counts, ms, unless said otherwise. */
export const windowMsDefault = 300_000;

/**
 * Quantiles of what was measured lately, such as the p95 of a deployment's time to first content.
 *
 * Counts in buckets that grow by 10 %, in five slices of the window; a sample counts for between 4/5 of the window and the
 * whole. A quantile is at most 4.9 % away from the sample of that rank, within 1 ms to 10 minutes;
 * what lies beyond counts as the bound.
 * Costs 3.4 KB, one addition a sample, one pass over 141 counts a question; nothing is allocated after construction.
 */
export class QuantileWindow {
  readonly #sliceMs: number;
  /** Slice after slice, the counts of each bucket. */
  readonly #counts = new Uint32Array(slices * buckets);
  /** Over all slices. */
  readonly #sums = new Uint32Array(buckets);
  #total = 0;
  /** Number of the newest slice since 1970. */
  #slice = Number.NEGATIVE_INFINITY;

  constructor(windowMs = windowMsDefault) {
    this.#sliceMs = windowMs / slices;
  }

  /** Records a duration, ms >= 0. */
  observe(ms: number, nowMs: number): void {
    this.#forget(nowMs);
    const bucket = bucketOf(ms);
    const place = (this.#slice % slices) * buckets + bucket;
    this.#counts[place] = (this.#counts[place] ?? 0) + 1;
    this.#sums[bucket] = (this.#sums[bucket] ?? 0) + 1;
    this.#total += 1;
  }

  /** How many samples count now. */
  count(nowMs: number): number {
    this.#forget(nowMs);
    return this.#total;
  }

  /**
   * The duration that this share of the samples does not exceed, ms: the sample of rank ceil(share x count).
   * @param share in (0, 1]: 0.95 for the p95
   * @returns undefined while there are no samples
   */
  quantile(share: number, nowMs: number): number | undefined {
    this.#forget(nowMs);
    if (this.#total === 0) return undefined;
    let left = Math.max(1, Math.ceil(share * this.#total));
    let bucket = 0;
    while (bucket < buckets - 1 && (left -= this.#sums[bucket] ?? 0) > 0) bucket += 1;
    return middleMs(bucket);
  }

  /** Takes away what has become too old. A clock that steps back forgets nothing. */
  #forget(nowMs: number): void {
    const slice = Math.floor(nowMs / this.#sliceMs);
    if (slice <= this.#slice) return;
    const passed = Math.min(slices, slice - this.#slice);
    for (let age = 0; age < passed; age++) this.#empty((slice - age) % slices);
    this.#slice = slice;
  }

  #empty(slot: number): void {
    const start = slot * buckets;
    for (let bucket = 0; bucket < buckets; bucket++) {
      const count = this.#counts[start + bucket] ?? 0;
      if (count === 0) continue;
      this.#sums[bucket] = (this.#sums[bucket] ?? 0) - count;
      this.#total -= count;
      this.#counts[start + bucket] = 0;
    }
  }
}

/** Bucket b > 0 holds (lowest x growth^(b-1), lowest x growth^b]; bucket 0 all below. */
function bucketOf(ms: number): number {
  if (!(ms > lowestMs)) return 0;
  return Math.min(buckets - 1, Math.ceil(Math.log(ms / lowestMs) / logGrowth));
}

/** The geometric middle of a bucket; the bounds of the whole range at its ends. */
function middleMs(bucket: number): number {
  if (bucket === 0) return lowestMs;
  return Math.min(highestMs, lowestMs * growth ** (bucket - 0.5));
}
