import { describe, expect, test } from "vitest";
import { AppError } from "#core/kernel/app-error.ts";
import { simulatedDisk, type SimulatedDisk } from "#adapters/spool/simulated-disk.test-support.ts";
import { openSpool } from "#adapters/spool/spool.ts";
import { FakeTime } from "../../../test/support/fake-time.ts";
import type { CapturedContent } from "./captured-content.ts";
import { drainDelayMs } from "./drain.ts";
import type { LogDestination } from "./log-destination.ts";
import { recordEntry } from "./log-entry.ts";
import type { LogEvent } from "./log-event.ts";
import type { LogGap } from "./log-gap.ts";
import { diskRetryMs, LogWriter, syncDelayMs } from "./log-writer.ts";
import { noonMs, testId, testRecord } from "./request-record.test-support.ts";
import type { RequestRecord } from "./request-record.ts";
import { spoolEvent } from "./spool-event.ts";

const outage = new AppError("store-unavailable", "down", { retryable: true });
const refusal = new AppError("internal", "the database refused (SQLSTATE 22001)");

/** A database that fails as told: `down` for outages, `poison` for ids that it refuses. Survives log writers. */
function testDatabase() {
  const world = {
    down: false,
    hanging: false,
    poison: new Set<string>(),
    batches: [] as number[],
    records: new Map<string, RequestRecord>(),
    contents: new Map<string, CapturedContent>(),
    gaps: [] as LogGap[],
  };
  const destination: LogDestination = {
    async insert(records) {
      if (world.hanging) await new Promise(() => undefined);
      if (world.down) throw outage;
      if (records.some(({ requestId }) => world.poison.has(requestId))) throw refusal;
      world.batches.push(records.length);
      const before = world.records.size;
      for (const record of records) world.records.set(record.requestId, record);
      return world.records.size - before;
    },
    async insertContent(contents) {
      if (world.down) throw outage;
      for (const content of contents) world.contents.set(content.requestId, content);
      return contents.length;
    },
    async recordGap(gap) {
      if (world.down) throw outage;
      world.gaps.push(gap);
    },
  };
  return { world, destination };
}

/** A log writer over a disk that fails as told. */
function testWriter(
  disk: SimulatedDisk = simulatedDisk(() => 0.5),
  { world, destination }: ReturnType<typeof testDatabase> = testDatabase(),
  bytesMax = 1e9,
) {
  const time = new FakeTime(noonMs);
  const events: LogEvent[] = [];
  const onEvent = (event: LogEvent): void => void events.push(event);
  const random = { unit: () => 1 - Number.EPSILON, bytes: (length: number) => new Uint8Array(length) };
  const spool = openSpool({
    disk,
    bytesMax,
    salt: () => Buffer.from("saltsalt"),
    nowMs: () => time.monotonicMs(),
    onReport: (report) => onEvent(spoolEvent(report)),
  });
  const writer = new LogWriter({ spool, destination, timers: time, clock: time, random, onEvent });
  return { time, disk, world, destination, events, spool, writer };
}

function lines(count: number, first = 0): Buffer {
  const records = Array.from({ length: count }, (_, index) =>
    testRecord({ requestId: testId(noonMs, first + index), startedAtMs: noonMs }),
  );
  return Buffer.from(records.map(recordEntry).join("\n"));
}

function content(number: number): CapturedContent {
  return {
    requestId: testId(noonMs, number),
    request: "{}",
    response: "ä\n",
    truncated: false,
    redactions: 0,
  };
}

/** Lets promises that need no further time come to their end. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** By then what was written is synced and delivered, ms. */
const deliveredMs = syncDelayMs + drainDelayMs + 100;

/** Goes on in steps, so that what one timer begins can set the next. */
async function pass(time: FakeTime, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 50) {
    time.advance(50);
    await settled();
  }
}

describe("the log writer", () => {
  test("writes at once, syncs soon, delivers a moment later in one batch", async () => {
    const { time, disk, world, writer } = testWriter();
    writer.write(lines(3));
    expect(disk.list()).toHaveLength(1);
    expect(writer.state()).toMatchObject({ spooled: 3, waiting: 3, stored: 0, syncs: { count: 0 } });
    time.advance(syncDelayMs);
    await settled();
    expect(writer.state()).toMatchObject({ syncs: { count: 1 }, stored: 0 });
    time.advance(drainDelayMs);
    await settled();
    expect(world.batches).toEqual([3]);
    expect(writer.state()).toMatchObject({ stored: 3, waiting: 0, oldestMs: undefined });
  });

  test("syncs once for all that came meanwhile", async () => {
    const { time, writer } = testWriter();
    for (let count = 0; count < 10; count++) {
      writer.write(lines(1, count));
      time.advance(4);
    }
    time.advance(syncDelayMs);
    await settled();
    expect(writer.state().syncs.count).toBe(1);
  });

  test("delivers a long backlog in bounded batches without a pause", async () => {
    const { time, world, writer } = testWriter();
    for (let batch = 0; batch < 4; batch++) writer.write(lines(400, batch * 400));
    await pass(time, syncDelayMs + drainDelayMs);
    expect(world.batches).toEqual([500, 500, 500, 100]);
    expect(world.records.size).toBe(1_600);
  });

  test("waits out an outage with longer and longer pauses, and loses nothing", async () => {
    const { time, world, events, writer } = testWriter();
    world.down = true;
    writer.write(lines(2));
    await pass(time, 60_000);
    writer.write(lines(2, 2));
    await pass(time, 1_000);
    expect(writer.state()).toMatchObject({ waiting: 4, oldestMs: noonMs, dropped: 0 });
    world.down = false;
    await pass(time, 10_000);
    const waits = events.flatMap((event) =>
      event.kind === "store-failed" ? [Math.round(event.retryInMs)] : [],
    );
    expect(waits.slice(0, 8)).toEqual([200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000]);
    expect(events.at(-1)).toEqual({ kind: "store-recovered", waiting: 3 });
    expect(writer.state()).toMatchObject({ stored: 4, waiting: 0, retries: waits.length });
    expect([...world.records.keys()]).toHaveLength(4);
  });

  test("finds the batch that a slow database takes within its time", async () => {
    const { time, world, destination, writer } = testWriter();
    const insert = destination.insert.bind(destination);
    destination.insert = async (records) => {
      if (records.length > 100) throw outage;
      return insert(records);
    };
    writer.write(lines(600));
    await pass(time, 60_000);
    expect(writer.state()).toMatchObject({ stored: 600, waiting: 0 });
    expect(Math.max(...world.batches)).toBeLessThanOrEqual(100);
  });

  test("sets a record aside that the database refuses, and no other", async () => {
    const { time, disk, world, events, writer } = testWriter();
    world.poison.add(testId(noonMs, 5));
    writer.write(lines(20));
    await pass(time, deliveredMs);
    expect(writer.state()).toMatchObject({ stored: 19, rejected: 1, waiting: 0 });
    expect(events).toMatchObject([{ kind: "record-rejected", requestId: testId(noonMs, 5), kept: true }]);
    expect(JSON.parse(disk.bytesOf("rejected.jsonl").toString("utf8", 1))).toMatchObject({
      requestId: testId(noonMs, 5),
    });
  });

  test("sets one aside once, also when the database goes away in the middle of it", async () => {
    const { time, world, events, writer } = testWriter();
    world.poison.add(testId(noonMs, 1));
    writer.write(lines(3));
    const { insert } = { insert: world.poison.has.bind(world.poison) };
    let asked = 0;
    world.poison.has = (id) => {
      asked += 1;
      if (asked === 5) world.down = true;
      return insert(id);
    };
    await pass(time, 5_000);
    world.down = false;
    await pass(time, 20_000);
    expect(events.filter(({ kind }) => kind === "record-rejected")).toHaveLength(1);
    expect(writer.state()).toMatchObject({ stored: 2, rejected: 1, waiting: 0 });
  });

  test("delivers what an earlier process left, and what it had delivered already once only", async () => {
    const disk = simulatedDisk(() => 0.5);
    const database = testDatabase();
    const earlier = testWriter(disk, database);
    earlier.writer.write(lines(3));
    await pass(earlier.time, deliveredMs);
    database.world.down = true;
    earlier.writer.write(lines(2, 3));
    await pass(earlier.time, deliveredMs);
    database.world.down = false;
    const later = testWriter(disk, database);
    expect(later.writer.state().waiting).toBe(5);
    // Into a file of its own: the files of the earlier process are only read.
    later.writer.write(lines(2, 5));
    await pass(later.time, deliveredMs);
    expect(database.world.records.size).toBe(7);
    expect(later.writer.state().waiting).toBe(0);
  });

  test("keeps content in its own lane, whatever the state of the other", async () => {
    const { time, world, writer } = testWriter();
    world.poison.add(testId(noonMs, 0));
    writer.write(lines(1));
    writer.writeContent(content(0));
    writer.writeContent(content(1));
    await pass(time, deliveredMs);
    expect([...world.contents.values()]).toEqual([content(0), content(1)]);
    expect(writer.state()).toMatchObject({ contentWaiting: 0, contentDropped: 0 });
  });

  test("sets bytes aside that are no entry of this version", async () => {
    const { time, events, writer } = testWriter();
    writer.write(Buffer.from('x{"from":"the future"}\nr{broken\nr3'));
    writer.write(lines(1));
    await pass(time, deliveredMs);
    expect(events.map(({ kind }) => kind)).toEqual(["record-rejected", "record-rejected", "record-rejected"]);
    expect(writer.state()).toMatchObject({ stored: 1, rejected: 3, waiting: 0 });
  });
});

describe("without room", () => {
  test("the log says that it is full, counts what it loses, and notes the gap when there is room again", async () => {
    const { time, disk, world, events, writer } = testWriter();
    disk.capacity = 0;
    let written = 0;
    while (writer.state().dropped === 0) {
      writer.write(lines(500, written));
      written += 500;
      await pass(time, 50);
    }
    writer.noteLost(7, "the log writer is behind");
    await pass(time, diskRetryMs);
    const { full, dropped } = writer.state();
    expect(full).toBe("the disk is full (ENOSPC)");
    expect(events).toContainEqual({ kind: "log-full", reason: "the disk is full (ENOSPC)" });
    expect(events.filter(({ kind }) => kind === "gap-opened")).toHaveLength(1);
    disk.capacity = Infinity;
    await pass(time, diskRetryMs + 1_000);
    expect(writer.state()).toMatchObject({
      full: undefined,
      waiting: 0,
      stored: written - 500,
      gaps: 1,
      dropped,
    });
    expect(events.map(({ kind }) => kind)).toContain("log-has-room");
    expect(world.gaps).toHaveLength(1);
    expect(world.gaps[0]).toMatchObject({ requests: dropped, reason: "the disk is full (ENOSPC)" });
    expect(world.gaps[0]?.fromMs).toBeLessThanOrEqual(world.gaps[0]?.toMs ?? 0);
    expect(world.records.size).toBe(written - 500);
  });

  test("a spool that an outage fills up is full until the database is back, without any further request", async () => {
    const { time, world, writer } = testWriter(
      simulatedDisk(() => 0.5),
      testDatabase(),
      4e6,
    );
    world.down = true;
    let written = 0;
    while (writer.state().full === undefined) {
      writer.write(lines(200, written));
      written += 200;
      await pass(time, 50);
    }
    expect(writer.state()).toMatchObject({ full: "the spool is full (4 MB)", dropped: 0 });
    world.down = false;
    await pass(time, 15_000);
    expect(writer.state()).toMatchObject({ full: undefined, stored: written, waiting: 0, spoolBytes: 0 });
  });

  test("clocks that jump back change no order and end no gap before it began", async () => {
    const { time, world, writer } = testWriter();
    let nowMs = noonMs;
    time.nowMs = () => (nowMs -= 3_600_000);
    writer.noteLost(1, "behind");
    writer.write(lines(1));
    writer.noteLost(1, "behind");
    writer.write(lines(1, 1));
    await pass(time, 3_000);
    const [toMs, fromMs] = [noonMs - 3_600_000, noonMs - 7_200_000];
    expect(world.gaps).toEqual([{ fromMs, toMs, requests: 2, reason: "behind" }]);
    expect([...world.records.keys()]).toEqual([testId(noonMs, 0), testId(noonMs, 1)]);
  });
});

describe("the end", () => {
  test("everything that waits is synced and delivered first, and no file is left", async () => {
    const { disk, world, writer } = testWriter();
    writer.write(lines(700));
    writer.writeContent(content(1));
    expect(await writer.close(1_000)).toBe(true);
    expect(world.records.size).toBe(700);
    expect(world.contents.size).toBe(1);
    expect(disk.list()).toEqual([]);
  });

  test.each(["down", "hanging"] as const)(
    "a database that is %s leaves the rest in the spool",
    async (how) => {
      const { time, disk, world, events, writer, destination } = testWriter();
      world[how] = true;
      writer.write(lines(3));
      const closed = writer.close(1_000);
      await pass(time, 1_000);
      expect(await closed).toBe(false);
      expect(events.at(-1)).toEqual({ kind: "flush-incomplete", waiting: 3 });
      world[how] = false;
      const next = testWriter(disk, { world, destination });
      await pass(next.time, deliveredMs);
      expect(world.records.size).toBe(3);
    },
  );
});
