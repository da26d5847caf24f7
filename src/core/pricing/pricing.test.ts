import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Usage } from "#core/llm/usage.ts";
import { billOf, type BilledCall } from "./billing.ts";
import { cacheStorageCost, callCostMax, costOf } from "./cost-of.ts";
import { picoPerDollar, picoPerToken, quotedPrice, usdText } from "./money.ts";
import { isPlausible } from "./plausible-usage.ts";
import { nextPrices, pricesAt, ratesFor, type PriceSchedule } from "./price-schedule.ts";

const dayMs = 86_400_000;
const schedule: PriceSchedule = {
  periods: [
    {
      rates: { input: 2_000_000, cachedInput: 100_000, output: 10_000_000 },
      tiers: [{ aboveInputTokens: 1_000, rates: { input: 4_000_000, output: 20_000_000 } }],
      factors: { batch: { numerator: 1, denominator: 2 }, priority: { numerator: 9, denominator: 5 } },
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

  test("law: other service tiers are the exact fraction, rounded up", () => {
    fc.assert(
      fc.property(usages, (usage) => {
        const cost = BigInt(costOf(schedule, usage, standard) ?? 0);
        expect(costOf(schedule, usage, { atMs: 0, serviceTier: "batch" })).toBe(Number((cost + 1n) / 2n));
        expect(costOf(schedule, usage, { atMs: 0, serviceTier: "priority" })).toBe(
          Number((cost * 9n + 4n) / 5n),
        );
        expect(costOf(schedule, usage, { atMs: 0, serviceTier: "flex" })).toBe(Number(cost));
      }),
    );
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
  const call: BilledCall = { sent: true, status: 200, estimate, atMs: 0 };
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

  test("goes by the service tier that was given before the one that was asked for", () => {
    expect(billOf({ ...call, usage, serviceTier: "priority" }, schedule)).toMatchObject({
      picoDollars: 54_000_000,
    });
    expect(
      billOf({ ...call, usage: { ...usage, serviceTier: "batch" }, serviceTier: "priority" }, schedule),
    ).toMatchObject({ picoDollars: 15_000_000 });
    expect(billOf({ ...call, usage, serviceTier: "auto" }, schedule)).toMatchObject({
      picoDollars: 30_000_000,
    });
  });
});
