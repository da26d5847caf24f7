/** How a deployment comes back. */
export interface ReEntrySettings {
  /** Shares of its usual traffic, one step after the other, in (0, 1); behind the last it has all. */
  readonly shares: readonly number[];
  /** Shortest time on a step, ms. */
  readonly stepMsMin: number;
  /** Successes in a row that end a step, once it has lasted `stepMsMin`. */
  readonly successes: number;
  /** A step ends after this in any case: a deployment that gets no traffic must not wait for it. ms. */
  readonly stepMsMax: number;
}

/** 10 -> 25 -> 50 -> 100 %: 15 s where there is traffic, 45 s where there is none. */
export const reEntryDefaults: ReEntrySettings = {
  shares: [0.1, 0.25, 0.5],
  stepMsMin: 5000,
  successes: 3,
  stepMsMax: 15_000,
};

/**
 * The share of its usual traffic that a deployment takes after it has recovered, or while it is new: all at once would
 * find cold caches, and one that has only just come back would fall over again. A failure in between is no step back
 * (should it fail often, its breaker opens), but the successes are counted anew.
 *
 * Until `begin` is told, its share is 1. Makes nothing for a call. Times are from any one clock that does not go back.
 */
export class ReEntry {
  readonly #settings: ReEntrySettings;
  #step: number;
  #sinceMs = 0;
  #successes = 0;

  constructor(settings: ReEntrySettings = reEntryDefaults) {
    this.#settings = settings;
    this.#step = settings.shares.length;
  }

  /** Begins anew with the smallest share. */
  begin(nowMs: number): void {
    this.#enter(0, nowMs);
  }

  /** The share of its usual traffic, in (0, 1]. */
  share(nowMs: number): number {
    this.#passTime(nowMs);
    return this.#settings.shares[this.#step] ?? 1;
  }

  /** A call of it succeeded. */
  succeeded(nowMs: number): void {
    if (this.#step >= this.#settings.shares.length) return;
    this.#successes += 1;
    this.#passTime(nowMs);
  }

  /** A call of it failed. */
  failed(): void {
    this.#successes = 0;
  }

  #passTime(nowMs: number): void {
    const { shares, stepMsMin, stepMsMax, successes } = this.#settings;
    while (this.#step < shares.length && nowMs - this.#sinceMs >= stepMsMax)
      this.#enter(this.#step + 1, this.#sinceMs + stepMsMax);
    if (this.#successes >= successes && nowMs - this.#sinceMs >= stepMsMin)
      this.#enter(this.#step + 1, nowMs);
  }

  #enter(step: number, nowMs: number): void {
    this.#step = step;
    this.#sinceMs = nowMs;
    this.#successes = 0;
  }
}
