import { picoPerToken } from "#core/pricing/money.ts";
import type { PricePeriod, PriceSchedule, Rates, Ratio } from "#core/pricing/price-schedule.ts";

/*
 * What the Gemini models cost, USD for a million tokens. Sources:
 * - [1] https://ai.google.dev/gemini-api/docs/pricing, read 2026-10-07: prices, tiers, introductory prices and their ends
 * - [2] npm @pydantic/genai-prices 0.1.8 (MIT): cached audio, embeddings by modality, priority and cache storage of
 *   3.6 to 3.8 (in its comments)
 * - [3] the announcements of Gemini 4 Argon (2026-10-13), Carbon (2026-11-10) and Hydrogen (2026-11-12): prices, no
 *   explicit caching; Carbon's cached price is inferred from Argon's, which is the same model family at the same price
 * The days on which prices change begin at midnight UTC, as all days here do: seven or eight hours before Google's own
 * (Pacific), so that the dearer price is never told too late.
 * docs/decisions/2026-11-25-prices.md says where [2] differs, and why this table is our own.
 */

/** The day on which the table was last held against its sources; every decision names it. */
export const pricesVersion = "2026-11-25";

/** Batch and flex cost half [1]. */
const half: Ratio = { numerator: 1, denominator: 2 };
/** Priority of 3.6 to 3.8 [2]. */
const priority18: Ratio = { numerator: 9, denominator: 5 };
/** Priority of all others: the upper end of "75 to 100 % above standard" [1]. */
const priority20: Ratio = { numerator: 2, denominator: 1 };

const usual = { batch: half, flex: half, priority: priority20 };

const argon: PriceSchedule = {
  periods: [
    { rates: rates("$2.00", "$0.10", "$10.00"), factors: usual },
    { fromMs: Date.UTC(2026, 11, 1), rates: rates("$4.00", "$0.20", "$20.00"), factors: usual },
  ],
};

const flash38: PriceSchedule = {
  periods: [
    flash38Period(rates("$0.75", "$0.075", "$3.75")),
    { ...flash38Period(rates("$1.50", "$0.15", "$7.50")), fromMs: Date.UTC(2027, 0, 1) },
  ],
};

function flash38Period(own: Rates): PricePeriod {
  return {
    rates: own,
    factors: { batch: half, flex: half, priority: priority18 },
    cacheStoragePerTokenHour: quoted("$0.50"),
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
    always({ rates: withAudio(rates("$0.25", "$0.025", "$1.50"), "$0.50", "$0.05"), factors: usual }),
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
      factors: { batch: half },
    }),
  ],
  ["gemini-embedding-001", always({ rates: embedding("$0.15"), factors: { batch: half } })],
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
