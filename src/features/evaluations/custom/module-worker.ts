import { Console } from "node:console";
import { parentPort, workerData } from "node:worker_threads";
import { customScore } from "#core/scoring/custom/custom-score.ts";
import { unscored, type Score } from "#core/scoring/score.ts";
import type { ScoredAnswer } from "#core/scoring/scored-answer.ts";

/** What the worker is given. */
export interface ModuleThreadData {
  /** The module's file. */
  readonly url: string;
}

/** What it tells: that the module is loaded, then a score for each answer that it was sent. */
export type ModuleThreadWord =
  | { readonly kind: "loaded" }
  | { readonly kind: "scored"; readonly score: Score };

// What a module prints must not stand in what a command answers.
globalThis.console = new Console(process.stderr, process.stderr);

const { url }: ModuleThreadData = workerData;
const score = await scorerIn(url);
tell({ kind: "loaded" });
parentPort?.on("message", (answer: ScoredAnswer) => {
  void scored(answer).then((given) => tell({ kind: "scored", score: given }));
});

function tell(word: ModuleThreadWord): void {
  parentPort?.postMessage(word);
}

async function scored(answer: ScoredAnswer): Promise<Score> {
  try {
    return customScore(await score(answer));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return unscored("scorer-failed", `A score is wanted, the module failed: ${reason}`);
  }
}

/** @throws Error where the module has no function to score with */
async function scorerIn(file: string): Promise<(answer: ScoredAnswer) => unknown> {
  // A module is an object of its exports, whatever they are.
  const { default: found } = (await import(file)) as { readonly default?: unknown };
  if (typeof found === "function") return (answer) => found(answer);
  throw new Error("a function is wanted as its default export, it has none");
}
