import { expect, test } from "vitest";
import { catalogModels, catalogPrices } from "./index.ts";
import { pricesAtVertex } from "./vertex-prices.ts";

test.each(catalogModels().map(({ id }) => id))("%s costs the same at the global location", (modelId) => {
  const prices = catalogPrices(modelId);
  if (prices) expect(pricesAtVertex(prices, { modelId, location: "global" })).toBe(prices);
});

test("Gemini 3 and later cost a tenth more in a region, in every rate; Gemini 2.5 does not", () => {
  const rates = {
    input: 750_000,
    cachedInput: 75_000,
    output: 4_500_000,
    inputByModality: { audio: 1_000_000 },
  };
  const schedule = {
    periods: [
      { rates, tiers: [{ aboveInputTokens: 200_000, rates }], cacheStoragePerTokenHour: 1_000_000 },
      { fromMs: 5, rates: { input: 3, output: 10 } },
    ],
  };
  const more = {
    input: 825_000,
    cachedInput: 82_500,
    output: 4_950_000,
    inputByModality: { audio: 1_100_000 },
  };
  expect(pricesAtVertex(schedule, { modelId: "gemini-3.8-flash", location: "europe-west4" })).toEqual({
    periods: [
      {
        rates: more,
        tiers: [{ aboveInputTokens: 200_000, rates: more }],
        cacheStoragePerTokenHour: 1_100_000,
      },
      { fromMs: 5, rates: { input: 4, output: 11 } },
    ],
  });
  expect(pricesAtVertex(schedule, { modelId: "gemini-2.5-flash", location: "europe-west4" })).toBe(schedule);
});
