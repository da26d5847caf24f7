import { ok, type Result } from "#core/kernel/result.ts";
import { unscored, type Score } from "#core/scoring/score.ts";
import type { ScoredAnswer } from "#core/scoring/scored-answer.ts";
import { ModuleThread, type ScorerModule } from "./module-thread.ts";

/** Threads of one module at most. */
const threadsMax = 4;

/** The threads of all modules that score, each begun when it is wanted first. */
export class ModuleThreads implements AsyncDisposable {
  readonly #pools = new Map<string, Pool>();

  /** Whether a module can be loaded. @returns why not */
  check(module: ScorerModule): Promise<Result<void, string>> {
    return this.#poolOf(module).check();
  }

  /** Never rejects. */
  score(module: ScorerModule, answer: ScoredAnswer, signal: AbortSignal): Promise<Score> {
    return this.#poolOf(module).score(answer, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#pools.values()].map((pool) => pool.close()));
  }

  #poolOf(module: ScorerModule): Pool {
    const key = JSON.stringify([module.file, module.timeoutMs, module.memoryMb]);
    const pool = this.#pools.get(key) ?? new Pool(module);
    this.#pools.set(key, pool);
    return pool;
  }
}

class Pool {
  readonly #module: ScorerModule;
  readonly #idle: ModuleThread[] = [];
  readonly #waiting: (() => void)[] = [];
  #busy = 0;

  constructor(module: ScorerModule) {
    this.#module = module;
  }

  async check(): Promise<Result<void, string>> {
    const started = await ModuleThread.start(this.#module);
    if (!started.ok) return started;
    this.#idle.push(started.value);
    return ok(undefined);
  }

  async score(answer: ScoredAnswer, signal: AbortSignal): Promise<Score> {
    while (this.#busy >= threadsMax) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#busy++;
    try {
      return await this.#scored(answer, signal);
    } finally {
      this.#busy--;
      this.#waiting.shift()?.();
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#idle.map((thread) => thread.close()));
  }

  async #scored(answer: ScoredAnswer, signal: AbortSignal): Promise<Score> {
    const thread = await this.#thread();
    if (!thread.ok)
      return unscored(
        "scorer-failed",
        `A module that scores is wanted, it cannot be loaded: ${thread.error}`,
      );
    const score = await thread.value.score(answer, signal);
    if (!thread.value.isGone) this.#idle.push(thread.value);
    return score;
  }

  async #thread(): Promise<Result<ModuleThread, string>> {
    const idle = this.#idle.pop();
    // It may have ended meanwhile, by what it left behind.
    return idle && !idle.isGone ? ok(idle) : ModuleThread.start(this.#module);
  }
}
