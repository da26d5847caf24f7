import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { versionsMax } from "./experiment-periods.ts";
import type { RequestRecord } from "#features/traffic/request-record.ts";
import {
  noonMs,
  testAssignment,
  testDecision,
  testId,
  testRecord,
} from "#features/traffic/request-record.test-support.ts";
import type { RequestLogStore } from "#features/traffic/store.ts";

const phase = { experiment: "flash-or-pro", phase: 2 };
const minuteMs = 60_000;

/** A request of a unit, told apart by a number, some minutes after noon. */
function asked(
  number: number,
  {
    minute = 0,
    assigned = {},
    degraded = "elsewhere",
    ...changes
  }: Partial<RequestRecord> & {
    readonly minute?: number;
    readonly assigned?: Parameters<typeof testAssignment>[0];
    readonly degraded?: "elsewhere" | "cached" | "fallback" | "shorter";
  } = {},
): RequestRecord {
  return testRecord({
    requestId: testId(noonMs, number),
    startedAtMs: noonMs + minute * minuteMs + 59_999,
    decision: testDecision({ experiment: testAssignment(assigned), degraded }),
    ...changes,
  });
}

/**
 * What every request log must tell of the periods of experiments.
 * @param emptyStore gives an empty store before each test
 */
export function experimentPeriodsContract(name: string, emptyStore: () => Promise<RequestLogStore>): void {
  describe(`periods of experiments: ${name}`, () => {
    test("each minute has what happened in it, the earliest first, whatever batch it came in", async () => {
      const store = await emptyStore();
      await store.insert([asked(1, { minute: 3 }), asked(2, { outcome: "failed" })]);
      await store.insert([
        asked(2, { outcome: "failed" }),
        asked(3, { degraded: "fallback" }),
        asked(4, { degraded: "shorter", outcome: "aborted" }),
        asked(5, { degraded: "cached" }),
        asked(6, { assigned: { variant: "Deep", unit: "another unit" } }),
      ]);
      const none = { requests: 1, failed: 0, aborted: 0, fallbacks: 0, keptAnswers: 0 };
      expect(await store.experimentPeriods({ ...phase, widthMs: minuteMs })).toEqual([
        { ...none, variant: "Deep", startMs: noonMs },
        {
          variant: "fast",
          startMs: noonMs,
          requests: 4,
          failed: 1,
          aborted: 1,
          fallbacks: 2,
          keptAnswers: 1,
        },
        { ...none, variant: "fast", startMs: noonMs + 3 * minuteMs },
      ]);
    });

    test("periods can be longer than minutes, and begin at multiples of their length", async () => {
      const store = await emptyStore();
      await store.insert([0, 4, 5, 11].map((minute, number) => asked(number, { minute })));
      const periods = await store.experimentPeriods({ ...phase, widthMs: 5 * minuteMs });
      expect(periods.map(({ startMs, requests }) => [(startMs - noonMs) / minuteMs, requests])).toEqual([
        [0, 2],
        [5, 1],
        [10, 1],
      ]);
    });

    test("only requests of that phase count, whose units are known and last", async () => {
      const store = await emptyStore();
      const answered = { model: "flash", version: "one" };
      const { unit: _unit, ...unknown } = testAssignment({ answered });
      await store.insert([
        asked(1, { assigned: { answered } }),
        asked(2, { assigned: { answered, phase: 1 } }),
        asked(3, { assigned: { answered, name: "another" } }),
        asked(4, { assigned: { answered, stable: false, unit: "by itself" } }),
        asked(5, { decision: testDecision({ experiment: unknown }) }),
        asked(6, {
          decision: testDecision({ experiment: { name: "flash-or-pro", phase: 2, outside: "why" } }),
        }),
        testRecord({ requestId: testId(noonMs, 7) }),
      ]);
      expect(await store.experimentPeriods({ ...phase, widthMs: minuteMs })).toMatchObject([{ requests: 1 }]);
      expect(await store.experimentVersions(phase)).toMatchObject([{ requests: 1 }]);
    });

    test("versions that answered are told by variant and model, with when they first and last did", async () => {
      const store = await emptyStore();
      const by = (version: string, model = "flash") => ({ assigned: { answered: { model, version } } });
      await store.insert([
        asked(1, { ...by("two"), minute: 2 }),
        asked(2, { ...by("one"), minute: 1 }),
        asked(3, { ...by("one"), minute: 4 }),
        asked(4, by("other", "alias")),
        asked(5),
        asked(6, {
          assigned: { variant: "Deep", unit: "another", answered: { model: "pro", version: "pro-1" } },
        }),
      ]);
      const told = await store.experimentVersions(phase);
      expect(
        told.map(({ variant, model, version, requests, firstMs, lastMs }) =>
          [
            variant,
            model,
            version,
            requests,
            ...[firstMs, lastMs].map((ms) => (ms - noonMs) / minuteMs),
          ].join(" "),
        ),
      ).toEqual([
        "Deep pro pro-1 1 0 0",
        "fast alias other 1 0 0",
        "fast flash one 2 1 4",
        "fast flash two 1 2 2",
      ]);
      const periods = await store.experimentPeriods({ ...phase, widthMs: minuteMs });
      expect(periods.map(({ requests }) => requests)).toEqual([1, 2, 1, 1, 1]);
      const later = await store.experimentVersions({ ...phase, sinceMs: noonMs + 2 * minuteMs });
      expect(later.map(({ version, requests }) => `${version} ${requests}`)).toEqual(["two 1", "one 1"]);
      expect(await store.experimentVersions({ ...phase, sinceMs: noonMs + 5 * minuteMs })).toEqual([]);
    });

    test("of very many versions those with the most requests are told", async () => {
      const store = await emptyStore();
      const by = (version: number) => ({
        assigned: { answered: { model: "flash", version: `v${version}` } },
      });
      await store.insert([...Array(versionsMax + 2).keys()].map((number) => asked(number, by(number))));
      await store.insert([asked(1_000, by(versionsMax + 1))]);
      const told = await store.experimentVersions(phase);
      expect(told).toHaveLength(versionsMax);
      expect(told.some(({ version }) => version === `v${versionsMax + 1}`)).toBe(true);
    });

    test("rows that are dropped stay in what was summed", async () => {
      const store = await emptyStore();
      await store.insert([asked(1, { assigned: { answered: { model: "flash", version: "one" } } })]);
      await store.dropBefore("2026-12-31", "rows");
      expect(await store.experimentPeriods({ ...phase, widthMs: minuteMs })).toMatchObject([{ requests: 1 }]);
      expect(await store.experimentVersions(phase)).toMatchObject([{ requests: 1 }]);
    });

    test("for any requests, in any batches, periods have what happened in them", async () => {
      const request = fc.record({
        minute: fc.nat(12),
        isOdd: fc.boolean(),
        outcome: fc.constantFrom("completed", "failed", "aborted"),
        degraded: fc.constantFrom("elsewhere", "fallback", "cached"),
      });
      await fc.assert(
        fc.asyncProperty(
          fc.array(request, { minLength: 1, maxLength: 40 }),
          fc.integer({ min: 1, max: 4 }),
          async (requests, width) => {
            const store = await emptyStore();
            const records = requests.map(({ isOdd, ...changes }, number) =>
              asked(number, { ...changes, assigned: { variant: isOdd ? "odd" : "Even", unit: `${isOdd}` } }),
            );
            for (let at = 0; at < records.length; at += 15) await store.insert(records.slice(at, at + 15));
            const widthMs = width * minuteMs;
            const periods = await store.experimentPeriods({ ...phase, widthMs });
            const placeOf = (one: (typeof requests)[number]) =>
              `${Math.floor((noonMs / minuteMs + one.minute) / width) * width} ${one.isOdd ? "odd" : "Even"}`;
            const wanted = Map.groupBy(requests, placeOf);
            expect(periods).toHaveLength(wanted.size);
            for (const { variant, startMs, ...told } of periods) {
              const of = wanted.get(`${startMs / minuteMs} ${variant}`) ?? [];
              expect(told).toEqual({
                requests: of.length,
                failed: of.filter(({ outcome }) => outcome === "failed").length,
                aborted: of.filter(({ outcome }) => outcome === "aborted").length,
                fallbacks: of.filter(({ degraded }) => degraded === "fallback").length,
                keptAnswers: of.filter(({ degraded }) => degraded === "cached").length,
              });
            }
          },
        ),
        { numRuns: 20 },
      );
    });
  });
}
