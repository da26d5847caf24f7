import type { ModuleConfig } from "#core/scoring/custom/custom-config.ts";
import type { RunScorer } from "#features/evaluations/scorers/run-scorer.ts";
import type { ScorerModule } from "./module-thread.ts";
import type { ModuleThreads } from "./module-threads.ts";

/** What it is made with. */
export interface ModuleContext {
  readonly modules: ModuleThreads;
}

/** A scorer in a file: its module is asked in a thread, and keeps its time itself, from when a thread is free. */
export function moduleScorer(config: ModuleConfig, { modules }: ModuleContext): RunScorer {
  const module = scorerModule(config);
  return { score: async (answer, signal) => ({ score: await modules.score(module, answer, signal) }) };
}

/** The module that a description means. @param config its file by its whole path */
export function scorerModule({ file, timeout, memory_mb: memoryMb }: ModuleConfig): ScorerModule {
  return { file, timeoutMs: timeout * 1_000, memoryMb };
}
