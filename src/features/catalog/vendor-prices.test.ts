import { describe, expect, test } from "vitest";
import type { PriceSchedule, Rates } from "#core/pricing/price-schedule.ts";
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

const geminiUrl = "https://generativelanguage.googleapis.com/v1beta";

/**
 * Where @pydantic/genai-prices differs from our own table of the Gemini models, by field, and who is right
 * (docs/decisions/2026-11-25-prices.md). A change of either shows here. What theirs cannot say are service tiers and the
 * storage of caches, which it has in comments only.
 */
const differences: Readonly<Record<string, readonly string[]>> = {
  "gemini-4-hydrogen": ["not in theirs"],
  "gemini-4-carbon": ["not in theirs"],
  "gemini-4-argon": ["not in theirs"],
  "gemini-3.8-flash": ["storage: ours only", "batch, flex, priority: ours only"],
  "gemini-3.7-flash": ["storage: ours only", "batch, flex, priority: ours only"],
  "gemini-3.6-flash": ["storage: ours only", "batch, flex, priority: ours only"],
  "gemini-3.5-flash": ["batch, flex, priority: ours only"],
  "gemini-3.5-flash-lite": ["batch, flex, priority: ours only"],
  "gemini-3.1-flash-lite": ["storage: ours only", "batch, flex, priority: ours only"],
  "gemini-3.1-pro-preview": ["storage: ours only", "batch, flex, priority: ours only"],
  "gemini-3-flash-preview": ["storage: ours only", "batch, flex, priority: ours only"],
  "gemini-2.5-pro": ["storage: ours only", "batch, flex, priority: ours only"],
  "gemini-2.5-flash": ["storage: ours only", "batch, flex, priority: ours only"],
  "gemini-2.5-flash-lite": ["storage: ours only", "batch, flex, priority: ours only"],
  "gemini-embedding-2": ["batch: ours only"],
  "gemini-embedding-001": ["batch: ours only"],
};

describe("the two tables of the Gemini models", () => {
  test("are compared for every model of the catalog", () => {
    expect(Object.keys(differences)).toEqual(catalogModels().map(({ id }) => id));
  });

  test.each(Object.entries(differences))("differ as is known: %s", (id, known) => {
    expect(differencesOf(catalogPrices(id), vendorPrices(id, geminiUrl))).toEqual(known);
  });
});

/** Every field of one schedule that the other has not, or has otherwise; fields of a period without its number. */
function differencesOf(
  ours: PriceSchedule | undefined,
  theirs: PriceSchedule | undefined,
): readonly string[] {
  if (!ours || !theirs) return [`not in ${ours ? "theirs" : "ours"}`];
  const fields = { ours: fieldsOf(ours), theirs: fieldsOf(theirs) };
  const found = new Set<string>();
  for (const name of new Set([...fields.ours.keys(), ...fields.theirs.keys()])) {
    const [own, other] = [fields.ours.get(name), fields.theirs.get(name)];
    if (own === other) continue;
    const field = name.replace(/^\d+\./, "");
    found.add(
      own === undefined || other === undefined
        ? `${field}: ${own === undefined ? "theirs" : "ours"} only`
        : `${name}: ${own}, ${other}`,
    );
  }
  return [...found];
}

function fieldsOf({ periods }: PriceSchedule): ReadonlyMap<string, number | string> {
  const fields = new Map<string, number | string>();
  for (const [at, { fromMs, rates, tiers, factors, cacheStoragePerTokenHour }] of periods.entries()) {
    const named: Readonly<Record<string, number | string | undefined>> = {
      from: fromMs,
      ...ratesOf("", rates),
      ...Object.fromEntries(
        (tiers ?? []).flatMap((tier) =>
          Object.entries(ratesOf(`above ${tier.aboveInputTokens} `, tier.rates)),
        ),
      ),
      storage: cacheStoragePerTokenHour,
      ...(factors && { [Object.keys(factors).join(", ")]: JSON.stringify(factors) }),
    };
    for (const [name, value] of Object.entries(named))
      if (value !== undefined) fields.set(`${at}.${name}`, value);
  }
  return fields;
}

function ratesOf(prefix: string, rates: Rates): Readonly<Record<string, number>> {
  const { inputByModality = {}, cachedByModality = {}, outputByModality = {}, ...plain } = rates;
  const modal = { input: inputByModality, cached: cachedByModality, output: outputByModality };
  return Object.fromEntries([
    ...Object.entries(plain).map(([name, rate]) => [`${prefix}${name}`, rate]),
    ...Object.entries(modal).flatMap(([kind, own]) =>
      Object.entries(own).map(([modality, rate]) => [`${prefix}${kind} of ${modality}`, rate]),
    ),
  ]);
}
