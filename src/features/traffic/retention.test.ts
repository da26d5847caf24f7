import { expect, test } from "vitest";
import { FakeTime } from "../../../test/support/fake-time.ts";
import { Retention, type RetentionEvent } from "./retention.ts";
import { noonMs, testId, testRecord } from "./request-record.test-support.ts";
import { memoryRequestLogStore } from "./store.memory.ts";
import type { KeptKind, RequestLogStore } from "./store.ts";

const dayMs = 86_400_000;

function world(changes: Partial<RequestLogStore> = {}) {
  const time = new FakeTime(noonMs);
  const store = memoryRequestLogStore();
  const prepared: string[][] = [];
  const dropped: string[] = [];
  const events: RetentionEvent[] = [];
  const endedBefore: string[] = [];
  const retention = new Retention({
    store: {
      prepareDays: async (days) => void prepared.push([...days]),
      dropBefore: async (day, what) => {
        dropped.push(`${what} before ${day}`);
        return store.dropBefore(day, what);
      },
      dropUnits: (phase, limit) => store.dropUnits(phase, limit),
      ...changes,
    },
    endedPhases: async (timeMs) => {
      endedBefore.push(new Date(timeMs).toISOString().slice(0, 10));
      return [
        { experiment: "tone", phase: 1 },
        { experiment: "tone", phase: 2 },
      ];
    },
    clock: time,
    timers: time,
    rowsRetentionMs: 30 * dayMs,
    contentRetentionMs: 7 * dayMs,
    experimentsRetentionMs: 400 * dayMs,
    onEvent: (event) => events.push(event),
  });
  return { time, store, prepared, dropped, events, endedBefore, retention };
}

/** Lets promises that wait for nothing outside go on. */
const settled = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

test("each kind is dropped by whole days when its own time is over", async () => {
  const { dropped, retention, prepared } = world();
  await retention.run();
  expect(dropped).toEqual([
    "content before 2026-11-18",
    "rows before 2026-10-26",
    "minutes before 2026-11-11",
    "hours before 2025-10-21",
    "units before 2026-08-17",
  ]);
  expect(prepared).toEqual([["2026-11-25", "2026-11-26"]]);
});

test("what went is told, nothing when nothing was too old", async () => {
  const { store, events, retention } = world();
  const startedAtMs = noonMs - 31 * dayMs;
  await store.insert([testRecord({ requestId: testId(startedAtMs), startedAtMs }), testRecord()]);
  await retention.run();
  expect(events).toContainEqual({ kind: "log-days-dropped", what: "rows", before: "2026-10-26", days: 1 });
  expect((await store.list({ filters: {}, limit: 5 })).records).toHaveLength(1);
  events.length = 0;
  await retention.run();
  expect(events).toEqual([]);
});

test("it looks a minute after the start and then hourly, until it is stopped", async () => {
  const { time, prepared, retention } = world();
  retention.start();
  time.advance(59_999);
  await settled();
  expect(prepared).toHaveLength(0);
  time.advance(1);
  await settled();
  expect(prepared).toHaveLength(1);
  time.advance(3_600_000);
  await settled();
  expect(prepared).toHaveLength(2);
  await retention.stop();
  expect(time.waiting).toBe(0);
});

test("stopping waits for the look under way, after which none follows", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { time, retention } = world({ prepareDays: () => promise });
  retention.start();
  time.advance(60_000);
  let stopped = false;
  const stopping = retention.stop().then(() => (stopped = true));
  await settled();
  expect(stopped).toBe(false);
  resolve();
  await stopping;
  expect(time.waiting).toBe(0);
});

test("one kind that fails does not keep the others from going, and is tried again", async () => {
  let fails = true;
  const asked: KeptKind[] = [];
  const { events, retention } = world({
    dropBefore: async (_day, what) => {
      asked.push(what);
      if (what === "rows" && fails) throw new Error("busy");
      return 0;
    },
  });
  await retention.run();
  expect(events).toEqual([{ kind: "log-retention-failed", what: "rows", error: new Error("busy") }]);
  expect(asked).toEqual(["content", "rows", "minutes", "hours", "units"]);
  fails = false;
  await retention.run();
  expect(events).toHaveLength(1);
});

test("the units of phases that ended long ago are dropped, all of them, and told", async () => {
  let left = 25_000;
  const asked: number[] = [];
  const { events, endedBefore, retention } = world({
    dropUnits: async ({ phase }, limit) => {
      asked.push(phase);
      const dropped = phase === 1 ? Math.min(limit, left) : 0;
      left -= dropped;
      return dropped;
    },
  });
  await retention.run();
  expect(endedBefore).toEqual(["2025-10-21"]);
  expect(asked).toEqual([1, 1, 1, 2]);
  expect(events).toEqual([{ kind: "experiment-units-dropped", experiment: "tone", phase: 1, units: 25_000 }]);
});

test("of very many units some are left to the next look", async () => {
  let asked = 0;
  const { events, retention } = world({
    dropUnits: async (_phase, limit) => {
      asked += 1;
      return limit;
    },
  });
  await retention.run();
  expect(asked).toBe(500);
  expect(events).toMatchObject([{ phase: 1, units: 5_000_000 }]);
});
