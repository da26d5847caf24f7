import { parentPort, workerData } from "node:worker_threads";
import { Kysely } from "kysely";
import { nodeDisk } from "#adapters/spool/node-disk.ts";
import { openSpool } from "#adapters/spool/spool.ts";
import { systemClock } from "#adapters/system/system-clock.ts";
import { systemRandom } from "#adapters/system/system-random.ts";
import { systemTimers } from "#adapters/system/system-timers.ts";
// Not by the feature's front door: that brings schemas and views, whose memory this thread has no use for.
import type { LogEvent } from "#features/traffic/log-event.ts";
import { LogWriter } from "#features/traffic/log-writer.ts";
import { spoolEvent } from "#features/traffic/spool-event.ts";
import { postgresRequestLogStore } from "#features/traffic/store.postgres.ts";
import type { LogWriterReply, LogWriterRequest, LogWriterStart } from "./log-writer-messages.ts";

/** How often the main thread hears how the log is while it sends nothing, ms. */
const stateIntervalMs = 250;
/** Connections to Postgres: one for records, one for content. */
const connectionsMax = 2;

/** The thread that writes the log: workerData says where; it answers the requests of log-writer-thread.ts. */
if (parentPort === null) throw new Error("Broken invariant: log-writer-worker runs in a worker thread only");
const port = parentPort;
const reply = (message: LogWriterReply): void => port.postMessage(message);
const onEvent = (event: LogEvent): void => reply({ kind: "event", event });
// log-writer-thread.ts is the only one that starts this file, with data of this type.
const start = workerData as LogWriterStart;
const database = await connect(start);
const writer = openWriter(start);
let shown = "";
const states = setInterval(showState, stateIntervalMs);
port.on("message", (request: LogWriterRequest) => void answer(request));
reply({ kind: "ready", state: writer.state() });

/** Loads the one way that is wanted: the modules of the other would be memory for nothing. */
async function connect({ database }: LogWriterStart): Promise<Kysely<unknown>> {
  if (database.kind === "url") {
    const { connectPostgres } = await import("#adapters/postgres/connect-postgres.ts");
    return connectPostgres({ databaseUrl: database.databaseUrl, connectionsMax });
  }
  const { forwardedDialect } = await import("#adapters/postgres/forwarded-dialect.ts");
  return new Kysely<unknown>({ dialect: forwardedDialect(database.port) });
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
    destination: postgresRequestLogStore(database),
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
      writer.writeContent(request.content);
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
      await database.destroy();
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
