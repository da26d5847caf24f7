import { loadIn } from "#core/balancing/balanced-choice.ts";
import { isAvailable, type Candidate } from "#core/balancing/candidate.ts";
import { pricesAt, ratesFor } from "#core/pricing/price-schedule.ts";
import { stays } from "#core/routing/affinity.ts";
import type { Rung } from "#features/gateway/rung.ts";
import type { Home } from "./conversations.ts";

/** A choice that the balancer would make. */
export interface Chosen {
  readonly rungs: readonly Rung[];
  /** How each rung is, in the same order. */
  readonly candidates: readonly Candidate[];
  /** The one that it chose. */
  readonly rung: Rung;
}

/** The request that is to be served. */
export interface KeptRequest {
  readonly nowMs: number;
  /** Our estimate of its prompt. */
  readonly promptTokens: number;
  /** What it is for a deployment, see requestWork. */
  readonly work: number;
}

/**
 * The rung that a conversation is kept at, rather than go to the chosen one: the one it was at, if it is well and the
 * provider's cache of its prompt is worth more than what waiting elsewhere would save. Expected waits are those of the last
 * answers: what has decayed since makes nobody faster.
 * @returns undefined where nothing keeps it
 */
export function keptAt(home: Home, chosen: Chosen, request: KeptRequest): Rung | undefined {
  const at = chosen.rungs.findIndex(({ deployment }) => deployment === home.deployment);
  const [rung, candidate] = [chosen.rungs[at], chosen.candidates[at]];
  if (!rung || !candidate || rung === chosen.rung) return undefined;
  // One that comes back takes its part of the traffic, and no more.
  if (!isAvailable(candidate, request.nowMs) || candidate.share < 1) return undefined;
  const other = chosen.candidates[chosen.rungs.indexOf(chosen.rung)];
  const [stayMs, moveMs] = [waitMs(candidate, chosen, request), other && waitMs(other, chosen, request)];
  const gains = stayMs !== undefined && moveMs !== undefined;
  const isKept = stays({
    cachedTokens: Math.min(home.tokens, request.promptTokens),
    idleMs: home.idleMs,
    cache: rung.promptCache,
    route: home.route,
    ...pricesOf(rung, request),
    // Of one that was never asked nobody knows what it would gain.
    stayMs: gains ? stayMs : 0,
    moveMs: gains ? moveMs : 0,
  });
  return isKept ? rung : undefined;
}

/** What the request would wait there for its first content, ms; undefined where none was ever measured. */
function waitMs(candidate: Candidate, { candidates }: Chosen, { work }: KeptRequest): number | undefined {
  const costMs = candidate.measuredCostMs ?? candidate.costMs;
  if (costMs === undefined) return undefined;
  const weightMean = candidates.reduce((sum, { weight }) => sum + weight, 0) / candidates.length;
  return loadIn({ ...candidate, costMs }, { work }, weightMean);
}

/** Pico-dollars a token; where no price is known only time counts. */
function pricesOf({ price }: Rung, { nowMs, promptTokens }: KeptRequest) {
  if (!price) return { inputPrice: 0, cachedInputPrice: 0 };
  const { input, cachedInput = input } = ratesFor(pricesAt(price, nowMs), promptTokens);
  return { inputPrice: input, cachedInputPrice: cachedInput };
}
