/** Parts that the window moves by. */
const buckets = 12;

/** How an upstream that refuses is spared. */
export interface ThrottleSettings {
  /** Requests are sent up to this many times what is accepted; >= 1. */
  readonly factor: number;
  readonly windowMs: number;
  /** Fewest requests in the window for the formula to mean anything: else one refusal of one request keeps half back. */
  readonly requestsMin: number;
  /** Largest share that is kept back, below 1: the rest shows when the upstream accepts again. */
  readonly shareMax: number;
}

/** The book's factor and window; the bound is ours (the book has none: at 1 nothing would be sent any more). */
export const throttleDefaults: ThrottleSettings = {
  factor: 2,
  windowMs: 120_000,
  requestsMin: 0,
  shareMax: 0.9,
};

/**
 * Client-side throttling: refuses by itself, with some probability, what the upstream would refuse anyway.
 *
 *     p = min(shareMax, max(0, (requests - factor * accepts) / (requests + 1)))    over the last 120 s
 *
 * Site Reliability Engineering (2016), chapter 21, "Handling Overload", https://sre.google/sre-book/handling-overload/,
 * read 2026-11-24. 24 numbers, made once.
 */
export class AdaptiveThrottle {
  readonly #settings: ThrottleSettings;
  readonly #requests = new Uint32Array(buckets);
  readonly #accepts = new Uint32Array(buckets);
  #requestSum = 0;
  #acceptSum = 0;
  #newest = 0;

  constructor(settings: ThrottleSettings = throttleDefaults) {
    this.#settings = settings;
  }

  /** A request wanted to be sent, also one that is then kept back. */
  requested(nowMs: number): void {
    this.#moveTo(nowMs);
    const at = this.#newest % buckets;
    this.#requests[at] = (this.#requests[at] ?? 0) + 1;
    this.#requestSum += 1;
  }

  /** The upstream took a request on: it did not say 429 or 503. */
  accepted(nowMs: number): void {
    this.#moveTo(nowMs);
    const at = this.#newest % buckets;
    this.#accepts[at] = (this.#accepts[at] ?? 0) + 1;
    this.#acceptSum += 1;
  }

  /** The probability with which the next request should be kept back, in [0, shareMax]. */
  rejectProbability(nowMs: number): number {
    this.#moveTo(nowMs);
    const { factor, requestsMin, shareMax } = this.#settings;
    if (this.#requestSum < requestsMin) return 0;
    const excess = (this.#requestSum - factor * this.#acceptSum) / (this.#requestSum + 1);
    return Math.min(shareMax, Math.max(0, excess));
  }

  /** Forgets what is too old. A time before one that was seen counts as that one. */
  #moveTo(nowMs: number): void {
    const now = Math.floor((nowMs * buckets) / this.#settings.windowMs);
    if (now <= this.#newest) return;
    for (let bucket = Math.max(this.#newest + 1, now - buckets + 1); bucket <= now; bucket += 1) {
      const at = bucket % buckets;
      this.#requestSum -= this.#requests[at] ?? 0;
      this.#acceptSum -= this.#accepts[at] ?? 0;
      this.#requests[at] = 0;
      this.#accepts[at] = 0;
    }
    this.#newest = now;
  }
}
