import * as fc from "fast-check";
import { expect, test } from "vitest";
import { RecentRequests, recentMax } from "./recent-requests.ts";
import { noonMs, testId, testRecord } from "./request-record.test-support.ts";
import { trafficService } from "./service.ts";
import { memoryRequestLogStore } from "./store.memory.ts";

const clock = { nowMs: () => noonMs };

function numbered(number: number) {
  const startedAtMs = noonMs + (number % 3);
  return testRecord({ requestId: testId(startedAtMs, number), startedAtMs });
}

test("pages over what is remembered, stored or both give each request once, newest first", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom("stored", "recent", "both"), { maxLength: 30 }),
      fc.integer({ min: 1, max: 8 }),
      async (places, limit) => {
        const store = memoryRequestLogStore();
        const recent = new RecentRequests();
        const records = places.map((place, index) => ({ place, record: numbered(index) }));
        await store.insert(records.filter(({ place }) => place !== "recent").map(({ record }) => record));
        for (const { place, record } of records) if (place !== "stored") recent.add(record);
        const service = trafficService(store, recent, clock);
        const ids: string[] = [];
        let before: string | undefined;
        do {
          const page = await service.list({ filters: {}, limit, ...(before && { before }) });
          ids.push(...page.records.map((record) => record.requestId));
          before = page.next;
        } while (before !== undefined);
        expect(ids).toEqual(
          records
            .map(({ record }) => record.requestId)
            .toSorted()
            .toReversed(),
        );
      },
    ),
  );
});

test("a request is found before it is stored, after, and nowhere under text that is no id", async () => {
  const store = memoryRequestLogStore();
  const recent = new RecentRequests();
  const service = trafficService(store, recent, clock);
  recent.add(numbered(1));
  await store.insert([numbered(2)]);
  expect(await service.get(numbered(1).requestId)).toEqual(numbered(1));
  expect(await service.get(numbered(2).requestId)).toEqual(numbered(2));
  expect(await service.get("../etc/passwd")).toBeUndefined();
});

test("memory keeps the newest only, and filters apply to it", async () => {
  const recent = new RecentRequests();
  for (let number = 0; number <= recentMax; number++)
    recent.add(testRecord({ requestId: testId(noonMs, number) }));
  expect(recent.all()).toHaveLength(recentMax);
  expect(recent.get(testId(noonMs, 0))).toBeUndefined();
  const service = trafficService(memoryRequestLogStore(), recent, clock);
  expect((await service.list({ filters: { route: "none" }, limit: 5 })).records).toEqual([]);
  expect((await service.list({ filters: { route: "support" }, limit: 5 })).records).toHaveLength(5);
});

test("sums say which time they cover: the one asked for in whole minutes, in hours or days where minutes are not kept", async () => {
  const store = memoryRequestLogStore();
  const service = trafficService(store, new RecentRequests(), clock);
  await store.recordGap({ fromMs: noonMs, toMs: noonMs, requests: 3, reason: "the disk is full" });
  const covered = async (agoMs: number) => {
    const fromMs = noonMs - agoMs + 61_000;
    const { gaps, ...range } = await service.totals({ fromMs, toMs: noonMs + 1, by: [] });
    expect(gaps).toHaveLength(1);
    return [new Date(range.fromMs).toISOString(), new Date(range.toMs).toISOString()];
  };
  const dayMs = 86_400_000;
  expect(await covered(3_600_000)).toEqual(["2026-11-25T11:01:00.000Z", "2026-11-25T12:01:00.000Z"]);
  expect(await covered(20 * dayMs)).toEqual(["2026-11-05T12:00:00.000Z", "2026-11-25T13:00:00.000Z"]);
  expect(await covered(500 * dayMs)).toEqual(["2025-07-13T00:00:00.000Z", "2026-11-26T00:00:00.000Z"]);
});

test("sums that would keep a database busy for long, or that nothing is kept for, are refused with what is wanted", async () => {
  const service = trafficService(memoryRequestLogStore(), new RecentRequests(), clock);
  const range = { fromMs: noonMs - 8 * 86_400_000, toMs: noonMs };
  await expect(service.totals({ ...range, by: ["outcome"] })).rejects.toMatchObject({
    code: "invalid-request",
    message: expect.stringContaining("at most 7 days are wanted"),
  });
  const old = { fromMs: noonMs - 20 * 86_400_000, toMs: noonMs - 19 * 86_400_000, by: [] };
  await expect(service.series({ ...old, resolution: "minute" })).rejects.toThrow(
    /at most 750 minutes are wanted/,
  );
  const oldHour = { ...old, toMs: old.fromMs + 3_600_000 };
  await expect(service.series({ ...oldHour, resolution: "minute" })).rejects.toThrow(/step hour is wanted/);
  expect(await service.series({ ...old, resolution: "hour" })).toMatchObject({ points: [] });
});
