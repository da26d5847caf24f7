import * as fc from "fast-check";
import { expect, test } from "vitest";
import { RecentRequests, recentMax } from "./recent-requests.ts";
import { noonMs, testId, testRecord } from "./request-record.test-support.ts";
import { trafficService } from "./service.ts";
import { memoryRequestLogStore } from "./store.memory.ts";

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
        const service = trafficService(store, recent);
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
  const service = trafficService(store, recent);
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
  const service = trafficService(memoryRequestLogStore(), recent);
  expect((await service.list({ filters: { route: "none" }, limit: 5 })).records).toEqual([]);
  expect((await service.list({ filters: { route: "support" }, limit: 5 })).records).toHaveLength(5);
});
