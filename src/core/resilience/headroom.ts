import type { QuotaNews, RateLimitNews } from "#core/llm/rate-limit-news.ts";
import { MinuteMeter } from "./minute-meter.ts";
import { ToldQuota } from "./told-quota.ts";

/** What is known beforehand; what is absent is not limited. */
export interface HeadroomLimits {
  readonly requestsPerMinute?: number;
  readonly tokensPerMinute?: number;
}

/**
 * How much of a deployment's requests and tokens a minute is left: by what this process sent in the last minute, and by
 * what the provider says. Known before the 429, so that load goes elsewhere in time. An estimate is reserved when a
 * request begins and settled by its real usage at the end. Bounded and without allocation; time is monotonic ms.
 */
export class Headroom {
  readonly #requests: Quota;
  readonly #tokens: Quota;

  constructor({ requestsPerMinute, tokensPerMinute }: HeadroomLimits = {}) {
    this.#requests = new Quota(requestsPerMinute);
    this.#tokens = new Quota(tokensPerMinute);
  }

  /** The scarcest of what is left, as a share of the limit: 0 (none) to 1 (all of it, or no limit is known). */
  left(nowMs: number): number {
    return Math.min(this.#requests.share(nowMs), this.#tokens.share(nowMs));
  }

  /** What is left of this minute's requests and tokens; what is not limited is left out. */
  remaining(nowMs: number): { readonly requests?: number; readonly tokens?: number } {
    const [requests, tokens] = [this.#requests.left(nowMs), this.#tokens.left(nowMs)];
    return { ...(Number.isFinite(requests) && { requests }), ...(Number.isFinite(tokens) && { tokens }) };
  }

  /**
   * Whether one more request of so many tokens would be beyond a limit. A request larger than a whole minute's tokens is
   * held against an unused minute: it could never be sent otherwise.
   */
  wouldExceed(tokens: number, nowMs: number): boolean {
    return this.#requests.exceeds(1, nowMs) || this.#tokens.exceeds(tokens, nowMs);
  }

  /** How long until a request of so many tokens fits, ms >= 0, if nothing else is sent. */
  msUntilFits(tokens: number, nowMs: number): number {
    return Math.max(this.#requests.msUntilFits(1, nowMs), this.#tokens.msUntilFits(tokens, nowMs));
  }

  /** A request begins: it and the tokens that it may take are reserved. */
  began(tokens: number, nowMs: number): void {
    this.#requests.use(1, nowMs);
    this.#tokens.use(tokens, nowMs);
  }

  /**
   * A request ends: what it really used stands in place of what was reserved. More than that counts now, when it became
   * known; less is given back to when it was reserved.
   * @param began.atMs when it began
   */
  settled(began: { readonly tokens: number; readonly atMs: number }, tokens: number, nowMs: number): void {
    const more = tokens - began.tokens;
    if (more > 0) this.#tokens.use(more, nowMs);
    else if (more < 0) this.#tokens.giveBack(-more, began.atMs, nowMs);
  }

  /** A request that never reached the provider: nothing of it counts. */
  cancelled(began: { readonly tokens: number; readonly atMs: number }, nowMs: number): void {
    this.#requests.giveBack(1, began.atMs, nowMs);
    this.#tokens.giveBack(began.tokens, began.atMs, nowMs);
  }

  /** The provider said what is left. Requests of other processes with the same key are in it. */
  heard({ requests, tokens }: RateLimitNews, nowMs: number): void {
    if (requests) this.#requests.heard(requests, nowMs);
    if (tokens) this.#tokens.heard(tokens, nowMs);
  }
}

/** One limit: what we count, and what we are told. */
class Quota {
  readonly #limit: number;
  readonly #meter = new MinuteMeter();
  readonly #told = new ToldQuota();

  constructor(limit = Number.POSITIVE_INFINITY) {
    this.#limit = limit;
  }

  /** What is used of no limit nobody asks. */
  get #isLimited(): boolean {
    return this.#limit !== Number.POSITIVE_INFINITY;
  }

  share(nowMs: number): number {
    const told = this.#told.share(nowMs);
    if (!this.#isLimited) return told;
    return Math.min(told, Math.max(0, 1 - this.#meter.used(nowMs) / this.#limit));
  }

  /** What is left, >= 0; Infinity where no limit is known. */
  left(nowMs: number): number {
    return Math.min(this.#told.left(nowMs), Math.max(0, this.#limit - this.#meter.used(nowMs)));
  }

  exceeds(amount: number, nowMs: number): boolean {
    const wanted = Math.min(amount, this.#limit);
    return this.#meter.used(nowMs) + wanted > this.#limit || this.#told.left(nowMs) < wanted;
  }

  msUntilFits(amount: number, nowMs: number): number {
    const wanted = Math.min(amount, this.#limit);
    const told = this.#told.msUntil(wanted, nowMs);
    if (!this.#isLimited) return told;
    return Math.max(told, this.#meter.msUntil(this.#limit - wanted, nowMs));
  }

  use(amount: number, nowMs: number): void {
    if (this.#isLimited) this.#meter.add(amount, nowMs);
    this.#told.used(amount);
  }

  giveBack(amount: number, atMs: number, nowMs: number): void {
    if (this.#isLimited) this.#meter.takeBack(amount, atMs, nowMs);
    this.#told.used(-amount);
  }

  heard(news: QuotaNews, nowMs: number): void {
    this.#told.heard(news, nowMs);
  }
}
