/** What one model costs, now and at other times. Prices are pico-dollars a token, whole numbers >= 0. */
export interface PriceSchedule {
  /** In the order of time; the first holds from ever. A request is priced by the period in which it came in. */
  readonly periods: readonly PricePeriod[];
}

/** Prices that hold from one moment to the next period's. */
export interface PricePeriod {
  /** Begin, ms since 1970; absent for the first. */
  readonly fromMs?: number;
  readonly rates: Rates;
  /** Prices of the whole request when its prompt is longer than `aboveInputTokens`, longest last. */
  readonly tiers?: readonly PriceTier[];
  /** What other service tiers cost, relative to these prices; one that is absent costs the same. */
  readonly factors?: Readonly<Partial<Record<PricedTier, TierFactors>>>;
  /** What keeping a token in an explicit cache costs an hour; absent where there is no such cache or no known price. */
  readonly cacheStoragePerTokenHour?: number;
}

/** Prices of long prompts. */
export interface PriceTier {
  /** Prompt tokens, cached ones included, above which it holds. */
  readonly aboveInputTokens: number;
  readonly rates: Rates;
}

/** Prices of one token each. */
export interface Rates {
  readonly input: number;
  /** Of a prompt token read from the provider's cache; absent: as any other. */
  readonly cachedInput?: number;
  /** Of an answer token, thinking included. */
  readonly output: number;
  /** Prices of modalities that differ from text, by the names of `Usage`: audio, image, video, document. */
  readonly inputByModality?: Readonly<Record<string, number>>;
  readonly cachedByModality?: Readonly<Record<string, number>>;
  readonly outputByModality?: Readonly<Record<string, number>>;
}

/** Qualities of service beside `standard`. */
export type PricedTier = "batch" | "flex" | "priority";

/** What a service tier costs, relative to `standard`. */
export interface TierFactors {
  /** Of all tokens but those read from the cache. */
  readonly tokens: Ratio;
  /** Of tokens read from the cache: not every discount holds for them. */
  readonly cached: Ratio;
}

/** A factor that decimal fractions hold exactly: numerator over denominator, whole numbers > 0. */
export interface Ratio {
  readonly numerator: number;
  readonly denominator: number;
}

/** The prices at a moment. */
export function pricesAt(schedule: PriceSchedule, atMs: number): PricePeriod {
  const { periods } = schedule;
  const period = periods.findLast(({ fromMs }) => fromMs === undefined || fromMs <= atMs) ?? periods[0];
  if (!period) throw new Error("Broken invariant: a price schedule has a period");
  return period;
}

/** The period after the one at a moment; undefined when no change is known. */
export function nextPrices(schedule: PriceSchedule, atMs: number): PricePeriod | undefined {
  return schedule.periods.find(({ fromMs }) => fromMs !== undefined && fromMs > atMs);
}

/** The rates of a prompt of that length. */
export function ratesFor({ rates, tiers = [] }: PricePeriod, inputTokens: number): Rates {
  return tiers.findLast(({ aboveInputTokens }) => inputTokens > aboveInputTokens)?.rates ?? rates;
}
