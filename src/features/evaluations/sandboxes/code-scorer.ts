import type { CodeConfig } from "#core/scoring/code/code-config.ts";
import { programOf } from "#core/scoring/code/program-of.ts";
import { unscored, verdict, type Score } from "#core/scoring/score.ts";
import type { RunScorer } from "#features/evaluations/scorers/run-scorer.ts";
import type { ProgramEnd, Sandbox } from "./sandbox.ts";

/** By language. */
export type Sandboxes = Readonly<Record<CodeConfig["language"], Sandbox>>;

/** Scores answers by running them with their tests. */
export function codeScorer(config: CodeConfig, sandboxes: Sandboxes): RunScorer {
  const limits = { timeoutMs: config.timeout * 1_000, memoryMb: config.memory_mb };
  return {
    async score({ text, fields }, signal) {
      const program = programOf(config, text, fields);
      if (!program.ok) return { score: program.error };
      return { score: scoreOf(await sandboxes[config.language].run(program.value, limits, signal), config) };
    },
  };
}

function scoreOf(end: ProgramEnd, { timeout, memory_mb: memory }: CodeConfig): Score {
  switch (end.kind) {
    case "passed":
      return verdict(true);
    case "failed":
      return verdict(false, end.message);
    case "timed-out":
      return verdict(false, `It did not end within ${timeout} s`);
    case "out-of-memory":
      return verdict(false, `It took more than ${memory} MB`);
    case "unavailable":
      return unscored("sandbox-unavailable", end.message);
  }
}
