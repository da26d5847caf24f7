import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ServiceTier, Usage } from "#core/llm/usage.ts";
import { billOf, type BilledCall } from "./billing.ts";
import { cacheStorageCost, callCostMax, costOf } from "./cost-of.ts";
import { picoPerDollar, picoPerToken, quotedPrice, usdText } from "./money.ts";
import { isPlausible } from "./plausible-usage.ts";
import { nextPrices, pricesAt, ratesFor, type PriceSchedule } from "./price-schedule.ts";

const dayMs = 86_400_000;
const half = { numerator: 1, denominator: 2 };
const schedule: PriceSchedule = {
  periods: [
    {
      rates: { input: 2_000_000, cachedInput: 100_000, output: 10_000_000 },
      tiers: [{ aboveInputTokens: 1_000, rates: { input: 4_000_000, output: 20_000_000 } }],
      factors: {
        batch: { tokens: half, cached: { numerator: 1, denominator: 1 } },
        priority: { tokens: { numerator: 9, denominator: 5 }, cached: { numerator: 4, denominator: 3 } },
      },
      cacheStoragePerTokenHour: 4_500_000,
    },
    { fromMs: dayMs, rates: { input: 1, output: 1 } },
  ],
};

const noUsage: Usage = {
  inputTokens: 0,
  cachedInputTokens: 0,
  toolInputTokens: 0,
  outputTokens: 0,
  thinkingTokens: 0,
};
const standard = { atMs: 0, serviceTier: "standard" } as const;

describe("money", () => {
  test.each([
    ["$0.10", 100_000],
    ["$2", 2_000_000],
    ["$0.000001", 1],
    ["$0", 0],
    ["$999999.999999", 999_999_999_999],
  ])("%s for a million is %d pico-dollars each", (text, pico) => {
    expect(picoPerToken(text)).toBe(pico);
  });

  test.each(["0.10", "$", "$-1", "$1.0000001", "$1e3", "€1", "$1,000", " $1"])("%s is no price", (text) => {
    expect(picoPerToken(text)).toBeUndefined();
  });

  test("law: a price that was read is written as the same price", () => {
    fc.assert(
      fc.property(fc.nat(999_999_999_999), (pico) => {
        expect(picoPerToken(quotedPrice(pico))).toBe(pico);
      }),
    );
  });

  test.each([
    [0, "0"],
    [1, "0.000000000001"],
    [picoPerDollar, "1"],
    [1_500_000_000_000, "1.5"],
    [-25_000_000n, "-0.000025"],
    [123_456_789_012_345_678_901n, "123456789.012345678901"],
  ])("%s pico-dollars are %s dollars", (pico, text) => {
    expect(usdText(pico)).toBe(text);
  });
});

describe("prices over time", () => {
  test("hold to the last millisecond before the next, and the first from ever", () => {
    expect(pricesAt(schedule, -dayMs)).toBe(schedule.periods[0]);
    expect(pricesAt(schedule, dayMs - 1)).toBe(schedule.periods[0]);
    expect(pricesAt(schedule, dayMs)).toBe(schedule.periods[1]);
    expect(nextPrices(schedule, 0)).toBe(schedule.periods[1]);
    expect(nextPrices(schedule, dayMs)).toBeUndefined();
  });

  test("of a long prompt begin above the bound", () => {
    const [period] = schedule.periods;
    if (!period) throw new Error("there is one");
    expect(ratesFor(period, 1_000).input).toBe(2_000_000);
    expect(ratesFor(period, 1_001).input).toBe(4_000_000);
  });
});

const tokens = fc.nat(1_000_000);
const usages: fc.Arbitrary<Usage> = fc
  .record({
    inputTokens: tokens,
    cachedInputTokens: tokens,
    toolInputTokens: tokens,
    outputTokens: tokens,
    thinkingTokens: tokens,
  })
  .map((usage) => ({ ...usage, cachedInputTokens: Math.min(usage.cachedInputTokens, usage.inputTokens) }));

/** Counts of one modality: what came from the cache, and what did not. */
const modality = fc.record({ fresh: tokens, cached: tokens });
const modalUsages = fc.record({
  text: modality,
  audio: modality,
  tool: tokens,
  output: tokens,
  thinking: tokens,
});
/** Pico-dollars a token, up to $20 for a million: no call is beyond what is believed. */
const rate = fc.nat(20_000_000);
/** At most 3, for the same reason. */
const ratio = fc.record({
  numerator: fc.integer({ min: 1, max: 9 }),
  denominator: fc.integer({ min: 3, max: 9 }),
});
const prices = fc.record({
  input: rate,
  cached: rate,
  output: rate,
  audio: rate,
  cachedAudio: rate,
  factor: ratio,
  cachedFactor: ratio,
});

function product(count: number, price: number): bigint {
  return BigInt(count) * BigInt(price);
}

describe("the cost of a call", () => {
  test("law: is never negative, and more of anything never costs less", () => {
    fc.assert(
      fc.property(
        usages,
        fc.constantFrom("inputTokens", "outputTokens", "thinkingTokens", "toolInputTokens"),
        (usage, kind) => {
          const cost = costOf(schedule, usage, standard) ?? 0;
          const more =
            costOf(schedule, { ...usage, [kind]: (usage[kind as keyof Usage] as number) + 1 }, standard) ?? 0;
          expect(cost).toBeGreaterThanOrEqual(0);
          expect(more).toBeGreaterThanOrEqual(cost);
        },
      ),
    );
  });

  test("law: a cached token never costs more than another", () => {
    fc.assert(
      fc.property(usages, (usage) => {
        const uncached = costOf(schedule, { ...usage, cachedInputTokens: 0 }, standard) ?? 0;
        expect(costOf(schedule, usage, standard)).toBeLessThanOrEqual(uncached);
      }),
    );
  });

  test("law: two calls cost what one with the tokens of both costs, within a tier", () => {
    const flat: PriceSchedule = { periods: [{ rates: { input: 3, cachedInput: 1, output: 7 } }] };
    fc.assert(
      fc.property(usages, usages, (one, other) => {
        const both: Usage = {
          inputTokens: one.inputTokens + other.inputTokens,
          cachedInputTokens: one.cachedInputTokens + other.cachedInputTokens,
          toolInputTokens: one.toolInputTokens + other.toolInputTokens,
          outputTokens: one.outputTokens + other.outputTokens,
          thinkingTokens: one.thinkingTokens + other.thinkingTokens,
        };
        const apart = [one, other].map((usage) => costOf(flat, usage, standard) ?? Number.NaN);
        expect(costOf(flat, both, standard)).toBe((apart[0] ?? 0) + (apart[1] ?? 0));
      }),
    );
  });

  test("law: it is the exact sum of all tokens times their prices and factors, rounded up once", () => {
    fc.assert(
      fc.property(modalUsages, prices, (tokens, price) => {
        const { text, audio } = tokens;
        const schedule: PriceSchedule = {
          periods: [
            {
              rates: {
                input: price.input,
                cachedInput: price.cached,
                output: price.output,
                inputByModality: { audio: price.audio },
                cachedByModality: { audio: price.cachedAudio },
              },
              factors: { flex: { tokens: price.factor, cached: price.cachedFactor } },
            },
          ],
        };
        const usage: Usage = {
          inputTokens: text.fresh + text.cached + audio.fresh + audio.cached,
          cachedInputTokens: text.cached + audio.cached,
          toolInputTokens: tokens.tool,
          outputTokens: tokens.output,
          thinkingTokens: tokens.thinking,
          inputByModality: { text: text.fresh + text.cached, audio: audio.fresh + audio.cached },
          cachedByModality: { text: text.cached, audio: audio.cached },
        };
        const others =
          product(text.fresh + tokens.tool, price.input) +
          product(audio.fresh, price.audio) +
          product(tokens.output + tokens.thinking, price.output);
        const cached = product(text.cached, price.cached) + product(audio.cached, price.cachedAudio);
        const [top, cachedTop] = [BigInt(price.factor.numerator), BigInt(price.cachedFactor.numerator)];
        const [bottom, cachedBottom] = [
          BigInt(price.factor.denominator),
          BigInt(price.cachedFactor.denominator),
        ];
        const dividend = others * top * cachedBottom + cached * cachedTop * bottom;
        const divisor = bottom * cachedBottom;
        const cost = costOf(schedule, usage, { atMs: 0, serviceTier: "flex" });
        expect(cost).toBe(Number((dividend + divisor - 1n) / divisor));
        expect(costOf(schedule, usage, standard)).toBe(Number(others + cached));
      }),
    );
  });

  test("of another service tier is that of the standard one where no factor is known", () => {
    const usage = { ...noUsage, inputTokens: 7, outputTokens: 3 };
    expect(costOf(schedule, usage, { atMs: 0, serviceTier: "flex" })).toBe(costOf(schedule, usage, standard));
  });

  test("beyond what any call costs is not told", () => {
    const rates = { input: 999_999_999_999, output: 0 };
    const dear: PriceSchedule = { periods: [{ rates }] };
    expect(costOf(dear, { ...noUsage, inputTokens: 500 }, standard)).toBeLessThanOrEqual(callCostMax);
    expect(costOf(dear, { ...noUsage, inputTokens: 501 }, standard)).toBeUndefined();
    expect(costOf(dear, { ...noUsage, inputTokens: 100_000_000 }, standard)).toBeUndefined();
  });

  test("of keeping a cache is by token and hour, parts of an hour as parts", () => {
    const stored = { tokens: 1_000, atMs: 0 };
    expect(cacheStorageCost(schedule, { ...stored, durationMs: 3_600_000 })).toBe(4_500_000_000);
    expect(cacheStorageCost(schedule, { ...stored, durationMs: 1_800_000 })).toBe(2_250_000_000);
    expect(cacheStorageCost(schedule, { tokens: 1, durationMs: 1, atMs: 0 })).toBe(2);
    expect(cacheStorageCost(schedule, { ...stored, durationMs: 1, atMs: dayMs })).toBeUndefined();
  });
});

describe("a report of usage", () => {
  test("can be true when its counts are", () => {
    fc.assert(fc.property(usages, (usage) => isPlausible(usage)));
  });

  test.each([
    { outputTokens: -1 },
    { inputTokens: 1.5 },
    { inputTokens: Number.NaN },
    { outputTokens: 100_000_001 },
    { thinkingTokens: Number.POSITIVE_INFINITY },
    { inputTokens: 10, cachedInputTokens: 11 },
    { inputByModality: { audio: -1 } },
  ])("cannot be true: %j", (usage) => {
    expect(isPlausible({ ...noUsage, ...usage })).toBe(false);
  });
});

describe("the bill of a call", () => {
  const estimate = { inputTokens: 100, outputTokens: 20, thinkingTokens: 5 };
  const estimated = { ...noUsage, ...estimate };
  const call: BilledCall = { sent: true, status: 200, estimate: () => estimate, atMs: 0 };
  const usage = { ...noUsage, inputTokens: 10, outputTokens: 1 };

  test("is what the provider reported, however the call ended", () => {
    expect(billOf({ ...call, usage }, schedule)).toEqual({
      usage,
      estimated: false,
      picoDollars: 30_000_000,
    });
    expect(billOf({ ...call, usage, status: 500 }, schedule)).toMatchObject({ picoDollars: 30_000_000 });
  });

  test("is an estimate where nothing was reported, or nothing that can be true", () => {
    const expected = { usage: estimated, estimated: true, picoDollars: 450_000_000 };
    expect(billOf(call, schedule)).toEqual(expected);
    expect(billOf({ ...call, usage: { ...usage, outputTokens: -5 } }, schedule)).toEqual(expected);
    expect(billOf({ ...call, usage: { ...usage, outputTokens: 90_000_000 } }, schedule)).toEqual(expected);
  });

  test("is nothing where the provider refused, or was never reached", () => {
    expect(billOf({ ...call, status: 429 }, schedule)).toEqual({ estimated: false, picoDollars: 0 });
    expect(billOf({ ...call, status: 503 }, schedule)).toEqual({ estimated: false, picoDollars: 0 });
    const { status: _, ...unanswered } = call;
    expect(billOf({ ...unanswered, sent: false }, schedule)).toEqual({ estimated: false, picoDollars: 0 });
    expect(billOf(unanswered, schedule)).toMatchObject({ estimated: true });
  });

  test("has no price where none is known: usage is told, not guessed", () => {
    expect(billOf({ ...call, usage }, undefined)).toEqual({ usage, estimated: false });
    expect(billOf(call, undefined)).toEqual({ estimated: false });
  });

  test.each([
    { told: {}, picoDollars: 30_000_000 },
    { told: { askedTier: "auto" }, picoDollars: 30_000_000 },
    { told: { askedTier: "priority" }, picoDollars: 54_000_000 },
    { told: { askedTier: "priority", servedTier: "standard" }, picoDollars: 30_000_000 },
    { told: { askedTier: "priority", servedTier: "standard", inUsage: "batch" }, picoDollars: 15_000_000 },
  ] as const)(
    "goes by the service tier that was given before the one that was asked for: %j",
    ({ told, picoDollars }) => {
      const { inUsage, ...tiers }: Told = told;
      const reported = { ...usage, ...(inUsage && { serviceTier: inUsage }) };
      expect(billOf({ ...call, ...tiers, usage: reported }, schedule)).toMatchObject({ picoDollars });
    },
  );

  test("tells the service tier that was given, also where the answer's headers alone have it", () => {
    expect(billOf({ ...call, usage, servedTier: "priority" }, schedule).usage).toEqual({
      ...usage,
      serviceTier: "priority",
    });
    expect(billOf({ ...call, servedTier: "batch" }, schedule)).toEqual({
      usage: { ...estimated, serviceTier: "batch" },
      estimated: true,
      picoDollars: 225_000_000,
    });
  });
});

/** Where a service tier can be told. */
interface Told {
  readonly askedTier?: string;
  readonly servedTier?: ServiceTier;
  readonly inUsage?: ServiceTier;
}
