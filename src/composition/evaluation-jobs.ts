import { createHash, timingSafeEqual } from "node:crypto";
import type { Logger } from "pino";
import type { Database } from "#adapters/postgres/database-port.ts";
import { systemClock } from "#adapters/system/system-clock.ts";
import { systemRandom } from "#adapters/system/system-random.ts";
import { systemTimers } from "#adapters/system/system-timers.ts";
import { UndiciUpstream } from "#adapters/upstream/undici-upstream.ts";
import { version } from "#composition/version.ts";
import { ok } from "#core/kernel/result.ts";
import type { Access } from "#features/access/index.ts";
import { JobService, JobWorker, postgresJobStore, type JobEvent } from "#features/evaluations/index.ts";

/**
 * How variables begin that an evaluation which was sent may name: else whoever starts one could have the process's other secrets
 * sent to a server of their own.
 */
const sentVariablePrefix = "EVALUATION_";

/** What runs of evaluations are carried out over. */
interface EvaluationJobOptions {
  readonly database: Database;
  /** Where this process listens; the port is known when it does. */
  readonly host: string;
  readonly port: () => number;
  /** An environment variable: keys of other servers; none is known when absent. */
  readonly variable?: (name: string) => string | undefined;
  readonly access: Pick<Access, "admit">;
  readonly logger: Logger;
}

/** Runs of evaluations in this process. */
export interface EvaluationJobs extends AsyncDisposable {
  readonly service: JobService;
  /** Who calls models: this process by the key that it calls itself with, or whoever access admits. */
  readonly admit: (credential: string | undefined) => ReturnType<Access["admit"]>;
  /** Takes up runs; what they ask must be served from then on. */
  start(): Promise<void>;
  /** Lets what is under way come to its end for so long; the runs wait for the next process. */
  close(deadlineMs: number): Promise<void>;
}

/**
 * Carries out runs of evaluations. They ask over HTTP, as any client: what is measured is what clients get. Their key is made
 * anew at each start and stands nowhere: keys that were made are known by their hashes only.
 */
export function evaluationJobs(options: EvaluationJobOptions): EvaluationJobs {
  const { database, access, logger } = options;
  const store = postgresJobStore(database.kysely);
  const upstream = new UndiciUpstream();
  const ownKey = Buffer.from(systemRandom.bytes(ownKeyBytes)).toString("hex");
  const worker = new JobWorker({
    store,
    get signalbox() {
      return { url: ownUrl(options), apiKey: ownKey };
    },
    variable: (name) => (name.startsWith(sentVariablePrefix) ? options.variable?.(name) : undefined),
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
    admit: (credential) =>
      isSame(credential, ownKey) ? ok({ kind: "admin" }) : access.admit(credential, { scope: "data" }),
    start: () => worker.start(),
    close: (deadlineMs) => (closing ??= close(deadlineMs)),
    [Symbol.asyncDispose]: () => (closing ??= close(0)),
  };
}

const ownKeyBytes = 32;

/** In a time that says nothing of how much of a key is right. */
function isSame(key: string | undefined, own: string): boolean {
  return key?.length === own.length && timingSafeEqual(hashed(key), hashed(own));
}

function hashed(key: string): Uint8Array {
  return createHash("sha256").update(key).digest();
}

/** Where this process calls itself: an address that stands for all of the machine's is none to call. */
function ownUrl({ host, port }: Pick<EvaluationJobOptions, "host" | "port">): string {
  const called = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
  return `http://${called.includes(":") ? `[${called}]` : called}:${port()}`;
}

function tell(logger: Logger, event: JobEvent): void {
  const { kind, ...facts } = event;
  if ("error" in facts) logger.warn({ ...facts, err: facts.error, error: undefined }, kind);
  else logger.info(facts, kind);
}
