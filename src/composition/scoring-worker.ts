import { parentPort } from "node:worker_threads";
import { yieldToOthers } from "#adapters/system/thread-priority.ts";
import type { ScoringJob, ScoringReply } from "#features/evaluations/index.ts";
import { scoreComputer } from "#features/evaluations/online/compute-scores.ts";

// The thread that computes scores of live answers: those who serve requests go first.
yieldToOthers();
const compute = scoreComputer();
parentPort?.on("message", ({ number, scorers, answer }: ScoringJob) => {
  const reply: ScoringReply = { number, scores: compute(scorers, answer) };
  parentPort?.postMessage(reply);
});
