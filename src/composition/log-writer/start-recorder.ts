import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Logger } from "pino";
import type { Database } from "#adapters/postgres/database-port.ts";
import { lockDirectory } from "#adapters/postgres/directory-lock.ts";
import { kyselyStatements } from "#adapters/postgres/kysely-statements.ts";
import type { DatabaseOptions } from "#adapters/postgres/open-database.ts";
import { serveStatements } from "#adapters/postgres/serve-statements.ts";
import { memoryDisk } from "#adapters/spool/memory-disk.ts";
import { openSpool } from "#adapters/spool/spool.ts";
import { systemClock } from "#adapters/system/system-clock.ts";
import { systemRandom } from "#adapters/system/system-random.ts";
import { systemTimers } from "#adapters/system/system-timers.ts";
import {
  contentRedaction,
  takesNothingOut,
  type ContentRedaction,
} from "#composition/log-writer/content-redaction.ts";
import { LogWriterThread } from "#composition/log-writer/log-writer-thread.ts";
import type { LogConfiguration } from "#features/configuration/index.ts";
import {
  inProcessLogWriter,
  LogWriter,
  postgresRequestLogStore,
  Recorder,
  spoolEvent,
  type LogEvent,
  type LogWriterPort,
  type RequestRecord,
} from "#features/traffic/index.ts";

/** What the log is written by and to. */
export interface RecorderOptions {
  /** The settings in force: where the log goes is read now, what happens when it is full at any time. */
  readonly log: () => LogConfiguration;
  readonly database: Database;
  readonly place: DatabaseOptions;
  /** The spool is in `<dataDirectory>/spool`. */
  readonly dataDirectory: string;
  /** Folder of the configuration file: paths in it are relative to there. */
  readonly configurationDirectory: string;
  readonly logger: Logger;
  /** Hears of every record once it is made. Never throws. */
  readonly onRecord: (record: RequestRecord) => void;
}

/** A recorder whose log writer runs. */
export interface RunningRecorder {
  readonly recorder: Recorder;
  /** Whether content that routes capture is kept word for word, until the next start. */
  readonly keepsWhole: boolean;
  /** Delivers what waits, for so long, and ends. What is left is in the spool for the next start. */
  readonly close: (deadlineMs: number) => Promise<void>;
}

/** Where a data directory has its spool. */
export function spoolDirectory(dataDirectory: string): string {
  return join(dataDirectory, "spool");
}

/**
 * Starts the log as the configuration says: nothing for `store: none`; for a database in memory a writer in this
 * thread over a disk in memory; else a thread with a spool on disk.
 * @throws AppError store-locked, when another process has the spool; store-unavailable, when it cannot be opened
 */
export async function startRecorder(options: RecorderOptions): Promise<RunningRecorder> {
  const { place, logger } = options;
  const log = options.log();
  const keepsWhole = log.store === "database" && takesNothingOut(log.redaction);
  const onEvent = ({ kind, ...facts }: LogEvent): void => logger.warn(facts, kind);
  const recorderOn = (writer: LogWriterPort | undefined): Recorder =>
    new Recorder({
      writer,
      get whenFull() {
        return options.log().whenFull;
      },
      timers: systemTimers,
      onEvent,
      onRecord: options.onRecord,
    });
  if (log.store === "none" || place.kind === "memory") {
    const recorder = recorderOn(log.store === "none" ? undefined : await inThisThread(options, onEvent));
    return { recorder, keepsWhole, close: async (deadlineMs) => void (await recorder.close(deadlineMs)) };
  }
  const directory = ownDirectory(options.dataDirectory);
  const lock = lockDirectory(directory, {
    name: "spool",
    remedy: "or give each process a SIGNALBOX_DATA_DIR of its own",
  });
  try {
    const recorder = recorderOn(await inOwnThread(options, { directory, onEvent }));
    return {
      recorder,
      keepsWhole,
      async close(deadlineMs) {
        await recorder.close(deadlineMs);
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

function ownDirectory(dataDirectory: string): string {
  const directory = spoolDirectory(dataDirectory);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  // mkdir leaves the mode of directories that exist already.
  chmodSync(directory, 0o700);
  return directory;
}

async function inThisThread(
  options: RecorderOptions,
  onEvent: (event: LogEvent) => void,
): Promise<LogWriterPort> {
  const { database } = options;
  const redact = await contentRedaction(redactionOf(options));
  const spool = openSpool({
    disk: memoryDisk(),
    bytesMax: options.log().spoolBytesMax,
    salt: () => systemRandom.bytes(8),
    nowMs: () => systemClock.monotonicMs(),
    onReport: (report) => onEvent(spoolEvent(report)),
  });
  const destination = postgresRequestLogStore(database.kysely);
  const system = { timers: systemTimers, clock: systemClock, random: systemRandom };
  return inProcessLogWriter(new LogWriter({ spool, destination, ...system, onEvent }), redact);
}

function redactionOf({ log, configurationDirectory }: RecorderOptions): ContentRedaction {
  return { ...log().redaction, hookFolder: configurationDirectory };
}

function inOwnThread(
  options: RecorderOptions,
  known: { readonly directory: string; readonly onEvent: (event: LogEvent) => void },
): Promise<LogWriterThread> {
  const { database, place } = options;
  return LogWriterThread.start({
    ...known,
    redaction: redactionOf(options),
    bytesMax: options.log().spoolBytesMax,
    database: place.kind === "url" ? { kind: "url", databaseUrl: place.databaseUrl } : { kind: "forwarded" },
    serveDatabase: (port) => serveStatements(port, kyselyStatements(database.kysely)),
    timers: systemTimers,
    random: systemRandom,
  });
}
