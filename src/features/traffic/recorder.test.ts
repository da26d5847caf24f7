import { expect, test } from "vitest";
import { AppError } from "#core/kernel/app-error.ts";
import { FakeTime } from "../../../test/support/fake-time.ts";
import { batchDelayMs, batchSizeMax, queueMax, Recorder, type RecorderEvent } from "./recorder.ts";
import { noonMs, testId, testRecord } from "./request-record.test-support.ts";
import type { RequestRecord } from "./request-record.ts";
import { memoryRequestLogStore } from "./store.memory.ts";
import type { RequestLogStore } from "./store.ts";

const outage = new AppError("store-unavailable", "down", { retryable: true });

/** A recorder over a memory store that fails as told: `down` for outages, `poison` for records that it refuses. */
function testRecorder() {
  const time = new FakeTime(noonMs);
  const kept = memoryRequestLogStore();
  const events: RecorderEvent[] = [];
  const world = { down: false, hanging: false, poison: new Set<string>(), batches: [] as number[] };
  const store: RequestLogStore = {
    ...kept,
    async insert(records) {
      if (world.hanging) await new Promise(() => undefined);
      if (world.down) throw outage;
      if (records.some((record) => world.poison.has(record.requestId)))
        throw new AppError("internal", "the database refused (SQLSTATE 22001)");
      world.batches.push(records.length);
      return kept.insert(records);
    },
  };
  const random = { unit: () => 1 - Number.EPSILON, bytes: (length: number) => new Uint8Array(length) };
  const recorder = new Recorder({ store, timers: time, random, onEvent: (event) => void events.push(event) });
  return { time, kept, events, world, recorder };
}

function numbered(number: number): RequestRecord {
  return testRecord({ requestId: testId(noonMs, number) });
}

function recordMany(recorder: Recorder, count: number, first = 0): void {
  for (let number = first; number < first + count; number++) recorder.record(numbered(number));
}

/** Lets promises that need no further time come to their end. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}

test("a record is written a moment later, together with those that came meanwhile", async () => {
  const { time, world, recorder } = testRecorder();
  recordMany(recorder, 3);
  time.advance(batchDelayMs - 1);
  await settled();
  expect(world.batches).toEqual([]);
  time.advance(1);
  await settled();
  expect(world.batches).toEqual([3]);
  expect(recorder.counts()).toEqual({
    recorded: 3,
    stored: 3,
    dropped: 0,
    rejected: 0,
    waiting: 0,
    retries: 0,
  });
  expect(time.waiting).toBe(0);
});

test("a full batch is written at once, one batch at a time", async () => {
  const { world, recorder } = testRecorder();
  recordMany(recorder, batchSizeMax * 2);
  await settled();
  expect(world.batches).toEqual([batchSizeMax, batchSizeMax]);
});

test("records wait out an outage, with longer and longer pauses, and none is lost", async () => {
  const { time, world, events, recorder } = testRecorder();
  world.down = true;
  recordMany(recorder, 2);
  time.advance(batchDelayMs);
  await settled();
  for (let round = 0; round < 8; round++) {
    time.advance(10_000);
    await settled();
  }
  recordMany(recorder, 2, 2);
  world.down = false;
  time.advance(10_000);
  await settled();
  expect(
    events.flatMap((event) => (event.kind === "store-failed" ? [Math.round(event.retryInMs)] : [])),
  ).toEqual([200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000, 10_000]);
  expect(events.at(-1)).toEqual({ kind: "store-recovered", waiting: 0 });
  expect(recorder.counts()).toMatchObject({ stored: 4, dropped: 0, waiting: 0, retries: 9 });
  expect(world.batches).toEqual([4]);
});

test("when an outage outlasts the queue the oldest records go, counted and reported", async () => {
  const { time, kept, world, events, recorder } = testRecorder();
  world.down = true;
  recordMany(recorder, queueMax + 7);
  await settled();
  expect(recorder.counts().waiting).toBeLessThanOrEqual(queueMax);
  world.down = false;
  for (let round = 0; round < 30; round++) {
    time.advance(10_000);
    await settled();
  }
  expect(recorder.counts()).toMatchObject({
    recorded: queueMax + 7,
    stored: queueMax,
    dropped: 7,
    waiting: 0,
  });
  const reported = events.flatMap((event) => (event.kind === "records-dropped" ? [event.count] : []));
  expect(reported.reduce((sum, count) => sum + count, 0)).toBe(7);
  expect(await kept.get(testId(noonMs, 6))).toBeUndefined();
  expect(await kept.get(testId(noonMs, 7))).toBeDefined();
});

test("one record that the database refuses does not take its batch with it", async () => {
  const { time, kept, world, events, recorder } = testRecorder();
  world.poison.add(testId(noonMs, 5));
  recordMany(recorder, 20);
  time.advance(batchDelayMs);
  await settled();
  expect(recorder.counts()).toMatchObject({ stored: 19, rejected: 1, waiting: 0 });
  expect(events).toMatchObject([{ kind: "record-rejected", requestId: testId(noonMs, 5) }]);
  expect((await kept.list({ filters: {}, limit: 200 })).records).toHaveLength(19);
});

test("a record without a proper id is refused, not thrown at the request", () => {
  const { events, recorder } = testRecorder();
  recorder.record(testRecord({ requestId: "not-an-id" }));
  expect(recorder.counts()).toMatchObject({ recorded: 1, rejected: 1, waiting: 0 });
  expect(events).toMatchObject([{ kind: "record-rejected", requestId: "not-an-id" }]);
});

test("a model's name of a megabyte is kept short", async () => {
  const { time, kept, recorder } = testRecorder();
  recorder.record(testRecord({ model: "m".repeat(1_000_000), upstreamResponseId: "u".repeat(1_000) }));
  time.advance(batchDelayMs);
  await settled();
  const record = await kept.get(testId(noonMs));
  expect(record?.model).toHaveLength(256);
  expect(record?.upstreamResponseId).toHaveLength(256);
});

test("a flush writes what waits without waiting for a batch to fill", async () => {
  const { recorder } = testRecorder();
  recordMany(recorder, batchSizeMax + 10);
  expect(await recorder.flush(1_000)).toBe(true);
  expect(recorder.counts()).toMatchObject({ stored: batchSizeMax + 10, waiting: 0 });
  expect(await recorder.flush(1_000)).toBe(true);
});

test("a flush interrupts the pause after a failure", async () => {
  const { time, world, recorder } = testRecorder();
  world.down = true;
  recordMany(recorder, 1);
  time.advance(batchDelayMs);
  await settled();
  world.down = false;
  expect(await recorder.flush(1_000)).toBe(true);
});

test("a flush ends at its deadline and reports what is lost", async () => {
  const { time, world, events, recorder } = testRecorder();
  world.hanging = true;
  recordMany(recorder, 3);
  const flushed = recorder.flush(1_000);
  time.advance(1_000);
  expect(await flushed).toBe(false);
  expect(events).toEqual([{ kind: "flush-incomplete", waiting: 3 }]);
});
