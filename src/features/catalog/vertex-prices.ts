import type { PricePeriod, PriceSchedule, Rates } from "#core/pricing/price-schedule.ts";

/**
 * What a Gemini model costs at Vertex AI: as at the Gemini API, but that Gemini 3 and later cost a tenth more wherever
 * the location is not `global`, since 2026-07-01: https://cloud.google.com/vertex-ai/generative-ai/pricing, as quoted by
 * several projects that keep prices (read 2026-11-25; the page itself could not be).
 */
export function pricesAtVertex(
  schedule: PriceSchedule,
  { modelId, location }: { readonly modelId: string; readonly location: string },
): PriceSchedule {
  const generation = Number(/^gemini-(\d+)/.exec(modelId)?.[1] ?? 0);
  if (location === "global" || generation < 3) return schedule;
  return { periods: schedule.periods.map(raised) };
}

function raised(period: PricePeriod): PricePeriod {
  const { rates, tiers, cacheStoragePerTokenHour: storage } = period;
  return {
    ...period,
    rates: raisedRates(rates),
    ...(tiers && { tiers: tiers.map((tier) => ({ ...tier, rates: raisedRates(tier.rates) })) }),
    ...(storage !== undefined && { cacheStoragePerTokenHour: raisedPrice(storage) }),
  };
}

function raisedRates(rates: Rates): Rates {
  const { input, output, cachedInput, inputByModality, cachedByModality, outputByModality } = rates;
  return {
    input: raisedPrice(input),
    output: raisedPrice(output),
    ...(cachedInput !== undefined && { cachedInput: raisedPrice(cachedInput) }),
    ...(inputByModality && { inputByModality: raisedEach(inputByModality) }),
    ...(cachedByModality && { cachedByModality: raisedEach(cachedByModality) }),
    ...(outputByModality && { outputByModality: raisedEach(outputByModality) }),
  };
}

function raisedEach(rates: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(rates).map(([modality, rate]) => [modality, raisedPrice(rate)]));
}

/** Whole pico-dollars; up, as a bill would be. */
function raisedPrice(price: number): number {
  return Math.ceil((price * 11) / 10);
}
