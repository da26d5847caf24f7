import { describe, expect, test } from "vitest";
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

/** A request of a unit at some time, told apart by a number. */
function at(
  number: number,
  startedAtMs: number,
  assigned: Parameters<typeof testAssignment>[0] = { unit: `unit ${number}` },
): RequestRecord {
  return testRecord({
    requestId: testId(noonMs, number),
    startedAtMs,
    decision: testDecision({ experiment: testAssignment(assigned) }),
  });
}

/**
 * What every request log must tell of the units of experiments by when they came.
 * @param emptyStore gives an empty store before each test
 */
export function unitPartsContract(name: string, emptyStore: () => Promise<RequestLogStore>): void {
  describe(`units of experiments by when they came: ${name}`, () => {
    test("it is told when the first came, when shares of them had come, and when the last", async () => {
      const store = await emptyStore();
      const unitsMs = [4, 0, 3, 1, 2].map((more) => noonMs + 1_000 * more);
      await store.insert([
        ...unitsMs.map((timeMs, number) => at(number, timeMs)),
        // A later request of the first unit, of another phase, and one that does not last.
        at(10, noonMs + 9_000, { unit: "unit 1" }),
        at(11, noonMs - 9_000, { unit: "unit 11", phase: 1 }),
        at(12, noonMs - 9_000, { unit: "unit 12", stable: false }),
      ]);
      expect(await store.experimentEntries({ ...inTwoPhases, stable: true, moments: 2 })).toEqual({
        firstMs: noonMs,
        lastMs: noonMs + 4_000,
        timesMs: [noonMs + 2_000, noonMs + 4_000],
      });
      expect((await store.experimentEntries({ ...inTwoPhases, moments: 1 }))?.firstMs).toBe(noonMs - 9_000);
      expect(await store.experimentEntries({ ...inTwoPhases, phase: 3, moments: 1 })).toBeUndefined();
    });

    test("moments are told part by part, a unit in the part of its first request", async () => {
      const store = await emptyStore();
      await store.insert([
        at(1, noonMs, { unit: "early" }),
        at(2, noonMs + 60_000, { unit: "early" }),
        at(3, noonMs + 1_000, { unit: "on the edge" }),
        at(4, noonMs + 1_001, { unit: "after it" }),
        at(5, noonMs + 5_000, { unit: "late" }),
        at(6, noonMs + 1_000, { unit: "another", variant: "Pro" }),
      ]);
      const parts = { timesMs: [noonMs + 1_000, noonMs + 2_000] };
      const told = await store.experimentMoments({ ...inTwoPhases, measures: ["requests"], parts });
      expect(told).toEqual([
        { variant: "Pro", part: 0, units: 1, means: [1], deviations: [[0]] },
        { variant: "fast", part: 0, units: 2, means: [1.5], deviations: [[expect.closeTo(0.5, 12)]] },
        { variant: "fast", part: 1, units: 1, means: [1], deviations: [[0]] },
        { variant: "fast", part: 2, units: 1, means: [1], deviations: [[0]] },
      ]);
      const counted = await store.experimentMoments({ ...inTwoPhases, measures: [], parts });
      expect(counted.map(({ part, units }) => [part, units])).toEqual([
        [0, 1],
        [0, 2],
        [1, 1],
        [2, 1],
      ]);
    });

    test("segments are those of a unit's first request, whatever came first into the log", async () => {
      const store = await emptyStore();
      const of = (unit: string, tier: string | undefined, variant = "fast") => ({
        unit,
        variant,
        segments: tier === undefined ? {} : { tier },
      });
      await store.insert([at(2, noonMs + 60_000, of("a", "paid")), at(3, noonMs + 1_000, of("b", "free"))]);
      await store.insert([at(1, noonMs, of("a", "it's free")), at(4, noonMs + 90_000, of("b", "paid"))]);
      await store.insert([at(5, noonMs, of("c", "free", "Pro")), at(6, noonMs, of("d", undefined))]);
      await store.insert([at(7, noonMs, { unit: "e" }), at(8, noonMs, { unit: "f", phase: 1 })]);
      const query = { ...inTwoPhases, stable: true, tag: "tier" };
      expect(await store.experimentSegments({ ...query, limit: 9 })).toEqual(["free", "it's free"]);
      expect(await store.experimentSegments({ ...query, limit: 1 })).toEqual(["free"]);
      expect(await store.experimentSegments({ ...query, tag: "'; drop", limit: 1 })).toEqual([]);
      const parts = { tag: "tier", values: ["free", "it's free"] };
      const told = await store.experimentMoments({ ...inTwoPhases, measures: ["requests"], parts });
      expect(told.map(({ variant, part, units, means }) => [variant, part, units, ...means])).toEqual([
        ["Pro", 0, 1, 1],
        ["fast", 0, 1, 2],
        ["fast", 1, 1, 2],
        ["fast", 2, 2, 1],
      ]);
    });
  });
}
