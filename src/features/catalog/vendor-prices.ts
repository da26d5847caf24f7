import { createRequire } from "node:module";
import type * as genaiPrices from "@pydantic/genai-prices";
import type { ConditionalPrice, ModelInfo, ModelPrice, TieredPrices } from "@pydantic/genai-prices";
import type { PricePeriod, PriceSchedule, Rates } from "#core/pricing/price-schedule.ts";

/** Pico-dollars a token of one dollar for a million. */
const picoPerQuotedDollar = 1_000_000;

/**
 * What a model of another vendor costs, from the table of `@pydantic/genai-prices` (MIT), which finds the vendor by the
 * address. Loaded when the first such deployment is configured: 35 ms of processor time and 20 MB that others need not pay (Node 26, measured 2026-11-25).
 * @returns undefined where the table has no price, or one that depends on the time of day
 */
export function vendorPrices(modelId: string, baseUrl: string): PriceSchedule | undefined {
  const none = { input_tokens: 0, output_tokens: 0 };
  const found = table().calcPrice(none, modelId, { providerApiUrl: baseUrl });
  return found ? scheduleOf(found.model) : undefined;
}

function table(): typeof genaiPrices {
  // The package's own types describe what its CommonJS form exports.
  return createRequire(import.meta.url)("@pydantic/genai-prices") as typeof genaiPrices;
}

/** The table's prices in our own form. */
export function scheduleOf({ prices }: Pick<ModelInfo, "prices">): PriceSchedule | undefined {
  const conditional: readonly ConditionalPrice[] = Array.isArray(prices) ? prices : [{ prices }];
  const periods: PricePeriod[] = [];
  for (const { constraint, prices: own } of conditional) {
    const fromMs = constraint && "start_date" in constraint ? Date.parse(constraint.start_date) : undefined;
    const period = periodOf(own);
    if (!period || (constraint !== undefined && fromMs === undefined)) return undefined;
    periods.push({ ...period, ...(fromMs !== undefined && { fromMs }) });
  }
  return periods.length === 0
    ? undefined
    : { periods: periods.toSorted((one, other) => (one.fromMs ?? 0) - (other.fromMs ?? 0)) };
}

function periodOf(prices: ModelPrice): PricePeriod | undefined {
  const starts = new Set(
    Object.values(prices).flatMap((price) => (isTiered(price) ? price.tiers.map(({ start }) => start) : [])),
  );
  const rates = ratesOf(prices, 0);
  if (!rates) return undefined;
  const tiers = [...starts]
    .toSorted((one, other) => one - other)
    .flatMap((start) => {
      const own = ratesOf(prices, start);
      return own ? [{ aboveInputTokens: start, rates: own }] : [];
    });
  return { rates, ...(tiers.length > 0 && { tiers }) };
}

/** The rates of prompts that are longer than so many tokens. */
function ratesOf(prices: ModelPrice, above: number): Rates | undefined {
  const pico = (key: string): number | undefined => {
    const price = prices[key];
    if (price === undefined) return undefined;
    const dollars = isTiered(price)
      ? (price.tiers.findLast(({ start }) => start <= above)?.price ?? price.base)
      : price;
    return Math.round(dollars * picoPerQuotedDollar);
  };
  const input = pico("input_mtok");
  if (input === undefined) return undefined;
  const cachedInput = pico("cache_read_mtok");
  return {
    input,
    ...(cachedInput !== undefined && { cachedInput }),
    output: pico("output_mtok") ?? 0,
    ...modalities("inputByModality", {
      audio: pico("input_audio_mtok"),
      image: pico("input_image_mtok"),
      video: pico("input_video_mtok"),
    }),
    ...modalities("cachedByModality", { audio: pico("cache_audio_read_mtok") }),
    ...modalities("outputByModality", {
      audio: pico("output_audio_mtok"),
      image: pico("output_image_mtok"),
    }),
  };
}

function modalities(
  name: "inputByModality" | "cachedByModality" | "outputByModality",
  rates: Readonly<Record<string, number | undefined>>,
): Partial<Rates> {
  const given = Object.entries(rates).flatMap(([modality, rate]) =>
    rate === undefined ? [] : [[modality, rate]],
  );
  return given.length === 0 ? {} : { [name]: Object.fromEntries(given) };
}

function isTiered(price: number | TieredPrices | undefined): price is TieredPrices {
  return typeof price === "object";
}
