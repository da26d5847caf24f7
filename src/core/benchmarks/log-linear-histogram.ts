/** Buckets of each power of two: a value is told within 1 / 2048 of itself. */
const bucketsPerPower = 1_024;
const powerBits = 10;
/** Values are counted in thousandths, up to this many: 2^32 - 1, which of ms is 71 minutes. */
const thousandthsMax = 2 ** 32 - 1;
const bucketsMax = (32 - powerBits + 1) * bucketsPerPower;

/**
 * Values >= 0 in buckets whose width grows with them, as HDR histograms have it (Tene, hdrhistogram.org): quantiles within
 * 0.05 % at a bounded size, whatever comes. The least, the greatest and the sum are exact. Takes what it is told: it changes.
 */
export class LogLinearHistogram {
  #count = 0;
  #sum = 0;
  #squares = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = 0;
  #counts = new Float64Array(bucketsPerPower);

  /** How many values there were. */
  get count(): number {
    return this.#count;
  }

  get sum(): number {
    return this.#sum;
  }

  /** The least; undefined without values, as the others. */
  get min(): number | undefined {
    return this.#count === 0 ? undefined : this.#min;
  }

  get max(): number | undefined {
    return this.#count === 0 ? undefined : this.#max;
  }

  get mean(): number | undefined {
    return this.#count === 0 ? undefined : this.#sum / this.#count;
  }

  /** The standard deviation of these values, divided by their count. */
  get deviation(): number | undefined {
    if (this.#count === 0) return undefined;
    const mean = this.#sum / this.#count;
    return Math.sqrt(Math.max(0, this.#squares / this.#count - mean * mean));
  }

  /** Counts a value. One below 0 counts as 0, one above the range as the most that there is. */
  record(value: number): void {
    const bucket = bucketOf(value);
    if (bucket >= this.#counts.length) this.#grow(bucket);
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#count += 1;
    this.#sum += value;
    this.#squares += value * value;
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
  }

  /** Counts what another one counted. */
  add(other: LogLinearHistogram): void {
    if (other.#counts.length > this.#counts.length) this.#grow(other.#counts.length - 1);
    for (const [bucket, count] of other.#counts.entries())
      if (count > 0) this.#counts[bucket] = (this.#counts[bucket] ?? 0) + count;
    this.#count += other.#count;
    this.#sum += other.#sum;
    this.#squares += other.#squares;
    this.#min = Math.min(this.#min, other.#min);
    this.#max = Math.max(this.#max, other.#max);
  }

  /**
   * The least value that a share of the values is not above (nearest rank), as the middle of its bucket and never beyond the
   * least or the greatest.
   * @param share in (0, 1]
   */
  quantile(share: number): number | undefined {
    if (this.#count === 0) return undefined;
    const rank = Math.max(1, Math.ceil(this.#count * share * (1 - 2 * Number.EPSILON)));
    let upTo = 0;
    const bucket = this.#counts.findIndex((count) => (upTo += count) >= rank);
    return Math.min(this.#max, Math.max(this.#min, middleOf(bucket)));
  }

  #grow(bucket: number): void {
    const length = Math.min(bucketsMax, (Math.floor(bucket / bucketsPerPower) + 1) * bucketsPerPower);
    const grown = new Float64Array(length);
    grown.set(this.#counts);
    this.#counts = grown;
  }
}

/** Below 1024 thousandths a bucket each; above, 1024 for each power of two, of which the leading ten digits count. */
function bucketOf(value: number): number {
  const thousandths = Math.min(thousandthsMax, Math.max(0, Math.round(value * 1_000)));
  if (thousandths < bucketsPerPower) return thousandths;
  const power = 31 - Math.clz32(thousandths) - powerBits;
  return (power + 1) * bucketsPerPower + (Math.floor(thousandths / 2 ** power) - bucketsPerPower);
}

function middleOf(bucket: number): number {
  if (bucket < bucketsPerPower) return bucket / 1_000;
  const power = Math.floor(bucket / bucketsPerPower) - 1;
  const lowest = (bucketsPerPower + (bucket % bucketsPerPower)) * 2 ** power;
  return (lowest + (2 ** power - 1) / 2) / 1_000;
}
