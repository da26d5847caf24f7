import { describe, expect, test } from "vitest";
import type { PriceSchedule } from "#core/pricing/price-schedule.ts";
import { catalogModels, catalogPrices } from "./catalog.ts";
import { scheduleOf, vendorPrices } from "./vendor-prices.ts";

describe("prices of other vendors", () => {
  test("are found by the vendor's address and the model", () => {
    expect(vendorPrices("gpt-4o-mini", "https://api.openai.com/v1")).toEqual({
      periods: [{ rates: { input: 150_000, cachedInput: 75_000, output: 600_000 } }],
    });
    expect(vendorPrices("openai/gpt-4o", "https://openrouter.ai/api/v1")).toMatchObject({
      periods: [{ rates: { input: 2_500_000, output: 10_000_000 } }],
    });
  });

  test("of long prompts are tiers", () => {
    expect(vendorPrices("claude-sonnet-4-5", "https://api.anthropic.com/v1")?.periods[0]).toEqual({
      rates: { input: 3_000_000, cachedInput: 300_000, output: 15_000_000 },
      tiers: [
        { aboveInputTokens: 200_000, rates: { input: 6_000_000, cachedInput: 600_000, output: 22_500_000 } },
      ],
    });
  });

  test("are not guessed: of an unknown address, an unknown model, or by the time of day", () => {
    expect(vendorPrices("gpt-4o-mini", "http://10.0.0.5:8000/v1")).toBeUndefined();
    expect(vendorPrices("no-such-model", "https://api.openai.com/v1")).toBeUndefined();
    expect(vendorPrices("deepseek-chat", "https://api.deepseek.com/v1")).toBeUndefined();
  });

  test("that begin on a day begin then, in whichever order the table has them", () => {
    const schedule = scheduleOf({
      prices: [
        { prices: { input_mtok: 2 }, constraint: { type: "start_date", start_date: "2027-01-01" } },
        { prices: { input_mtok: 1 } },
      ],
    });
    expect(schedule).toEqual({
      periods: [
        { rates: { input: 1_000_000, output: 0 } },
        { fromMs: Date.UTC(2027, 0, 1), rates: { input: 2_000_000, output: 0 } },
      ],
    });
  });
});

/** What both tables can say: rates and tiers by day. */
function comparable(schedule: PriceSchedule | undefined) {
  return schedule?.periods.map(({ fromMs, rates, tiers }) => ({ fromMs, rates, tiers }));
}

/**
 * Where @pydantic/genai-prices differs from our own table, and who is right (docs/decisions/2026-11-25-prices.md). A
 * change of either shows here.
 */
test("of the Gemini models, the table knows all but Gemini 4, and says the same", () => {
  const differing = catalogModels().filter(({ id }) => {
    const theirs = vendorPrices(id, "https://generativelanguage.googleapis.com/v1beta");
    return JSON.stringify(comparable(theirs)) !== JSON.stringify(comparable(catalogPrices(id)));
  });
  expect(differing.map(({ id }) => id)).toEqual(["gemini-4-hydrogen", "gemini-4-carbon", "gemini-4-argon"]);
  for (const { id } of differing)
    expect(vendorPrices(id, "https://generativelanguage.googleapis.com/v1beta")).toBeUndefined();
});
