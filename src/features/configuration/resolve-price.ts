import { present } from "#core/kernel/present.ts";
import type { PricePeriod, PriceSchedule, Rates } from "#core/pricing/price-schedule.ts";
import { catalogPrices, pricesAtVertex, vendorPrices } from "#features/catalog/index.ts";
import type { Provider } from "./configuration.ts";
import type { PriceSettings } from "./schema/price.ts";

/**
 * What a deployment's model costs: what is written, else what the catalog says of it, else what a model of that name
 * costs at that vendor's address; undefined where nobody knows. On a private network nobody is looked for: no vendor is
 * there, and the table of vendors takes memory.
 */
export function resolvePrice(
  written: PriceSettings | undefined,
  model: { readonly id: string; readonly provider: Pick<Provider, "baseUrl" | "privateNetwork" | "vertex"> },
): PriceSchedule | undefined {
  if (!written) return pricesInCatalog(model) ?? pricesAtVendor(model);
  const { long_prompts, service_tiers } = written;
  const tiers = long_prompts && [{ aboveInputTokens: long_prompts.above, rates: ratesOf(long_prompts) }];
  return {
    periods: [
      {
        rates: ratesOf(written),
        ...(tiers && { tiers }),
        ...(service_tiers && { factors: factorsOf(service_tiers) }),
      },
    ],
  };
}

function pricesInCatalog({ id, provider }: Parameters<typeof resolvePrice>[1]): PriceSchedule | undefined {
  const prices = catalogPrices(id);
  const { vertex } = provider;
  return prices && vertex ? pricesAtVertex(prices, { modelId: id, location: vertex.location }) : prices;
}

function pricesAtVendor({ id, provider }: Parameters<typeof resolvePrice>[1]): PriceSchedule | undefined {
  return provider.privateNetwork ? undefined : vendorPrices(id, provider.baseUrl);
}

function factorsOf(
  written: NonNullable<PriceSettings["service_tiers"]>,
): NonNullable<PricePeriod["factors"]> {
  return Object.fromEntries(
    pricedTiers.flatMap((tier) => {
      const factor = written[tier];
      return factor ? [[tier, { tokens: factor, cached: factor }]] : [];
    }),
  );
}

const pricedTiers = ["batch", "flex", "priority"] as const;

function ratesOf(written: Omit<PriceSettings, "long_prompts" | "service_tiers">): Rates {
  const { input, cached_input, output } = written;
  return {
    input,
    output,
    ...present({
      cachedInput: cached_input,
      inputByModality: given(written.input_by_modality),
      cachedByModality: given(written.cached_by_modality),
      outputByModality: given(written.output_by_modality),
    }),
  };
}

function given(
  rates: Readonly<Record<string, number | undefined>> | undefined,
): Readonly<Record<string, number>> | undefined {
  if (!rates) return undefined;
  return Object.fromEntries(
    Object.entries(rates).flatMap(([name, rate]) => (rate === undefined ? [] : [[name, rate]])),
  );
}
