import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { unitMeasures, type UnitMeasure } from "#core/experiments/plan/unit-measures.ts";
import type { VariantMoments } from "./experiment-moments.ts";
import type { RequestRecord } from "#features/traffic/request-record.ts";
import {
  noonMs,
  testAssignment,
  testDecision,
  testId,
  testRecord,
} from "#features/traffic/request-record.test-support.ts";
import type { RequestLogStore } from "#features/traffic/store.ts";

const inTwoPhases = { experiment: "flash-or-pro", phase: 2 };

/** A request of a unit, told apart by a number. */
function exposure(
  number: number,
  assigned: Parameters<typeof testAssignment>[0],
  changes: Partial<RequestRecord> = {},
): RequestRecord {
  return testRecord({
    requestId: testId(noonMs, number),
    decision: testDecision({ experiment: testAssignment(assigned), degraded: "elsewhere" }),
    ...changes,
  });
}

const usage = (outputTokens: number) => ({
  inputTokens: 100,
  cachedInputTokens: 50,
  toolInputTokens: 7,
  outputTokens,
  thinkingTokens: 3,
});

/** The moments of one measure of the only variant. */
function only(moments: readonly VariantMoments[]): VariantMoments {
  const [first] = moments;
  if (!first || moments.length > 1) expect.unreachable("one variant is wanted");
  return first;
}

/**
 * What every request log must tell of the units of experiments.
 * @param emptyStore gives an empty store before each test
 */
export function experimentMomentsContract(name: string, emptyStore: () => Promise<RequestLogStore>): void {
  describe(`units of experiments: ${name}`, () => {
    const sumsOf = async (
      store: RequestLogStore,
    ): Promise<Readonly<Partial<Record<UnitMeasure, number>>>> => {
      const { units, means } = only(
        await store.experimentMoments({ ...inTwoPhases, measures: unitMeasures }),
      );
      return Object.fromEntries(
        unitMeasures.map((measure, place) => [measure, Number(((means[place] ?? 0) * units).toFixed(6))]),
      );
    };

    test("all that one request tells is summed", async () => {
      const store = await emptyStore();
      await store.insert([
        exposure(
          1,
          {},
          {
            usage: usage(40),
            cost: { picoDollars: 123_000_000, estimated: true, unpricedAttempts: 1 },
            timings: { queueMs: 0, gatewayMs: 1, totalMs: 812.5, firstContentMs: 240.5, lastContentMs: 810 },
          },
        ),
      ]);
      expect(await sumsOf(store)).toEqual({
        requests: 1,
        completed: 1,
        failed: 0,
        aborted: 0,
        fallbacks: 0,
        keptAnswers: 0,
        blocked: 0,
        unpriced: 1,
        inputTokens: 107,
        outputTokens: 40,
        thinkingTokens: 3,
        picoDollars: 123_000_000,
        timed: 1,
        totalMs: 812.5,
        firstContents: 1,
        firstContentMs: 240.5,
        streamedTokens: 43,
        streamedMs: 569.5,
        formatChecked: 0,
        formatMissed: 0,
        formatUnchecked: 0,
        questions: 0,
        regenerated: 0,
      });
    });

    test("an answer that had been kept has no time of its own, a fallback and a block are counted", async () => {
      const store = await emptyStore();
      const experiment = testAssignment();
      await store.insert([
        exposure(1, {}, { decision: testDecision({ experiment, degraded: "cached" }), usage: usage(1) }),
        exposure(2, {}, { decision: testDecision({ experiment, degraded: "fallback" }), outcome: "failed" }),
        exposure(3, {}, { decision: testDecision({ experiment, degraded: "shorter" }), outcome: "aborted" }),
        exposure(4, {}, { finishReason: "content-filter" }),
      ]);
      expect(await sumsOf(store)).toMatchObject({
        requests: 4,
        completed: 2,
        failed: 1,
        aborted: 1,
        fallbacks: 2,
        keptAnswers: 1,
        blocked: 1,
        timed: 1,
        totalMs: 812.5,
        firstContents: 3,
        firstContentMs: 3 * 240.5,
        streamedTokens: 0,
        streamedMs: 0,
      });
    });

    test("requests of one unit are one row, in however many batches, each request once", async () => {
      const store = await emptyStore();
      await store.insert([exposure(1, {}), exposure(2, {})]);
      await store.insert([exposure(2, {}), exposure(3, {})]);
      await store.insert([exposure(4, { unit: "another unit" })]);
      const { units, means, deviations } = only(
        await store.experimentMoments({ ...inTwoPhases, measures: ["requests"] }),
      );
      expect({ units, means, deviations }).toEqual({ units: 2, means: [2], deviations: [[2]] });
    });

    test("only units of that phase of that experiment, which are known, and stable ones where they are asked for", async () => {
      const store = await emptyStore();
      const { unit: _unit, ...unknown } = testAssignment();
      await store.insert([
        exposure(1, {}),
        exposure(2, { phase: 1, unit: "of another phase" }),
        exposure(3, { name: "another", unit: "of another experiment" }),
        exposure(4, { unit: "by itself", stable: false }),
        exposure(5, {}, { decision: testDecision({ experiment: unknown }) }),
        exposure(
          6,
          {},
          {
            decision: testDecision({ experiment: { ...inTwoPhases, name: "flash-or-pro", outside: "why" } }),
          },
        ),
        testRecord({ requestId: testId(noonMs, 7) }),
      ]);
      const unitsOf = async (stable?: boolean) => {
        const moments = await store.experimentMoments({
          ...inTwoPhases,
          measures: [],
          ...(stable !== undefined && { stable }),
        });
        return moments.map(({ units }) => units);
      };
      expect(await unitsOf()).toEqual([2]);
      expect(await unitsOf(true)).toEqual([1]);
      expect(await unitsOf(false)).toEqual([1]);
      expect(await store.experimentMoments({ experiment: "none", phase: 1, measures: ["requests"] })).toEqual(
        [],
      );
    });

    test("the unit with the most requests of each variant is told, of units that last", async () => {
      const store = await emptyStore();
      await store.insert([
        exposure(1, { unit: "b" }),
        exposure(2, { unit: "b" }),
        exposure(3, { unit: "c" }),
        exposure(4, { unit: "c" }),
        exposure(5, { unit: "a" }),
        exposure(6, { unit: "alone", variant: "Deep" }),
        exposure(7, { unit: "of another phase", phase: 1 }),
        exposure(8, { unit: "by itself", stable: false }),
      ]);
      expect(await store.experimentLargest(inTwoPhases)).toEqual([
        { variant: "Deep", unit: "alone", requests: 1, units: 1, requestsOfAll: 1 },
        { variant: "fast", unit: "b", requests: 2, units: 3, requestsOfAll: 5 },
      ]);
    });

    test("rows that are dropped stay in what was summed", async () => {
      const store = await emptyStore();
      await store.insert([exposure(1, {})]);
      await store.dropBefore("2026-12-31", "rows");
      expect((await sumsOf(store)).requests).toBe(1);
    });

    test("units of a phase are dropped, some at a time; those of others stay", async () => {
      const store = await emptyStore();
      await store.insert([
        exposure(1, { unit: "a" }),
        exposure(2, { unit: "b" }),
        exposure(3, { unit: "c" }),
        exposure(4, { unit: "a", phase: 1 }),
      ]);
      expect(await store.dropUnits(inTwoPhases, 2)).toBe(2);
      expect((await sumsOf(store)).requests).toBe(1);
      expect(await store.dropUnits(inTwoPhases, 2)).toBe(1);
      expect(await store.dropUnits(inTwoPhases, 2)).toBe(0);
      expect(await store.experimentMoments({ ...inTwoPhases, measures: ["requests"] })).toEqual([]);
      expect(await store.experimentLargest(inTwoPhases)).toEqual([]);
      expect(await store.experimentPeriods({ ...inTwoPhases, widthMs: 60_000 })).toEqual([]);
      const before = { ...inTwoPhases, phase: 1, measures: ["requests"] } as const;
      expect(await store.experimentMoments(before)).toMatchObject([{ units: 1 }]);
      expect(await store.experimentPeriods({ ...before, widthMs: 60_000 })).toMatchObject([{ requests: 1 }]);
    });

    test("large numbers that hardly differ keep what they differ by", async () => {
      const store = await emptyStore();
      const costs = [1, 2, 3, 4].map((more) => 1e15 + more);
      await store.insert(
        costs.map((picoDollars, number) =>
          exposure(
            number,
            { unit: `unit ${number}` },
            { cost: { picoDollars, estimated: false, unpricedAttempts: 0 } },
          ),
        ),
      );
      const { means, deviations } = only(
        await store.experimentMoments({ ...inTwoPhases, measures: ["picoDollars"] }),
      );
      expect(means).toEqual([1e15 + 2.5]);
      expect(deviations).toEqual([[5]]);
    });

    test("for any requests, the moments are those of the units' sums, variant by variant", async () => {
      const request = fc.record({
        unit: fc.integer({ min: 0, max: 6 }),
        tokens: fc.nat(1_000),
        ms: fc.integer({ min: 1, max: 90_000 }),
        completed: fc.boolean(),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 40 }), async (requests) => {
          const store = await emptyStore();
          const records = requests.map(({ unit, tokens, ms, completed }, number) =>
            exposure(
              number,
              { unit: `unit ${unit}`, variant: unit % 2 === 0 ? "Even" : "odd" },
              {
                usage: usage(tokens),
                outcome: completed ? "completed" : "failed",
                timings: { queueMs: 0, gatewayMs: 0, totalMs: ms },
              },
            ),
          );
          for (let at = 0; at < records.length; at += 15) await store.insert(records.slice(at, at + 15));
          const moments = await store.experimentMoments({
            ...inTwoPhases,
            measures: ["outputTokens", "totalMs", "timed"],
          });
          const wanted = ["Even", "odd"].filter((_, parity) =>
            requests.some(({ unit }) => unit % 2 === parity),
          );
          expect(moments.map(({ variant }) => variant)).toEqual(wanted);
          for (const { variant, units, means, deviations } of moments) {
            const parity = variant === "Even" ? 0 : 1;
            const of = requests.filter(({ unit }) => unit % 2 === parity);
            const rows = [...Map.groupBy(of, ({ unit }) => unit).values()].map((one) => [
              one.reduce((sum, { tokens }) => sum + tokens, 0),
              one.reduce((sum, { ms, completed }) => sum + (completed ? ms : 0), 0),
              one.filter(({ completed }) => completed).length,
            ]);
            expect(units).toBe(rows.length);
            for (const place of [0, 1, 2]) {
              const mean = rows.reduce((sum, row) => sum + (row[place] ?? 0), 0) / rows.length;
              expect(means[place]).toBeCloseTo(mean, 6);
              for (const other of [0, 1, 2]) {
                const otherMean = means[other] ?? 0;
                const product = rows.reduce(
                  (sum, row) => sum + ((row[place] ?? 0) - mean) * ((row[other] ?? 0) - otherMean),
                  0,
                );
                expect(deviations[place]?.[other]).toBeCloseTo(product, 3);
              }
            }
          }
        }),
        { numRuns: 20 },
      );
    });
  });
}
