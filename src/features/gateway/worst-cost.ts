import { costOf, type CallTerms } from "#core/pricing/cost-of.ts";
import { serviceTiers, type Usage } from "#core/llm/usage.ts";
import type { RouteResilience } from "#core/routing/route-resilience.ts";
import type { BilledRequest } from "#features/gateway/attempt-record.ts";
import type { Rung } from "#features/gateway/rung.ts";

/** What bounds the cost of an attempt. */
export interface CostBounds {
  readonly billed: BilledRequest;
  /** Our estimate of the prompt. */
  readonly promptTokens: number;
  /** Whether the model may read more than what we count: what the prompt only names (files, caches), what tools find. */
  readonly readsMore?: boolean;
  /** The client's bound of the answer, tokens. */
  readonly outputTokensMax?: number;
  /** How many answers it asks for: 0 where it asks for vectors; absent is one. */
  readonly answers?: number;
  /** What the route bounds answers of its fallbacks to, tokens. */
  readonly fallbackOutputTokens?: RouteResilience["fallbackOutputTokens"];
}

/** What there is of an answer whose rest is asked for, tokens. */
export interface BegunTokens {
  /** What there is of the answer. */
  readonly generated: number;
  /** What the call for the rest reads, as its provider counts: all that was asked, and what there is of the answer. */
  readonly read?: number;
}

/**
 * The most that an attempt at a rung can cost, whole pico-dollars: the price of the prompt and of the longest answers.
 *
 * @param begun what there is of the answer, where the attempt is for its rest
 * @returns undefined where no price is known, or nothing bounds the answer; 0 where such requests are not charged
 */
export function worstCost(rung: Rung, bounds: CostBounds, begun?: BegunTokens): number | undefined {
  const { billed, promptTokens, readsMore, answers = 1 } = bounds;
  if (!billed.charged) return 0;
  const counted = begun?.read ?? promptTokens + (begun?.generated ?? 0);
  const inputTokens = readsMore ? Math.max(counted, rung.contextTokens ?? Number.POSITIVE_INFINITY) : counted;
  const outputTokens = answers === 0 ? 0 : longestAnswer(rung, bounds, begun?.generated ?? 0) * answers;
  if (!Number.isFinite(inputTokens) || !Number.isFinite(outputTokens) || !rung.price) return undefined;
  const usage = { inputTokens, cachedInputTokens: 0, toolInputTokens: 0, outputTokens, thinkingTokens: 0 };
  return costOf(rung.price, usage, callTerms(billed));
}

/** What a call that is over cost by what its provider told; undefined where no price is known. */
export function knownCost({ price }: Rung, { billed }: CostBounds, usage: Usage): number | undefined {
  if (!billed.charged) return 0;
  return price && costOf(price, usage, callTerms(billed));
}

/** Tokens of the longest answer that an attempt can bring beyond what there is; Infinity where nothing bounds it. */
function longestAnswer(
  rung: Rung,
  { outputTokensMax, fallbackOutputTokens }: CostBounds,
  generated: number,
): number {
  const unbounded = Number.POSITIVE_INFINITY;
  const bound = fallbackOutputTokens?.get(rung.variant) ?? unbounded;
  const allowed = Math.min(rung.parameters.maxOutputTokens ?? outputTokensMax ?? unbounded, bound);
  if (allowed === unbounded) return rung.outputTokensMax ?? unbounded;
  return Math.max(0, allowed - generated);
}

function callTerms({ startedAtMs, serviceTier: asked }: BilledRequest): CallTerms {
  return { atMs: startedAtMs, serviceTier: serviceTiers.find((tier) => tier === asked) ?? "standard" };
}
