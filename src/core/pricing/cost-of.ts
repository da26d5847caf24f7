import type { ServiceTier, Usage } from "#core/llm/usage.ts";
import { picoPerDollar } from "./money.ts";
import { pricesAt, ratesFor, type PriceSchedule, type Rates, type TierFactors } from "./price-schedule.ts";

/**
 * Most that one call is believed to cost, 500 dollars: a full context of the dearest models costs a third. Sums of all
 * attempts of a request stay safe integers.
 */
export const callCostMax = 500 * picoPerDollar;

/** When and how a call was made. */
export interface CallTerms {
  /** When the request came in, ms since 1970. */
  readonly atMs: number;
  /** The quality of service it got; `standard` where nobody said. */
  readonly serviceTier: ServiceTier;
}

/**
 * What a call cost, whole pico-dollars.
 *
 * The sum over all tokens of count x price: prompt tokens that were not cached, cached ones, those of provider-side
 * tools (as prompt), answer, thinking (as answer); modalities with a price of their own at that price, all others as
 * text. A prompt longer than a tier's bound puts the whole request into that tier. A service tier multiplies the sum of
 * the cached tokens and that of all others by its two factors; the result is rounded up, once, to a whole pico-dollar:
 * a bill is never told too low.
 * Sources: https://ai.google.dev/gemini-api/docs/pricing, .../docs/tokens and .../docs/batch-mode, as of 2026-10-07.
 *
 * @param usage plausible (see `isPlausible`)
 * @returns undefined beyond `callCostMax`: such a report is not believed
 */
export function costOf(schedule: PriceSchedule, usage: Usage, terms: CallTerms): number | undefined {
  const period = pricesAt(schedule, terms.atMs);
  const rates = ratesFor(period, usage.inputTokens);
  const cached = cachedCost(rates, usage);
  const others = freshCost(rates, usage) + outputCost(rates, usage);
  const factors = terms.serviceTier === "standard" ? undefined : period.factors?.[terms.serviceTier];
  const cost = factors ? multiplied({ cached, others }, factors) : cached + others;
  return cost <= callCostMax ? cost : undefined;
}

/**
 * What keeping tokens in an explicit cache costs, whole pico-dollars, rounded up; undefined where the price is not
 * known. Time on both sides of a change of price is two calls: each is priced as of its own `atMs`.
 * @param durationMs how long they were kept, ms >= 0; parts of an hour count as parts
 */
export function cacheStorageCost(
  schedule: PriceSchedule,
  stored: { readonly tokens: number; readonly durationMs: number; readonly atMs: number },
): number | undefined {
  const rate = pricesAt(schedule, stored.atMs).cacheStoragePerTokenHour;
  if (rate === undefined) return undefined;
  const product = BigInt(stored.tokens) * BigInt(rate) * BigInt(Math.ceil(stored.durationMs));
  return Number(dividedUp(product, hourMs));
}

const hourMs = 3_600_000n;

function cachedCost(rates: Rates, { cachedInputTokens, cachedByModality }: Usage): number {
  return byModality(cachedInputTokens, rates.cachedInput ?? rates.input, {
    rates: rates.cachedByModality,
    counts: cachedByModality,
  });
}

/** Of the prompt without what came from the cache, and of what provider-side tools brought. */
function freshCost(rates: Rates, usage: Usage): number {
  const counts = rates.inputByModality && freshByModality(usage);
  const fresh = usage.inputTokens - usage.cachedInputTokens;
  return (
    byModality(fresh, rates.input, { rates: rates.inputByModality, counts }) +
    usage.toolInputTokens * rates.input
  );
}

function outputCost(rates: Rates, { outputTokens, thinkingTokens, outputByModality }: Usage): number {
  return (
    byModality(outputTokens, rates.output, { rates: rates.outputByModality, counts: outputByModality }) +
    thinkingTokens * rates.output
  );
}

/** Prompt tokens by modality without the cached ones. */
function freshByModality(usage: Usage): Readonly<Record<string, number>> {
  const { inputByModality = {}, cachedByModality = {} } = usage;
  return Object.fromEntries(
    Object.entries(inputByModality).map(([modality, count]) => [
      modality,
      Math.max(0, count - (cachedByModality[modality] ?? 0)),
    ]),
  );
}

/** Tokens at their modality's price; those that no breakdown claims, and what it claims beyond the total, as text. */
function byModality(
  total: number,
  rate: number,
  {
    rates,
    counts,
  }: {
    readonly rates: Readonly<Record<string, number>> | undefined;
    readonly counts: Readonly<Record<string, number>> | undefined;
  },
): number {
  if (!rates || !counts) return total * rate;
  let left = total;
  let sum = 0;
  for (const [modality, own] of Object.entries(rates)) {
    const tokens = Math.min(left, counts[modality] ?? 0);
    left -= tokens;
    sum += tokens * own;
  }
  return sum + left * rate;
}

/** Both sums times their factors, over the common denominator so that nothing is lost before the one rounding. */
function multiplied(
  sums: { readonly cached: number; readonly others: number },
  { cached, tokens }: TierFactors,
): number {
  const ofCached = BigInt(sums.cached) * BigInt(cached.numerator) * BigInt(tokens.denominator);
  const ofOthers = BigInt(sums.others) * BigInt(tokens.numerator) * BigInt(cached.denominator);
  return Number(dividedUp(ofCached + ofOthers, BigInt(cached.denominator) * BigInt(tokens.denominator)));
}

/** Quotient rounded up, of numbers >= 0. */
function dividedUp(dividend: bigint, divisor: bigint): bigint {
  return (dividend + divisor - 1n) / divisor;
}
