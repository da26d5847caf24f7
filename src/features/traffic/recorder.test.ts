import type { UnredactedContent } from "./unredacted-content.ts";
import { expect, test } from "vitest";
import { FakeTime } from "../../../test/support/fake-time.ts";
import { readEntry } from "./log-entry.ts";
import type { LogEvent } from "./log-event.ts";
import { emptyLogWriterState, type LogWriterPort, type LogWriterState } from "./log-writer-port.ts";
import { handOverDelayMs, handOverLengthMax, Recorder, togetherMax } from "./recorder.ts";
import { noonMs, testId, testRecord } from "./request-record.test-support.ts";
import { recentMax } from "./recent-requests.ts";

/** A recorder over a log writer that only remembers what it was given. */
function testRecorder(whenFull: "refuse" | "serve" = "refuse") {
  const time = new FakeTime(noonMs);
  const events: LogEvent[] = [];
  const contents: UnredactedContent[] = [];
  const world = { batches: [] as (readonly string[])[], state: emptyLogWriterState, ended: [] as string[] };
  const writer: LogWriterPort = {
    write: (entries) => void world.batches.push(entries),
    writeContent: (content) => void contents.push(content),
    get full() {
      return world.state.full;
    },
    state: (): LogWriterState => world.state,
    flush: async (deadlineMs) => world.ended.push(`flush ${deadlineMs}`) > 0,
    close: async (deadlineMs) => world.ended.push(`close ${deadlineMs}`) > 0,
  };
  const recorder = new Recorder({
    writer,
    whenFull,
    timers: time,
    onEvent: (event) => void events.push(event),
  });
  return { time, events, contents, world, recorder };
}

function recordMany(recorder: Recorder, count: number): void {
  for (let number = 0; number < count; number++) {
    recorder.record(() => testRecord({ requestId: testId(noonMs, number) }));
  }
}

test("records go to the log writer a moment later, those that came meanwhile together, in order", () => {
  const { time, world, recorder } = testRecorder();
  recordMany(recorder, 3);
  time.advance(handOverDelayMs - 1);
  expect(world.batches).toEqual([]);
  expect(recorder.state()).toMatchObject({ recorded: 3, waiting: 3 });
  time.advance(1);
  expect(world.batches).toHaveLength(1);
  const entries = world.batches[0]?.map((entry) => readEntry(Buffer.from(entry)));
  expect(entries).toEqual(
    [0, 1, 2].map((number) => ({
      kind: "record",
      record: testRecord({ requestId: testId(noonMs, number) }),
    })),
  );
  expect(time.waiting).toBe(0);
});

test("many records go as soon as they are long together", () => {
  const { world, recorder } = testRecorder();
  recordMany(recorder, 1_000);
  expect(world.batches.length).toBeGreaterThan(1);
  for (const batch of world.batches) {
    const length = batch.reduce((sum, entry) => sum + entry.length, 0);
    expect(length).toBeGreaterThanOrEqual(handOverLengthMax);
    expect(length).toBeLessThan(handOverLengthMax + 10_000);
  }
});

test("an entry is one line, whatever is in its texts", () => {
  const { world, recorder } = testRecorder();
  recorder.record(() => testRecord({ model: "a\nb\r\u2028c\uD800", tags: { "k\n": "v\n" } }));
  recorder.record(() => testRecord({ model: "ä€😀" }));
  void recorder.flush(0);
  expect(world.batches[0]?.every((entry) => !entry.includes("\n"))).toBe(true);
});

test("a record without a proper id is refused, not thrown at the request", () => {
  const { events, world, recorder } = testRecorder();
  recorder.record(() => testRecord({ requestId: "not-an-id" }));
  void recorder.flush(0);
  expect(recorder.state()).toMatchObject({ recorded: 1, rejected: 1, waiting: 0 });
  expect(events).toMatchObject([{ kind: "record-rejected", requestId: "not-an-id" }]);
  expect(world.batches).toEqual([]);
});

test("whatever is made later is seen by whoever asks before", () => {
  const { recorder } = testRecorder();
  recordMany(recorder, 3);
  expect(recorder.recent.get(testId(noonMs, 1))?.requestId).toBe(testId(noonMs, 1));
  recordMany(recorder, 1);
  expect(recorder.recent.all()).toHaveLength(4);
});

test("a record that cannot be made is told, and takes no other with it", () => {
  const { events, world, recorder } = testRecorder();
  recorder.record(() => {
    throw new Error("broken");
  });
  recordMany(recorder, 1);
  void recorder.flush(0);
  expect(events).toMatchObject([{ kind: "record-rejected", requestId: "unknown", kept: false }]);
  expect(world.batches.map((batch) => batch.length)).toEqual([1]);
});

test("each record is heard of once", () => {
  const time = new FakeTime(noonMs);
  const heard: string[] = [];
  const onRecord = ({ requestId }: { requestId: string }) => void heard.push(requestId);
  const recorder = new Recorder({
    writer: undefined,
    whenFull: "serve",
    timers: time,
    onEvent: () => undefined,
    onRecord,
  });
  recordMany(recorder, togetherMax + 1);
  expect(heard).toHaveLength(togetherMax);
  time.advance(handOverDelayMs);
  expect(heard).toEqual(Array.from({ length: togetherMax + 1 }, (_, number) => testId(noonMs, number)));
});

test("a model's name of a megabyte is kept short", () => {
  const { recorder } = testRecorder();
  recorder.record(() => testRecord({ model: "m".repeat(1_000_000), upstreamResponseId: "u".repeat(1_000) }));
  const record = recorder.recent.get(testId(noonMs));
  expect(record?.model).toHaveLength(256);
  expect(record?.upstreamResponseId).toHaveLength(256);
});

test("content goes to the log writer as it is", () => {
  const { contents, recorder } = testRecorder();
  const content = { requestId: testId(noonMs), request: Buffer.from("{}"), response: "", truncated: false };
  recorder.recordContent(content);
  expect(contents).toEqual([content]);
});

test("what waits is handed over before a flush and before the end", async () => {
  const { world, recorder } = testRecorder();
  recordMany(recorder, 1);
  expect(await recorder.flush(1_000)).toBe(true);
  recordMany(recorder, 2);
  expect(await recorder.close(2_000)).toBe(true);
  expect(world.batches.map((batch) => batch.length)).toEqual([1, 2]);
  expect(world.ended).toEqual(["flush 1000", "close 2000"]);
});

test("a full log refuses new requests, unless the configuration says to serve on", () => {
  const full = { ...emptyLogWriterState, full: "the disk is full (ENOSPC)" };
  const refusing = testRecorder("refuse");
  expect(refusing.recorder.accepting).toBe(true);
  refusing.world.state = full;
  expect(refusing.recorder.accepting).toBe(false);
  expect(refusing.recorder.state()).toMatchObject({ accepting: false, full: "the disk is full (ENOSPC)" });
  const serving = testRecorder("serve");
  serving.world.state = full;
  expect(serving.recorder.accepting).toBe(true);
});

test("without a log writer the newest records are remembered and nothing else happens", async () => {
  const time = new FakeTime(noonMs);
  const recorder = new Recorder({
    writer: undefined,
    whenFull: "refuse",
    timers: time,
    onEvent: () => undefined,
  });
  recordMany(recorder, recentMax + 5);
  time.advance(handOverDelayMs);
  expect(recorder.recent.all()).toHaveLength(recentMax);
  expect(recorder.state()).toMatchObject({ recorded: recentMax + 5, waiting: 0, stored: 0, accepting: true });
  expect(time.waiting).toBe(0);
  expect(await recorder.close(1_000)).toBe(true);
});
