/** Parts that the window moves by. */
const buckets = 10;
/** What a request pays in. An integer that every share in use divides well, so that sums stay exact. */
const deposit = 1000;

/**
 * A leaky token bucket: every request pays in 1000 tokens, every extra request takes out 1000 / share, both are
 * forgotten after `ttlMs`, and a reserve of `reservePerSecond * ttlMs / 1000` extra requests is always there. So within
 * any `ttlMs`: extra requests <= share * requests + reserve.
 *
 * Finagle's RetryBudget (finagle 4feb34c, service/RetryBudget.scala; there 20 % and 10 a second over 10 s: 1000 in, 5000
 * out, a reserve of 500,000, which is 100 retries), read 2026-11-24. Ten numbers, made once.
 */
export class TokenWindow {
  readonly #withdrawal: number;
  readonly #reserve: number;
  readonly #bucketMs: number;
  readonly #tokens = new Float64Array(buckets);
  #sum = 0;
  #newest = 0;

  constructor({ share, reservePerSecond, ttlMs }: TokenWindowSettings) {
    this.#withdrawal = Math.round(deposit / share);
    this.#reserve = reservePerSecond * (ttlMs / 1000) * this.#withdrawal;
    this.#bucketMs = ttlMs / buckets;
  }

  /** A request pays in. */
  deposit(nowMs: number): void {
    this.#moveTo(nowMs);
    this.#add(deposit);
  }

  /** Takes out what an extra request costs, if there is so much. */
  tryWithdraw(nowMs: number): boolean {
    this.#moveTo(nowMs);
    if (this.#sum + this.#reserve < this.#withdrawal) return false;
    this.#add(-this.#withdrawal);
    return true;
  }

  /** How many extra requests could be made now. */
  balance(nowMs: number): number {
    this.#moveTo(nowMs);
    return Math.max(0, Math.floor((this.#sum + this.#reserve) / this.#withdrawal));
  }

  #add(tokens: number): void {
    const at = this.#newest % buckets;
    this.#tokens[at] = (this.#tokens[at] ?? 0) + tokens;
    this.#sum += tokens;
  }

  /** Forgets what is too old. A time before one that was seen counts as that one. */
  #moveTo(nowMs: number): void {
    const now = Math.floor(nowMs / this.#bucketMs);
    if (now <= this.#newest) return;
    const from = Math.max(this.#newest + 1, now - buckets + 1);
    for (let bucket = from; bucket <= now; bucket += 1) {
      this.#sum -= this.#tokens[bucket % buckets] ?? 0;
      this.#tokens[bucket % buckets] = 0;
    }
    this.#newest = now;
  }
}

/** How much may be asked for beyond the requests themselves. */
export interface TokenWindowSettings {
  /** Extra requests for each request; in (0, 1]. */
  readonly share: number;
  /** Extra requests a second that are there without any request; >= 0. */
  readonly reservePerSecond: number;
  /** After how long a request does not count any more, ms; > 0. */
  readonly ttlMs: number;
}
