import { Worker } from "node:worker_threads";
import { AppError } from "#core/kernel/app-error.ts";
import type { WorkerReply, WorkerRequest, WorkerStart } from "./pglite-protocol.ts";

/** Rows of one statement. */
interface StatementResult {
  readonly rows: readonly unknown[];
  readonly affectedRows?: number;
}

/** A PGlite in a worker thread, so that its work never holds the event loop (measured: 173 ms on the main thread). */
export interface PgliteProcess {
  /** Whether it still answers; once false, a new one must be started. */
  readonly alive: boolean;
  /**
   * Runs one statement.
   * @param limitMs after so long the worker is ended: WASM cannot be interrupted and ignores statement_timeout. As
   * after kill -9, the directory then recovers when it is opened again; acknowledged writes stay.
   * @throws the database's error with `code` (SQLSTATE), or AppError store-unavailable when the worker ended
   */
  query(sql: string, parameters: readonly unknown[], limitMs: number): Promise<StatementResult>;
  /** Writes everything out and ends the thread. */
  close(): Promise<void>;
}

/** Longest wait for PGlite to open: creating a directory took 3.7 s on a slow machine, recovery can take longer. */
const openMsMax = 120_000;
/** Longest wait for a clean close before the thread is ended anyway. */
const closeMsMax = 10_000;

/** Opens (creating it if needed) a PGlite directory, or one in memory. */
export async function startPglite(start: WorkerStart): Promise<PgliteProcess> {
  // The extension is this file's own: .ts in the repository, .js once compiled.
  const extension = import.meta.url.slice(import.meta.url.lastIndexOf("."));
  const worker = new Worker(new URL(`./pglite-worker${extension}`, import.meta.url), { workerData: start });
  const exchange = createExchange(worker);
  await exchange.opened;
  return {
    get alive() {
      return exchange.alive;
    },
    async query(sql, parameters, limitMs) {
      const reply = await exchange.ask((id) => ({ kind: "query", id, sql, parameters }), limitMs);
      if (reply.kind !== "rows")
        throw new Error(`Broken invariant: PGlite answered a query with "${reply.kind}"`);
      const { rows, affectedRows } = reply;
      return affectedRows === undefined ? { rows } : { rows, affectedRows };
    },
    async close() {
      if (!exchange.alive) return;
      try {
        await exchange.ask((id) => ({ kind: "close", id }), closeMsMax);
      } finally {
        await worker.terminate();
      }
    },
  };
}

interface Exchange {
  readonly alive: boolean;
  readonly opened: Promise<void>;
  ask(request: (id: number) => WorkerRequest, limitMs: number): Promise<WorkerReply>;
}

interface Waiting {
  readonly resolve: (reply: WorkerReply) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/** Pairs questions with answers. The one connection of Kysely asks one at a time, so that the map stays small. */
function createExchange(worker: Worker): Exchange {
  /** The id under which opening waits; the worker refuses with it when the database does not open. */
  const openingId = 0;
  const waiting = new Map<number, Waiting>();
  let alive = true;
  let nextId = openingId;

  function wait(limitMs: number): Promise<WorkerReply> {
    const id = nextId++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => end(`no answer within ${limitMs} ms`), limitMs);
      waiting.set(id, { resolve, reject, timer });
    });
  }

  function take(id: number): Waiting | undefined {
    const entry = waiting.get(id);
    clearTimeout(entry?.timer);
    waiting.delete(id);
    return entry;
  }

  function end(reason: string): void {
    if (!alive) return;
    alive = false;
    void worker.terminate();
    const message = `Cannot use the embedded database: an answer is wanted, ${reason}`;
    for (const id of waiting.keys()) {
      take(id)?.reject(new AppError("store-unavailable", message, { retryable: true }));
    }
  }

  worker.on("message", (reply: WorkerReply) => {
    const entry = take(reply.kind === "ready" ? openingId : reply.id);
    if (reply.kind === "refused") entry?.reject(databaseError(reply.message, reply.code));
    else entry?.resolve(reply);
  });
  worker.on("error", (error) => end(`its thread failed: ${String(error)}`));
  worker.on("exit", () => end("its thread ended"));

  return {
    get alive() {
      return alive;
    },
    opened: wait(openMsMax).then(
      () => undefined,
      (error: unknown) => {
        end("it did not open");
        throw error;
      },
    ),
    ask(request, limitMs) {
      if (!alive)
        return Promise.reject(
          new AppError("store-unavailable", "Cannot use the embedded database: its thread ended", {
            retryable: true,
          }),
        );
      const id = nextId;
      const answer = wait(limitMs);
      worker.postMessage(request(id));
      return answer;
    },
  };
}

/** An error with SQLSTATE in `code`, as node-postgres makes them. */
function databaseError(message: string, code: string | undefined): Error {
  return Object.assign(new Error(message), code === undefined ? {} : { code });
}
