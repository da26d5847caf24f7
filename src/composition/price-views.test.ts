import { expect, test } from "vitest";
import { catalogPrices } from "#features/catalog/index.ts";
import { priceViewOf } from "#composition/price-views.ts";

test("a price is told with the next one that is announced", () => {
  expect(priceViewOf(catalogPrices("gemini-3.8-flash"), Date.UTC(2026, 10, 25))).toEqual({
    input: "0.75",
    cached_input: "0.075",
    output: "3.75",
    long_prompts: null,
    next: { from: "2027-01-01T00:00:00.000Z", input: "1.5", cached_input: "0.15", output: "7.5" },
  });
  expect(priceViewOf(catalogPrices("gemini-3.8-flash"), Date.UTC(2027, 0, 1))).toMatchObject({
    input: "1.5",
    next: null,
  });
});

test("a price is told with that of long prompts; an unknown one is null", () => {
  expect(priceViewOf(catalogPrices("gemini-2.5-pro"), 0)).toMatchObject({
    long_prompts: { above: 200_000, input: "2.5", output: "15" },
  });
  expect(priceViewOf(undefined, 0)).toBeNull();
});
