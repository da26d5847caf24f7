/** What a route says about keeping conversations where they are. */
export interface RouteAffinity {
  /** What a second of waiting is worth, pico-dollars >= 0. */
  readonly secondWorth: number;
  /** What moving must gain beyond the loss, as a share of the loss, >= 0. */
  readonly margin: number;
}

/** How a provider keeps prompts. */
export interface PromptCache {
  /** How long it keeps one that nobody uses, ms > 0. */
  readonly ttlMs: number;
  /** Prompts of fewer tokens are not kept, >= 0. */
  readonly tokensMin: number;
}

/** What holds where a provider writes nothing. Our own estimate of 2026-11-25: most promise nothing. */
export const promptCacheDefaults: PromptCache = { ttlMs: 300_000, tokensMin: 1_024 };

/** What holds where a route says no more than that it wants it: a second is worth a tenth of a cent. */
export const affinityDefaults: RouteAffinity = { secondWorth: 1_000_000_000, margin: 0.2 };

/**
 * What keeps a conversation on its deployment: the provider's cache of its prompt. Moving loses it: the tokens that would
 * have been read from it are paid in full, and read anew, which takes time. Staying costs what a less busy deployment
 * would gain. All in one currency, pico-dollars: time is worth what the route says.
 */
export interface AffinityQuestion {
  /** Tokens that the provider probably has of this conversation: those of the last prompt and answer. */
  readonly cachedTokens: number;
  /** Since the conversation's last request there, ms >= 0. */
  readonly idleMs: number;
  readonly cache: PromptCache;
  /** What a token costs that was not cached, and one that was, pico-dollars. */
  readonly inputPrice: number;
  readonly cachedInputPrice: number;
  /** Expected time to the first content where it is, and at the best other one, ms. */
  readonly stayMs: number;
  readonly moveMs: number;
  readonly route: RouteAffinity;
}

/** What reading a token that was not cached takes, ms: 20,000 tokens a second. Our own estimate of 2026-11-25. */
const readMsPerToken = 0.05;

/** Both sides of the rule, pico-dollars. */
export interface AffinityBalance {
  /** What moving gains: the wait that it saves. */
  readonly gain: number;
  /** What moving is expected to lose: the price and the time of reading the cached tokens anew, if they are still there. */
  readonly loss: number;
}

/**
 * Gain and expected loss of moving.
 *
 *   gain = max(0, stay - move) x worth of a millisecond
 *   loss = P(still cached) x cached tokens x (price - cached price + reading time x worth of a millisecond)
 *
 * P falls from 1 (just used) to 0 (time-to-live over) in a straight line, since providers promise no more than that.
 */
export function affinityBalance(question: AffinityQuestion): AffinityBalance {
  const { cachedTokens, cache, inputPrice, cachedInputPrice } = question;
  const msWorth = question.route.secondWorth / 1_000;
  const gain = Math.max(0, question.stayMs - question.moveMs) * msWorth;
  const isThere = cachedTokens < cache.tokensMin ? 0 : Math.max(0, 1 - question.idleMs / cache.ttlMs);
  const each = Math.max(0, inputPrice - cachedInputPrice) + readMsPerToken * msWorth;
  return { gain, loss: isThere * cachedTokens * each };
}

/** Whether a conversation is kept where it is: while moving gains less than it loses, and a margin. Where nothing would be lost, nothing keeps it. */
export function stays(question: AffinityQuestion): boolean {
  const { gain, loss } = affinityBalance(question);
  return gain < loss * (1 + question.route.margin);
}
