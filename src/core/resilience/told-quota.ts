import type { QuotaNews } from "#core/llm/rate-limit-news.ts";

/** News are believed no longer than this, ms. */
const newsMsMax = 10 * 60_000;

/**
 * What is left of a quota by the provider's own word, moved on from when it was said: it fills up evenly until its
 * reset, less what was sent since. Forgotten at the reset.
 */
export class ToldQuota {
  #left = 0;
  #limit = 0;
  #saidMs = 0;
  #resetMs = 0;
  #usedSince = 0;

  heard(news: QuotaNews, nowMs: number): void {
    const left = Math.max(0, news.left);
    this.#left = left;
    this.#limit = Math.max(left, news.limit ?? this.#limit);
    this.#saidMs = nowMs;
    this.#resetMs = Math.min(newsMsMax, Math.max(0, news.resetMs));
    this.#usedSince = 0;
  }

  /** Something more is sent. */
  used(amount: number): void {
    this.#usedSince = Math.max(0, this.#usedSince + amount);
  }

  /** What is left, >= 0; Infinity where nothing is known. */
  left(nowMs: number): number {
    const passedMs = nowMs - this.#saidMs;
    if (passedMs >= this.#resetMs) return Number.POSITIVE_INFINITY;
    const filled = (this.#limit - this.#left) * (Math.max(0, passedMs) / this.#resetMs);
    return Math.max(0, this.#left + filled - this.#usedSince);
  }

  /** What is left as a share of the whole, 0 to 1; 1 where nothing is known. */
  share(nowMs: number): number {
    const left = this.left(nowMs);
    if (left === Number.POSITIVE_INFINITY) return 1;
    return this.#limit === 0 ? 0 : Math.min(1, left / this.#limit);
  }

  /** How long until so much is left, ms >= 0; at the reset at the latest, since nothing is known beyond. */
  msUntil(wanted: number, nowMs: number): number {
    if (this.left(nowMs) >= wanted) return 0;
    const untilResetMs = this.#saidMs + this.#resetMs - nowMs;
    const missing = this.#left - this.#usedSince;
    const range = this.#limit - this.#left;
    if (range <= 0 || wanted > this.#limit - this.#usedSince) return untilResetMs;
    return Math.min(untilResetMs, this.#saidMs + ((wanted - missing) / range) * this.#resetMs - nowMs);
  }
}
