import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterEach, expect, test, vi } from "vitest";
import { openDatabase, type DatabaseOptions } from "#adapters/postgres/open-database.ts";
import { createLogger } from "#adapters/telemetry/logger.ts";
import { logMetrics } from "#composition/log-writer/log-metrics.ts";
import { startRecorder, spoolDirectory } from "#composition/log-writer/start-recorder.ts";
import type { LogConfiguration } from "#features/configuration/index.ts";
import { postgresRequestLogStore, type Recorder } from "#features/traffic/index.ts";
import { testId, testRecord } from "#features/traffic/request-record.test-support.ts";

const log: LogConfiguration = {
  store: "database",
  spoolBytesMax: 64e6,
  whenFull: "refuse",
  rowsRetentionMs: 1,
  contentRetentionMs: 1,
  experimentsRetentionMs: 1,
  redaction: { detect: ["email"], patterns: {} },
};

/** A data directory with a spool on disk, beside an embedded database that is in memory, since that opens faster. */
async function world() {
  const directory = mkdtempSync(join(tmpdir(), "signalbox-log-"));
  const place: DatabaseOptions = { kind: "directory", dataDir: directory };
  const lines: string[] = [];
  const logger = createLogger({ level: "warn", destination: { write: (line) => void lines.push(line) } });
  const database = await openDatabase({ kind: "memory" });
  const start = (changes: Partial<LogConfiguration> = {}) =>
    startRecorder({
      log: () => ({ ...log, ...changes }),
      database,
      place,
      dataDirectory: directory,
      configurationDirectory: directory,
      logger,
      onRecord: () => undefined,
    });
  const store = postgresRequestLogStore(database.kysely);
  return { directory, database, store, lines, start };
}

const nowMs = Date.now();

function recordMany(recorder: Recorder, count: number, first = 0): void {
  for (let number = first; number < first + count; number++) {
    recorder.record(() => testRecord({ requestId: testId(nowMs, number), startedAtMs: nowMs }));
  }
}

async function eventually(holds: () => boolean): Promise<void> {
  for (const deadline = performance.now() + 10_000; !holds();) {
    if (performance.now() > deadline) throw new Error("What was waited for did not come within 10 s");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function rows(store: Awaited<ReturnType<typeof world>>["store"]): Promise<number | undefined> {
  const range = { fromMs: nowMs - 60_000, toMs: nowMs + 60_000 };
  return (await store.totals({ ...range, by: [] }))[0]?.requests;
}

afterEach(() => void vi.restoreAllMocks());

test("records reach the embedded database through the thread, and the spool is empty in the end", async () => {
  const { directory, database, store, start } = await world();
  const { recorder, close } = await start();
  recordMany(recorder, 1_200);
  const requestId = testId(nowMs, 1);
  const request = Buffer.from('{"q":"mail ann@example.org"}');
  recorder.recordContent({ requestId, request, response: "{}", truncated: false });
  expect(await recorder.flush(10_000)).toBe(true);
  expect(recorder.state()).toMatchObject({ recorded: 1_200, stored: 1_200, waiting: 0, contentWaiting: 0 });
  expect(logMetrics(recorder.state(), nowMs)).toMatchObject({ storedRows: 1_200, oldestWaitingSeconds: 0 });
  expect(await store.content(requestId)).toMatchObject({ request: '{"q":"mail [email]"}', redactions: 1 });
  await close(10_000);
  expect(await rows(store)).toBe(1_200);
  expect(readdirSync(spoolDirectory(directory))).toEqual(["lock"]);
  await database.close();
  rmSync(directory, { recursive: true });
});

test("a thread that ends at any moment is replaced, and every row is there once", async () => {
  const { directory, database, store, lines, start } = await world();
  const posted = vi.spyOn(Worker.prototype, "postMessage");
  const { recorder, close } = await start();
  const writers = (): Worker[] =>
    posted.mock.contexts.filter(
      (context, call): context is Worker =>
        context instanceof Worker && posted.mock.calls[call]?.[0]?.kind === "records",
    );
  for (let round = 0; round < 3; round++) {
    posted.mockClear();
    recordMany(recorder, 300, round * 600);
    // The first records are on their way or written; the others come while there is no thread.
    await eventually(() => writers().length > 0);
    const ended = writers().at(-1)?.terminate();
    recordMany(recorder, 300, round * 600 + 300);
    await ended;
    await eventually(() => recorder.state().waiting === 0);
  }
  expect(await rows(store)).toBe(1_800);
  expect(recorder.state()).toMatchObject({ dropped: 0, rejected: 0 });
  expect(lines.filter((line) => line.includes("log-writer-failed"))).toHaveLength(3);
  await close(10_000);
  await database.close();
  rmSync(directory, { recursive: true });
});

test("a content that ends thread after thread is given up, and holds no record back", async () => {
  const { directory, database, store, lines, start } = await world();
  writeFileSync(
    join(directory, "hook.mjs"),
    'export const redact = (t) => (t === "bad" ? process.exit() : t);',
  );
  const { recorder, close } = await start({ redaction: { ...log.redaction, hook: "hook.mjs" } });
  const content = (number: number, word: string) => ({
    requestId: testId(nowMs, number),
    request: Buffer.from(`{"q":"${word}"}`),
    response: "",
    truncated: false,
  });
  recorder.recordContent(content(1, "bad"));
  recorder.recordContent(content(2, "good"));
  recordMany(recorder, 10);
  await eventually(() => recorder.state().stored === 10 && recorder.state().contentWaiting === 0);
  expect(recorder.state()).toMatchObject({ waiting: 0, dropped: 0, contentDropped: 1 });
  expect(await store.content(testId(nowMs, 1))).toBeUndefined();
  expect(await store.content(testId(nowMs, 2))).toMatchObject({ request: '{"q":"good"}' });
  expect(lines.filter((line) => line.includes("log-writer-failed"))).toHaveLength(3);
  expect(lines.filter((line) => line.includes("content-not-kept"))).toHaveLength(1);
  await close(10_000);
  await database.close();
  rmSync(directory, { recursive: true });
});

test("what one process could not deliver the next one does, once", async () => {
  const { directory, database, store, start } = await world();
  const first = await start();
  recordMany(first.recorder, 500);
  // No time to deliver: the records are in the spool when the writer ends.
  await first.close(0);
  expect(readdirSync(spoolDirectory(directory)).some((name) => name.startsWith("usage-"))).toBe(true);
  const second = await start();
  await eventually(() => second.recorder.state().waiting === 0);
  expect(await rows(store)).toBe(500);
  await second.close(10_000);
  await database.close();
  rmSync(directory, { recursive: true });
});

test("a second writer of one spool is refused in words, and gets it when the first is gone", async () => {
  const { directory, database, start } = await world();
  const first = await start();
  await expect(start()).rejects.toMatchObject({
    code: "store-locked",
    message:
      `Cannot open spool "${directory}/spool": one process at a time is wanted, process ${process.pid} has it open; ` +
      "stop that process, or give each process a SIGNALBOX_DATA_DIR of its own",
  });
  await first.close(1_000);
  const second = await start();
  await second.close(1_000);
  await database.close();
  rmSync(directory, { recursive: true });
});

test("a log without a store writes nothing anywhere", async () => {
  const { directory, database, store } = await world();
  const logger = createLogger({ level: "silent" });
  const place: DatabaseOptions = { kind: "directory", dataDir: directory };
  const options = {
    log: () => ({ ...log, store: "none" as const }),
    database,
    place,
    dataDirectory: directory,
    configurationDirectory: directory,
    logger,
    onRecord: () => undefined,
  };
  const { recorder, close } = await startRecorder(options);
  recordMany(recorder, 3);
  expect(recorder.recent.all()).toHaveLength(3);
  await close(1_000);
  expect(existsSync(spoolDirectory(directory))).toBe(false);
  expect(await rows(store)).toBeUndefined();
  await database.close();
  rmSync(directory, { recursive: true });
});
