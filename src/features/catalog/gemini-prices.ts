import { picoPerToken } from "#core/pricing/money.ts";
import type { PricePeriod, PriceSchedule, Rates, Ratio } from "#core/pricing/price-schedule.ts";

/*
 * What the Gemini models cost, USD for a million tokens. Sources:
 * - [1] https://ai.google.dev/gemini-api/docs/pricing, as quoted by others: early 2026 (batch and storage), 2026-08-04
 *   (all service tiers of 2.5), 2026-09 (3.8), 2026-10-07 (standard prices, introductory prices and their ends)
 * - [2] npm @pydantic/genai-prices 0.1.8 (MIT): cached audio, embeddings by modality, priority of 3.7 and 3.8
 * - [3] the announcements of Gemini 4 Argon (2026-10-13), Carbon (2026-11-10) and Hydrogen (2026-11-12): prices, no
 *   explicit caching; Carbon's cached price is inferred from Argon's, which costs the same in all else
 * - [4] https://ai.google.dev/gemini-api/docs/batch-mode: cached tokens "are priced the same as for non-batch API traffic"
 * The days on which prices change begin at midnight UTC, as all days here do: seven or eight hours before Google's own
 * (Pacific), so that the dearer price is never told too late.
 * docs/decisions/2026-11-25-prices.md says what each number rests on, where [2] differs, and why this table is our own.
 */

/** The day on which the table was last held against its sources; every decision names it. */
export const pricesVersion = "2026-11-25";

const full: Ratio = { numerator: 1, denominator: 1 };
const half: Ratio = { numerator: 1, denominator: 2 };
const priority: Ratio = { numerator: 9, denominator: 5 };

/** Batch and flex: half, but for what comes from the cache [1][4]; priority: 1.8 times all [1]. */
const usual = {
  batch: { tokens: half, cached: full },
  flex: { tokens: half, cached: full },
  priority: { tokens: priority, cached: priority },
};

/** Embeddings have no other service tier than batch [1]. */
const batchOnly = { batch: usual.batch };

const argon: PriceSchedule = {
  periods: [
    { rates: rates("$2.00", "$0.10", "$10.00"), factors: usual },
    { fromMs: Date.UTC(2026, 11, 1), rates: rates("$4.00", "$0.20", "$20.00"), factors: usual },
  ],
};

/** Of these, [1] halves the cached price of flex too, and storage doubles with all else. */
const flash38: PriceSchedule = {
  periods: [
    flash38Period(rates("$0.75", "$0.075", "$3.75"), "$0.50"),
    { ...flash38Period(rates("$1.50", "$0.15", "$7.50"), "$1.00"), fromMs: Date.UTC(2027, 0, 1) },
  ],
};

function flash38Period(own: Rates, storage: string): PricePeriod {
  return {
    rates: own,
    factors: { ...usual, flex: { tokens: half, cached: half } },
    cacheStoragePerTokenHour: quoted(storage),
  };
}

/** By the model's id; every model of the catalog has an entry. */
export const geminiPrices: ReadonlyMap<string, PriceSchedule> = new Map([
  ["gemini-4-argon", argon],
  ["gemini-4-carbon", argon],
  ["gemini-4-hydrogen", always({ rates: rates("$1.50", "$0.075", "$7.50"), factors: usual })],
  ["gemini-3.8-flash", flash38],
  ["gemini-3.7-flash", flash38],
  ["gemini-3.6-flash", flash38],
  ["gemini-3.5-flash", always({ rates: rates("$1.50", "$0.15", "$9.00"), factors: usual })],
  ["gemini-3.5-flash-lite", always({ rates: rates("$0.30", "$0.03", "$2.50"), factors: usual })],
  [
    "gemini-3.1-flash-lite",
    always({
      rates: withAudio(rates("$0.25", "$0.025", "$1.50"), "$0.50", "$0.05"),
      factors: usual,
      cacheStoragePerTokenHour: quoted("$1.00"),
    }),
  ],
  [
    "gemini-3.1-pro-preview",
    always({
      rates: rates("$2.00", "$0.20", "$12.00"),
      tiers: [{ aboveInputTokens: 200_000, rates: rates("$4.00", "$0.40", "$18.00") }],
      factors: usual,
      cacheStoragePerTokenHour: quoted("$4.50"),
    }),
  ],
  [
    "gemini-3-flash-preview",
    always({
      rates: withAudio(rates("$0.50", "$0.05", "$3.00"), "$1.00", "$0.10"),
      factors: usual,
      cacheStoragePerTokenHour: quoted("$1.00"),
    }),
  ],
  [
    "gemini-2.5-pro",
    always({
      rates: rates("$1.25", "$0.125", "$10.00"),
      tiers: [{ aboveInputTokens: 200_000, rates: rates("$2.50", "$0.25", "$15.00") }],
      factors: usual,
      cacheStoragePerTokenHour: quoted("$4.50"),
    }),
  ],
  [
    "gemini-2.5-flash",
    always({
      rates: withAudio(rates("$0.30", "$0.03", "$2.50"), "$1.00", "$0.10"),
      factors: usual,
      cacheStoragePerTokenHour: quoted("$1.00"),
    }),
  ],
  [
    "gemini-2.5-flash-lite",
    always({
      rates: withAudio(rates("$0.10", "$0.01", "$0.40"), "$0.30", "$0.03"),
      factors: usual,
      cacheStoragePerTokenHour: quoted("$1.00"),
    }),
  ],
  [
    "gemini-embedding-2",
    always({
      rates: {
        ...embedding("$0.20"),
        inputByModality: { audio: quoted("$6.50"), image: quoted("$0.45"), video: quoted("$12.00") },
      },
      factors: batchOnly,
    }),
  ],
  ["gemini-embedding-001", always({ rates: embedding("$0.15"), factors: batchOnly })],
]);

function always(period: PricePeriod): PriceSchedule {
  return { periods: [period] };
}

function rates(input: string, cachedInput: string, output: string): Rates {
  return { input: quoted(input), cachedInput: quoted(cachedInput), output: quoted(output) };
}

function withAudio(own: Rates, input: string, cached: string): Rates {
  return { ...own, inputByModality: { audio: quoted(input) }, cachedByModality: { audio: quoted(cached) } };
}

function embedding(input: string): Rates {
  return { input: quoted(input), output: 0 };
}

function quoted(text: string): number {
  const price = picoPerToken(text);
  if (price === undefined) throw new Error(`Broken invariant: "${text}" in the price table is a price`);
  return price;
}
