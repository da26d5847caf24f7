/** Parts that the window moves by: what it counts is at most a tenth older than its length. */
const buckets = 10;

/**
 * Exact counts of how calls ended over a moving window of time, in ten parts. Exact rather than an average that fades,
 * since one weighted by the time between calls hides a tight burst of failures (linkerd2-proxy 29637b6,
 * linkerd/app/outbound/src/http/breaker/success_rate.rs, read 2026-11-24).
 *
 * 30 numbers, made once.
 */
export class OutcomeWindow {
  readonly #bucketMs: number;
  readonly #successes = new Uint32Array(buckets);
  readonly #slow = new Uint32Array(buckets);
  readonly #failures = new Uint32Array(buckets);
  /** The youngest bucket's number since the beginning of time. */
  #newest = 0;
  /** Sums over the window. */
  successes = 0;
  slow = 0;
  failures = 0;

  /** @param windowMs length of the window; > 0 */
  constructor(windowMs: number) {
    this.#bucketMs = windowMs / buckets;
  }

  /** Counts one call that ended. */
  count(outcome: "success" | "slow" | "failure", nowMs: number): void {
    this.moveTo(nowMs);
    const at = this.#newest % buckets;
    if (outcome === "success") {
      this.successes += 1;
      this.#successes[at] = (this.#successes[at] ?? 0) + 1;
    } else if (outcome === "slow") {
      this.slow += 1;
      this.#slow[at] = (this.#slow[at] ?? 0) + 1;
    } else {
      this.failures += 1;
      this.#failures[at] = (this.#failures[at] ?? 0) + 1;
    }
  }

  /** Drops what is too old. A time before one that was seen counts as that one. */
  moveTo(nowMs: number): void {
    const now = Math.floor(nowMs / this.#bucketMs);
    if (now <= this.#newest) return;
    if (now - this.#newest >= buckets) this.clear();
    else for (let bucket = this.#newest + 1; bucket <= now; bucket += 1) this.#drop(bucket % buckets);
    this.#newest = now;
  }

  /** Forgets everything. */
  clear(): void {
    this.#successes.fill(0);
    this.#slow.fill(0);
    this.#failures.fill(0);
    this.successes = 0;
    this.slow = 0;
    this.failures = 0;
  }

  #drop(at: number): void {
    this.successes -= this.#successes[at] ?? 0;
    this.slow -= this.#slow[at] ?? 0;
    this.failures -= this.#failures[at] ?? 0;
    this.#successes[at] = 0;
    this.#slow[at] = 0;
    this.#failures[at] = 0;
  }
}
