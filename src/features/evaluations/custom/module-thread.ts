import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import { unscored, type Score } from "#core/scoring/score.ts";
import type { ScoredAnswer } from "#core/scoring/scored-answer.ts";
import type { ModuleThreadData, ModuleThreadWord } from "./module-worker.ts";

/** A module that scores, and how much it may take. */
export interface ScorerModule {
  /** Absolute path. */
  readonly file: string;
  /** Longest time of one answer, ms. */
  readonly timeoutMs: number;
  readonly memoryMb: number;
}

/** Longest time that a module may take to load, ms. */
const loadMsMax = 10_000;

/** Longest message that is kept of a module's error, characters. */
const messageLengthMax = 500;

/** What a thread comes to: its module's word, or its end. */
type Heard = ModuleThreadWord | { readonly kind: "gone"; readonly why: string };

/** A thread with a module in it. One answer at a time: who loops or runs out of memory is known then, and ends nobody else's. */
export class ModuleThread {
  readonly #worker: Worker;
  readonly #timeoutMs: number;
  /** Who waits for its next word, or its end. */
  #hear: (heard: Heard) => void = () => undefined;
  #isGone = false;

  private constructor(worker: Worker, { timeoutMs, memoryMb }: ScorerModule) {
    this.#worker = worker;
    this.#timeoutMs = timeoutMs;
    const gone = (why: string) => {
      this.#isGone = true;
      this.#hear({ kind: "gone", why: why.slice(0, messageLengthMax) });
    };
    worker.on("message", (word: ModuleThreadWord) => this.#hear(word));
    worker.on("error", (error) => gone(errorText(error, memoryMb)));
    worker.on("exit", () => gone("it ended its thread"));
  }

  /** Starts a thread. @returns why the module cannot be used, where it cannot */
  static async start(module: ScorerModule): Promise<Result<ModuleThread, string>> {
    const data: ModuleThreadData = { url: pathToFileURL(module.file).href };
    const worker = new Worker(new URL(import.meta.resolve("#features/evaluations/custom/module-worker.ts")), {
      workerData: data,
      resourceLimits: { maxOldGenerationSizeMb: module.memoryMb },
      stdout: true,
    });
    worker.unref();
    worker.stdout.resume();
    const thread = new ModuleThread(worker, module);
    const end = await thread.#next(loadMsMax);
    if (end.kind === "loaded") return ok(thread);
    await thread.close();
    if (end.kind === "gone") return failed(end.why);
    return failed(`it does not come to an end of loading within ${loadMsMax} ms`);
  }

  /** Whether it scores no more. */
  get isGone(): boolean {
    return this.#isGone;
  }

  /** Scores an answer; a module that takes too long is ended with its thread. */
  async score(answer: ScoredAnswer, signal: AbortSignal): Promise<Score> {
    const next = this.#next(this.#timeoutMs, signal);
    this.#worker.postMessage(answer);
    const end = await next;
    if (end.kind === "scored") return end.score;
    await this.close();
    if (end.kind === "late")
      return unscored("scorer-timeout", `A score within ${this.#timeoutMs} ms is wanted, none came`);
    const why = end.kind === "gone" ? end.why : "it was stopped";
    return unscored("scorer-failed", `A score is wanted, the module failed: ${why}`);
  }

  async close(): Promise<void> {
    this.#isGone = true;
    await this.#worker.terminate();
  }

  async #next(limitMs: number, signal?: AbortSignal) {
    const { promise, resolve } = Promise.withResolvers<Heard | { readonly kind: "late" | "stopped" }>();
    this.#hear = resolve;
    const timer = setTimeout(() => resolve({ kind: "late" }), limitMs);
    const stop = () => resolve({ kind: "stopped" });
    signal?.addEventListener("abort", stop, { once: true });
    if (signal?.aborted) stop();
    const end = await promise;
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
    this.#hear = () => undefined;
    return end;
  }
}

function errorText(error: unknown, memoryMb: number): string {
  if (!(error instanceof Error)) return String(error);
  if ("code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY") return `it took more than ${memoryMb} MB`;
  return error.message;
}
