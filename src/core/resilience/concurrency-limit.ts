/** Bounds and steps of a limit that adapts. */
export interface ConcurrencySettings {
  readonly initial: number;
  /** >= 1: with less, nothing would ever show that there is room again. */
  readonly min: number;
  readonly max: number;
  /** What is left of the limit after a drop; in (0, 1). */
  readonly backoff: number;
}

/** As in the source but for `min`, which is 20 there: too high for small quotas. */
export const concurrencyDefaults: ConcurrencySettings = { initial: 20, min: 1, max: 200, backoff: 0.9 };

/**
 * How many calls of one deployment may be under way: additive increase, multiplicative decrease.
 *
 * - dropped (429, 503, timeout): limit = floor(limit * backoff)
 * - answered while at least half of the limit was in use: limit + 1
 * - always within [min, max]
 *
 * AIMDLimit of Netflix's concurrency-limits (78a74b9, Apache-2.0), read 2026-11-24; without its rule that an answer slower
 * than 5 s is a drop, since an LLM's time is that of the length of its answer.
 */
export class ConcurrencyLimit {
  readonly #settings: ConcurrencySettings;
  #limit: number;

  constructor(settings: ConcurrencySettings = concurrencyDefaults) {
    this.#settings = settings;
    this.#limit = settings.initial;
  }

  /** Most calls under way now; a whole number. */
  get limit(): number {
    return this.#limit;
  }

  /** Whether one more call may begin beside those under way. */
  admits(inFlight: number): boolean {
    return inFlight < this.#limit;
  }

  /**
   * A call ended.
   *
   * @param outcome `ignored` for what says nothing of the load: a client that went away, a request at fault
   * @param inFlight calls under way, this one included
   */
  ended(outcome: "answered" | "dropped" | "ignored", inFlight: number): void {
    if (outcome === "ignored") return;
    const { min, max, backoff } = this.#settings;
    const wanted =
      outcome === "dropped"
        ? Math.floor(this.#limit * backoff)
        : this.#limit + (inFlight * 2 >= this.#limit ? 1 : 0);
    this.#limit = Math.min(max, Math.max(min, wanted));
  }
}
