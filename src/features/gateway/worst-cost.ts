import { costOf } from "#core/pricing/cost-of.ts";
import { serviceTiers } from "#core/llm/usage.ts";
import type { RouteResilience } from "#core/routing/route-resilience.ts";
import type { BilledRequest } from "#features/gateway/attempt-record.ts";
import type { Rung } from "#features/gateway/rung.ts";

/** What bounds the cost of an attempt. */
export interface CostBounds {
  readonly billed: BilledRequest;
  /** Our estimate of the prompt. */
  readonly promptTokens: number;
  /** The client's bound of the answer, tokens. */
  readonly outputTokensMax?: number;
  /** What the route bounds answers of its fallbacks to, tokens. */
  readonly fallbackOutputTokens?: RouteResilience["fallbackOutputTokens"];
}

/**
 * The most that an attempt at a rung can cost, whole pico-dollars: the price of the prompt and of the longest answer.
 *
 * @returns undefined where no price is known, or nothing bounds the answer; 0 where such requests are not charged
 */
export function worstCost(
  rung: Rung,
  { billed, promptTokens, outputTokensMax, fallbackOutputTokens }: CostBounds,
): number | undefined {
  if (!billed.charged) return 0;
  const bound = fallbackOutputTokens?.get(rung.variant) ?? Number.POSITIVE_INFINITY;
  const wanted = rung.parameters.maxOutputTokens ?? outputTokensMax ?? rung.outputTokensMax;
  const outputTokens = Math.min(wanted ?? Number.POSITIVE_INFINITY, bound);
  if (outputTokens === Number.POSITIVE_INFINITY || !rung.price) return undefined;
  const usage = {
    inputTokens: promptTokens,
    cachedInputTokens: 0,
    toolInputTokens: 0,
    outputTokens,
    thinkingTokens: 0,
  };
  const serviceTier = serviceTiers.find((tier) => tier === billed.serviceTier) ?? "standard";
  return costOf(rung.price, usage, { atMs: billed.startedAtMs, serviceTier });
}
