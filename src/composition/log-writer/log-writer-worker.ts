import { parentPort, workerData } from "node:worker_threads";
import type { Statements } from "#adapters/postgres/statements-port.ts";
import { nodeDisk } from "#adapters/spool/node-disk.ts";
import { openSpool } from "#adapters/spool/spool.ts";
import { compactHeap } from "#adapters/system/compact-heap.ts";
import { systemClock } from "#adapters/system/system-clock.ts";
import { systemRandom } from "#adapters/system/system-random.ts";
import { systemTimers } from "#adapters/system/system-timers.ts";
import { yieldToOthers } from "#adapters/system/thread-priority.ts";
// Not by the feature's front door: that brings schemas and views, whose memory this thread has no use for.
import type { LogEvent } from "#features/traffic/log-event.ts";
import { DayPartitions } from "#features/traffic/day-partitions.ts";
import { postgresLogDestination } from "#features/traffic/log-destination.postgres.ts";
import { LogWriter } from "#features/traffic/log-writer.ts";
import { writeRedacted } from "#features/traffic/write-redacted.ts";
import { spoolEvent } from "#features/traffic/spool-event.ts";
import { contentRedaction } from "./content-redaction.ts";
import type { LogWriterReply, LogWriterRequest, LogWriterStart } from "./log-writer-messages.ts";

/** How often the main thread hears how the log is while it sends nothing, ms. */
const stateIntervalMs = 250;
/** Connections to Postgres: one for records, one for content. */
const connectionsMax = 2;

/** The thread that writes the log: workerData says where; it answers the requests of log-writer-thread.ts. */
if (parentPort === null) throw new Error("Broken invariant: log-writer-worker runs in a worker thread only");
const port = parentPort;
yieldToOthers();
const reply = (message: LogWriterReply): void => port.postMessage(message);
const onEvent = (event: LogEvent): void => reply({ kind: "event", event });
// log-writer-thread.ts is the only one that starts this file, with data of this type.
const start = workerData as LogWriterStart;
const database = await connect(start);
const redact = await contentRedaction(start.redaction);
const writer = openWriter(start);
let shown = "";
const states = setInterval(showState, stateIntervalMs);
port.on("message", (request: LogWriterRequest) => void answer(request));
compactHeap();
reply({ kind: "ready", state: writer.state() });

/** The database as this thread sees it. */
interface Connected {
  readonly statements: Statements;
  readonly end: () => Promise<void>;
}

/** Loads the one way that is wanted: the modules of the other would be memory for nothing. */
async function connect({ database }: LogWriterStart): Promise<Connected> {
  if (database.kind === "url") {
    const { postgresPool } = await import("#adapters/postgres/postgres-pool.ts");
    const { poolStatements } = await import("#adapters/postgres/pool-statements.ts");
    const pool = postgresPool({ databaseUrl: database.databaseUrl, connectionsMax });
    return { statements: poolStatements(pool), end: () => pool.end() };
  }
  const { forwardedStatements } = await import("#adapters/postgres/forwarded-statements.ts");
  return {
    statements: forwardedStatements(database.port),
    end: () => Promise.resolve(database.port.close()),
  };
}

function openWriter({ directory, bytesMax }: LogWriterStart): LogWriter {
  const spool = openSpool({
    disk: nodeDisk(directory),
    bytesMax,
    salt: () => systemRandom.bytes(8),
    nowMs: () => systemClock.monotonicMs(),
    onReport: (report) => onEvent(spoolEvent(report)),
  });
  return new LogWriter({
    spool,
    destination: postgresLogDestination(database.statements, new DayPartitions(database.statements)),
    timers: systemTimers,
    clock: systemClock,
    random: systemRandom,
    onEvent,
  });
}

async function answer(request: LogWriterRequest): Promise<void> {
  switch (request.kind) {
    case "records":
      if (request.lost !== undefined) writer.noteLost(request.lost.requests, request.lost.reason);
      writer.write(viewOf(request.bytes));
      return reply({ kind: "taken", id: request.id, state: writer.state() });
    case "content":
      writeRedacted(writer, request.content, redact);
      return reply({ kind: "taken", id: request.id, state: writer.state() });
    case "flush": {
      const complete = await writer.flush(request.deadlineMs);
      return reply({ kind: "flushed", id: request.id, complete, state: writer.state() });
    }
    case "close": {
      const complete = await writer.close(request.deadlineMs);
      const state = writer.state();
      clearInterval(states);
      // A database that does not answer must not hold up the end: nothing of ours is left in it to wait for.
      reply({ kind: "closed", id: request.id, complete, state });
      await database.end();
      port.close();
    }
  }
}

function viewOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function showState(): void {
  const state = writer.state();
  const text = JSON.stringify(state);
  if (text === shown) return;
  shown = text;
  reply({ kind: "state", state });
}
