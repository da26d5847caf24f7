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
  /** How long the provider keeps a prompt that nobody uses, ms > 0. */
  readonly cacheTtlMs: number;
  /** What a token costs that was not cached, and one that was, pico-dollars. */
  readonly inputPrice: number;
  readonly cachedInputPrice: number;
  /** Expected time to the first content where it is, and at the best other one, ms. */
  readonly stayMs: number;
  readonly moveMs: number;
  /** What a second of waiting is worth, pico-dollars. */
  readonly secondWorth: number;
  /** What moving must gain beyond the loss, as a share of the loss, >= 0. */
  readonly margin: number;
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
  const msWorth = question.secondWorth / 1_000;
  const gain = Math.max(0, question.stayMs - question.moveMs) * msWorth;
  const isThere = Math.max(0, 1 - question.idleMs / question.cacheTtlMs);
  const each = Math.max(0, question.inputPrice - question.cachedInputPrice) + readMsPerToken * msWorth;
  return { gain, loss: isThere * question.cachedTokens * each };
}

/** Whether a conversation stays where it is: while moving gains less than it loses, and a margin. */
export function stays(question: AffinityQuestion): boolean {
  const { gain, loss } = affinityBalance(question);
  return gain <= loss * (1 + question.margin);
}
