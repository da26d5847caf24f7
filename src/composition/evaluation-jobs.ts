import { timingSafeEqual } from "node:crypto";
import type { Logger } from "pino";
import type { Database } from "#adapters/postgres/database-port.ts";
import { systemClock } from "#adapters/system/system-clock.ts";
import { systemRandom } from "#adapters/system/system-random.ts";
import { systemTimers } from "#adapters/system/system-timers.ts";
import { UndiciUpstream } from "#adapters/upstream/undici-upstream.ts";
import { version } from "#composition/version.ts";
import { JobService, JobWorker, postgresJobStore, type JobEvent } from "#features/evaluations/index.ts";

/** What runs of evaluations are carried out over. */
interface EvaluationJobOptions {
  readonly database: Database;
  /** Where this process serves, without a slash at the end; read when a run begins. */
  readonly url: () => string;
  /** An environment variable: keys of other servers. */
  readonly variable: (name: string) => string | undefined;
  readonly logger: Logger;
}

/** Runs of evaluations in this process. */
export interface EvaluationJobs extends AsyncDisposable {
  readonly service: JobService;
  /** Whether a key is the one that this process calls itself with. */
  readonly isOwnKey: (key: string | undefined) => boolean;
  /** Takes up runs; what they ask must be served from then on. */
  start(): Promise<void>;
  /** Lets what is under way come to its end for so long; the runs wait for the next process. */
  close(deadlineMs: number): Promise<void>;
}

/**
 * Carries out runs of evaluations. They ask over HTTP, as any client: what is measured is what clients get. Their key is made
 * anew at each start and stands nowhere: keys that were made are known by their hashes only.
 */
export function evaluationJobs({ database, url, variable, logger }: EvaluationJobOptions): EvaluationJobs {
  const store = postgresJobStore(database.kysely);
  const upstream = new UndiciUpstream();
  const ownKey = Buffer.from(systemRandom.bytes(ownKeyBytes)).toString("hex");
  const worker = new JobWorker({
    store,
    get signalbox() {
      return { url: url(), apiKey: ownKey };
    },
    variable,
    upstream,
    clock: systemClock,
    timers: systemTimers,
    version,
    holder: Buffer.from(systemRandom.bytes(8)).toString("hex"),
    // One process alone has the embedded database.
    alone: database.kind === "pglite",
    onEvent: (event) => tell(logger, event),
  });
  let closing: Promise<void> | undefined;
  const close = async (deadlineMs: number): Promise<void> => {
    await worker.close(deadlineMs);
    await upstream[Symbol.asyncDispose]();
  };
  return {
    service: new JobService({ store, worker, clock: systemClock, random: systemRandom }),
    isOwnKey: (key) =>
      key?.length === ownKey.length && timingSafeEqual(Buffer.from(key), Buffer.from(ownKey)),
    start: () => worker.start(),
    close: (deadlineMs) => (closing ??= close(deadlineMs)),
    [Symbol.asyncDispose]: () => (closing ??= close(0)),
  };
}

const ownKeyBytes = 32;

function tell(logger: Logger, event: JobEvent): void {
  const { kind, ...facts } = event;
  if ("error" in facts) logger.warn({ ...facts, err: facts.error, error: undefined }, kind);
  else logger.info(facts, kind);
}
