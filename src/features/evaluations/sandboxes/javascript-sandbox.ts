import { Worker } from "node:worker_threads";
import type { JavaScriptJob } from "./javascript-worker.ts";
import type { ProgramEnd, Sandbox } from "./sandbox.ts";

/** Beyond its own time a program may need so long to start, ms. */
const startMs = 5_000;

/**
 * Runs JavaScript programs in QuickJS, which is WebAssembly: they have the language and nothing else, no files, no network, no
 * processes. In a thread of its own, since a program that loops would stop everything else until its time is over.
 */
export const javascriptSandbox: Sandbox = {
  run: (program, limits, signal) =>
    new Promise((resolve) => {
      const job: JavaScriptJob = { program, limits };
      const worker = new Worker(
        new URL(import.meta.resolve("#features/evaluations/sandboxes/javascript-worker.ts")),
        { workerData: job, env: {} },
      );
      const end = (value: ProgramEnd) => {
        clearTimeout(timer);
        signal.removeEventListener("abort", stop);
        void worker.terminate();
        resolve(value);
      };
      const stop = () => end({ kind: "timed-out" });
      const timer = setTimeout(stop, limits.timeoutMs + startMs);
      signal.addEventListener("abort", stop, { once: true });
      worker.once("message", end);
      worker.once("error", (error) =>
        end({ kind: "failed", message: error instanceof Error ? error.message : String(error) }),
      );
    }),
};
