import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bucketOf } from "./histogram.ts";
import { prepareInsert } from "./prepare-insert.ts";
import type { RequestRecord } from "./request-record.ts";
import { noonMs, testAttempt, testDecision, testId, testRecord } from "./request-record.test-support.ts";
import { memoryTotals, memorySeries } from "./totals.memory.ts";
import type { RequestLogStore } from "./store.ts";
import { dimensions, type Total } from "./totals.ts";

const minuteMs = 60_000;
const hourMs = 3_600_000;
const dayMs = 86_400_000;
const usage = {
  inputTokens: 10,
  cachedInputTokens: 4,
  toolInputTokens: 1,
  outputTokens: 5,
  thinkingTokens: 2,
};

/** A request that failed over: both attempts cost something, the first an estimate. */
const movedOn = testRecord({
  requestId: testId(noonMs, 1),
  usage,
  attempts: [
    testAttempt({ outcome: "failed", failure: "reset", cost: { picoDollars: 7, estimated: true } }),
    testAttempt({ attempt: 2, deployment: "google-b", cost: { picoDollars: 100, estimated: false } }),
  ],
  cost: { picoDollars: 107, estimated: true, unpricedAttempts: 0 },
});

/** What every request log must count and sum. @param emptyStore gives an empty store before each test */
export function totalsContract(name: string, emptyStore: () => Promise<RequestLogStore>): void {
  describe(`totals: ${name}`, () => {
    test("a request is counted at the deployment of its last attempt, each attempt and its cost at its own", async () => {
      const store = await emptyStore();
      await store.insert([movedOn, refused(2)]);
      const byDeployment = await store.totals({ fromMs: noonMs, toMs: noonMs + 1, by: ["deployment"] });
      expect(new Set(byDeployment.map(({ group }) => group.deployment))).toEqual(
        new Set(["google-a", "google-b", undefined]),
      );
      expect(byDeployment).toHaveLength(3);
      const at = (deployment?: string) => byDeployment.find(({ group }) => group.deployment === deployment);
      expect(at("google-a")).toMatchObject({
        requests: 0,
        attempts: 1,
        attemptsFailed: 1,
        picoDollars: 7n,
        estimatedPicoDollars: 7n,
        total: { count: 0, msSum: 0 },
      });
      expect(at("google-b")).toMatchObject({
        requests: 1,
        completed: 1,
        fallbacks: 1,
        attempts: 1,
        attemptsFailed: 0,
        inputTokens: 10,
        picoDollars: 100n,
        estimatedPicoDollars: 0n,
        gatewayMsSum: 1.25,
        total: { count: 1, msSum: 812.5, p50: bucketOf(812.5), p95: bucketOf(812.5), p99: bucketOf(812.5) },
        firstContent: { count: 1, msSum: 240.5, p50: bucketOf(240.5) },
      });
      expect(at()).toMatchObject({ requests: 1, refused: 1, attempts: 0, picoDollars: 0n });
      expect(await store.totals({ fromMs: noonMs, toMs: noonMs + 1, by: [] })).toMatchObject([
        { group: {}, requests: 2, attempts: 2, picoDollars: 107n, estimatedPicoDollars: 7n },
      ]);
    });

    test("a batch sent twice, or again in two halves, or on two connections at once, counts once", async () => {
      const store = await emptyStore();
      const records = [1, 2, 3, 4, 5].map((number) => ({ ...movedOn, requestId: testId(noonMs, number) }));
      const batch = prepareInsert(records);
      const both = await Promise.all([store.insertPrepared(batch), store.insertPrepared(batch)]);
      expect(both.toSorted((one, other) => one - other)).toEqual([0, 5]);
      await store.insert(records.slice(0, 2));
      await store.insert([...records.slice(2), { ...movedOn, requestId: testId(noonMs, 6) }]);
      for (const by of [["route"], ["outcome"]] as const) {
        expect(await store.totals({ fromMs: noonMs, toMs: noonMs + 1, by })).toMatchObject([
          { requests: 6, attempts: 12, inputTokens: 60, picoDollars: 642n, firstContent: { count: 6 } },
        ]);
      }
    });

    test("sums by every set of dimensions, over any time, are those of the records", async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(anyRecord, { maxLength: 40 }),
          fc.subarray([...dimensions]),
          fc.integer({ min: -3 * dayMs, max: 0 }),
          fc.integer({ min: 1, max: 3 * dayMs }),
          async (drafts, by, beforeMs, lengthMs) => {
            const store = await emptyStore();
            const records = drafts.map(numbered);
            const middle = Math.floor(records.length / 2);
            await store.insert(records.slice(0, middle));
            await store.insert(records);
            const query = { fromMs: noonMs + beforeMs, toMs: noonMs + beforeMs + lengthMs, by };
            expect(sorted(await store.totals(query))).toEqual(sorted(memoryTotals(records, query)));
            expect(await store.totals({ ...query, only: { route: "none" } })).toEqual([]);
          },
        ),
        { numRuns: 25 },
      );
    });

    test.each(["minute", "hour", "day"] as const)(
      "a series has a point for each %s with requests, in order, and together they are the totals",
      async (resolution) => {
        await fc.assert(
          fc.asyncProperty(fc.array(anyRecord, { maxLength: 25 }), async (drafts) => {
            const store = await emptyStore();
            const records = drafts.map(numbered);
            await store.insert(records);
            const range = { fromMs: noonMs - 2 * dayMs, toMs: noonMs + 2 * dayMs };
            const query = { ...range, resolution, by: ["route"] as const };
            const points = await store.series(query);
            expect(points.map(({ startMs }) => startMs)).toEqual(
              points.map(({ startMs }) => startMs).toSorted((one, other) => one - other),
            );
            expect(sorted(points)).toEqual(sorted(memorySeries(records, query)));
            expect(points.reduce((sum, { requests }) => sum + requests, 0)).toBe(records.length);
          }),
          { numRuns: 8 },
        );
      },
    );

    test("only one route, variant or deployment is summed where one is named", async () => {
      const store = await emptyStore();
      const deep = testDecision({ route: "chat", variant: "deep" });
      await store.insert([movedOn, testRecord({ requestId: testId(noonMs, 2), decision: deep })]);
      const range = { fromMs: noonMs, toMs: noonMs + 1, by: [] };
      const requests = async (only: object) => (await store.totals({ ...range, only }))[0]?.requests;
      expect(await requests({ route: "chat" })).toBe(1);
      expect(await requests({ variant: "fast" })).toBe(1);
      expect(await requests({ route: "chat", variant: "fast" })).toBeUndefined();
      expect(await requests({ deployment: "google-a" })).toBe(1);
      const points = await store.series({ ...range, resolution: "hour", only: { variant: "deep" } });
      expect(points).toMatchObject([{ startMs: noonMs, requests: 1 }]);
    });

    test("ids of far days are kept, found, counted and dropped like others", async () => {
      const store = await emptyStore();
      const times = [0, Date.UTC(1999, 0, 1), Date.UTC(2031, 5, 6, 7), Date.UTC(2526, 1, 1), noonMs];
      const records = times.map((startedAtMs, number) =>
        testRecord({ requestId: testId(startedAtMs, number), startedAtMs }),
      );
      expect(await store.insert(records)).toBe(records.length);
      expect(await store.insert(records)).toBe(0);
      for (const record of records) expect(await store.get(record.requestId)).toEqual(record);
      const all = { fromMs: 0, toMs: Date.UTC(2600, 0, 1), by: [] };
      expect(await store.totals(all)).toMatchObject([{ requests: 5 }]);
      expect(await store.dropBefore("2030-01-01", "rows")).toBeGreaterThanOrEqual(3);
      const left = await store.list({ filters: {}, limit: 10 });
      expect(left.records.map(({ startedAtMs }) => startedAtMs)).toEqual([times[3], times[2]]);
    });

    test("whole days are dropped; what was counted of them stays, as long as its own kind is kept", async () => {
      const store = await emptyStore();
      const records = [-2, -1, 0].flatMap((day) => [
        testRecord({ requestId: testId(noonMs + day * dayMs, 1), startedAtMs: noonMs + day * dayMs }),
        testRecord({
          requestId: testId(noonMs + day * dayMs + hourMs + minuteMs, 2),
          startedAtMs: noonMs + day * dayMs + hourMs + minuteMs,
        }),
      ]);
      await store.prepareDays(["2026-11-23", "2026-11-24"]);
      await store.insert(records);
      await store.insertContent(records.map(({ requestId }) => contentOf(requestId)));
      const sum = async (fromMs: number, toMs: number) =>
        (await store.totals({ fromMs, toMs, by: [] })).map(({ requests, attempts }) => [requests, attempts]);
      const first = noonMs - 2 * dayMs;

      expect(await store.dropBefore("2026-11-24", "content")).toBeGreaterThanOrEqual(1);
      expect(await store.content(records[0]?.requestId ?? "")).toBeUndefined();
      expect(await store.content(records[2]?.requestId ?? "")).toBeDefined();
      expect(await store.get(records[0]?.requestId ?? "")).toBeDefined();

      expect(await store.dropBefore("2026-11-25", "rows")).toBeGreaterThanOrEqual(2);
      expect(await store.dropBefore("2026-11-25", "rows")).toBe(0);
      expect((await store.list({ filters: {}, limit: 10 })).records).toHaveLength(2);
      expect(await sum(first, first + minuteMs)).toEqual([[1, 1]]);

      expect(await store.dropBefore("2026-11-25", "minutes")).toBeGreaterThanOrEqual(2);
      expect(await sum(first, first + minuteMs)).toEqual([]);
      expect(await sum(first, first + hourMs)).toEqual([[1, 1]]);
      expect(await store.dropBefore("2026-11-25", "hours")).toBeGreaterThanOrEqual(2);
      expect(await sum(first, first + hourMs)).toEqual([]);
      expect(await sum(first - (noonMs % dayMs), noonMs + dayMs - (noonMs % dayMs))).toEqual([[6, 6]]);
      await store.dropBefore("2026-11-25", "units");

      // What is late for its day is kept where there is no partition any more.
      const late = testRecord({ requestId: testId(first, 3), startedAtMs: first });
      expect(await store.insert([late])).toBe(1);
      expect(await store.get(late.requestId)).toEqual(late);
    });
  });
}

function refused(number: number): RequestRecord {
  const { decision: _none, ...record } = testRecord({
    requestId: testId(noonMs, number),
    attempts: [],
    outcome: "refused",
    timings: { queueMs: 0, gatewayMs: 0.5, totalMs: 1 },
  });
  return record;
}

function contentOf(requestId: string) {
  return { requestId, request: "{}", response: "{}", truncated: false, redactions: 0 };
}

/** What is different in a record, and when it came in. */
interface Draft {
  readonly offsetMs: number;
  readonly changes: Partial<RequestRecord>;
}

const cost = fc.record({ picoDollars: fc.nat(1_000_000), estimated: fc.boolean() });

const anyAttempt = fc
  .record({ deployment: fc.constantFrom("a", "b", "c"), failed: fc.boolean(), cost })
  .map(({ deployment, failed, cost }) =>
    testAttempt({ deployment, outcome: failed ? "failed" : "completed", cost }),
  );

/** Within two days around noon, so that minutes, hours and days of a batch differ; estimated as a whole or not at all. */
const anyRecord: fc.Arbitrary<Draft> = fc
  .record({
    offsetMs: fc.integer({ min: -dayMs, max: dayMs }),
    route: fc.constantFrom("chat", "support"),
    variant: fc.constantFrom("fast", "deep"),
    model: fc.constantFrom("x", "y"),
    outcome: fc.constantFrom<RequestRecord["outcome"]>("completed", "failed", "aborted"),
    attempts: fc.array(anyAttempt, { maxLength: 3 }),
    estimated: fc.boolean(),
    used: fc.boolean(),
    totalMs: fc.nat(100_000),
    firstContentMs: fc.option(fc.nat(1_000), { nil: undefined }),
    unit: fc.constantFrom<RequestRecord["unit"]>({ id: "u", source: "user" }, { id: "r", source: "request" }),
  })
  .map(({ offsetMs, route, variant, estimated, used, totalMs, firstContentMs, unit, ...same }) => {
    // The log's own row has one deployment and one mark of estimates: only then do both ways of summing say the same.
    const attempts = same.attempts.map((attempt, index) => ({
      ...attempt,
      attempt: index + 1,
      deployment: same.attempts.at(-1)?.deployment ?? "",
      cost: { picoDollars: attempt.cost?.picoDollars ?? 0, estimated },
    }));
    const picoDollars = attempts.reduce((sum, attempt) => sum + attempt.cost.picoDollars, 0);
    return {
      offsetMs,
      changes: {
        ...same,
        attempts,
        decision: testDecision({ route, variant }),
        ...(attempts.length > 0 && { cost: { picoDollars, estimated, unpricedAttempts: 0 } }),
        ...(used && { usage }),
        ...(unit && { unit }),
        timings: {
          queueMs: 0,
          gatewayMs: 0.5,
          totalMs,
          ...(firstContentMs !== undefined && { firstContentMs }),
        },
      },
    };
  });

function numbered({ offsetMs, changes }: Draft, number: number): RequestRecord {
  const startedAtMs = noonMs + offsetMs;
  return testRecord({ ...changes, requestId: testId(startedAtMs, number), startedAtMs });
}

/** In one order, for groups of one size have none. */
function sorted<Group extends Total>(totals: readonly Group[]): readonly Group[] {
  const key = (total: Group): string =>
    JSON.stringify({ ...total, picoDollars: "", estimatedPicoDollars: "" }, Object.keys(total).toSorted()) +
    JSON.stringify(total.group);
  return totals.toSorted((one, other) => (key(one) < key(other) ? -1 : 1));
}
