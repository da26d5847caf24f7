import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { InstalledFault } from "./faults/fault-set.ts";
import type { LedgerFilter, LedgerRow, LedgerSummary } from "./ledger.ts";
import type { EmulatorOptions } from "./start-emulator.ts";

/** Options that can cross into a worker thread: plain data only. */
export type WorkerEmulatorOptions = Omit<EmulatorOptions, "now" | "timers" | "keyAccepted">;

/** What the main thread asks of the worker. */
export type WorkerCommand =
  | { readonly kind: "ledger"; readonly id: number; readonly filter: LedgerFilter }
  | {
      readonly kind: "summary" | "clear-ledger" | "clear-faults" | "clear-versions" | "close";
      readonly id: number;
    }
  | {
      readonly kind: "report-version";
      readonly id: number;
      readonly model: string;
      readonly version: string;
    }
  | { readonly kind: "add-fault"; readonly id: number; readonly fault: Omit<InstalledFault, "id"> };

/** What the worker says. */
export type WorkerReply =
  | { readonly kind: "ready"; readonly url: string; readonly port: number }
  | { readonly kind: "answer"; readonly id: number; readonly value: unknown }
  | { readonly kind: "refused"; readonly id: number; readonly message: string };

/** An emulator in a thread of its own. */
export interface WorkerEmulator extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  ledger(filter?: LedgerFilter): Promise<readonly LedgerRow[]>;
  ledgerSummary(): Promise<LedgerSummary>;
  clearLedger(): Promise<void>;
  /** Installs a fault; rejects with RangeError for an unknown name. */
  addFault(fault: Omit<InstalledFault, "id">): Promise<InstalledFault>;
  clearFaults(): Promise<void>;
  /** From now on the model reports this version in its answers. */
  reportVersion(model: string, version: string): Promise<void>;
  /** Every model reports its own name again. */
  clearVersions(): Promise<void>;
  /** Closes the emulator and ends the thread. */
  close(): Promise<void>;
}

/** Starts an emulator in a worker thread, so that it takes no time of the caller's thread. */
export async function startEmulatorInWorker(options: WorkerEmulatorOptions = {}): Promise<WorkerEmulator> {
  // By the imports map of package.json, so that the same text finds worker.ts here and worker.js once compiled.
  const worker = new Worker(new URL(import.meta.resolve("#emulator/worker.ts")), {
    workerData: options,
    // Node takes this flag for what it reads from its input only, and would refuse the worker's file.
    execArgv: process.execArgv.filter((flag) => !flag.startsWith("--input-type")),
  });
  const exited = once(worker, "exit");
  // A worker that cannot start emits "error", which rejects here.
  const [ready]: WorkerReply[] = await once(worker, "message");
  if (ready?.kind !== "ready")
    throw new Error("Cannot start the emulator: its worker did not say where it listens");
  const calls = createCalls(worker);
  let closing: Promise<void> | undefined;

  async function shutDown(): Promise<void> {
    await calls.ask({ kind: "close" });
    await exited;
  }

  const close = (): Promise<void> => (closing ??= shutDown());
  return {
    url: ready.url,
    port: ready.port,
    // The worker answers each command with the type that WorkerEmulator names (worker.ts).
    ledger: async (filter = {}) => (await calls.ask({ kind: "ledger", filter })) as readonly LedgerRow[],
    ledgerSummary: async () => (await calls.ask({ kind: "summary" })) as LedgerSummary,
    clearLedger: async () => void (await calls.ask({ kind: "clear-ledger" })),
    addFault: async (fault) => (await calls.ask({ kind: "add-fault", fault })) as InstalledFault,
    clearFaults: async () => void (await calls.ask({ kind: "clear-faults" })),
    reportVersion: async (model, version) =>
      void (await calls.ask({ kind: "report-version", model, version })),
    clearVersions: async () => void (await calls.ask({ kind: "clear-versions" })),
    close,
    [Symbol.asyncDispose]: close,
  };
}

type WithoutId<T> = T extends unknown ? Omit<T, "id"> : never;

interface Calls {
  ask(command: WithoutId<WorkerCommand>): Promise<unknown>;
}

/** Numbers commands and matches the worker's answers to them. A worker that dies rejects all that wait. */
function createCalls(worker: Worker): Calls {
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let sequence = 0;
  let death: Error | undefined;

  function fail(error: Error): void {
    death = error;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  }

  worker.on("message", (reply: WorkerReply) => {
    if (reply.kind === "ready") return;
    const call = waiting.get(reply.id);
    waiting.delete(reply.id);
    if (reply.kind === "answer") call?.resolve(reply.value);
    else call?.reject(new RangeError(reply.message));
  });
  worker.on("error", fail);
  worker.on("exit", () => fail(new Error("The emulator's worker has ended")));
  return {
    ask(command) {
      if (death !== undefined) return Promise.reject(death);
      sequence += 1;
      const call = Promise.withResolvers<unknown>();
      waiting.set(sequence, call);
      worker.postMessage({ ...command, id: sequence }, []);
      return call.promise;
    },
  };
}
