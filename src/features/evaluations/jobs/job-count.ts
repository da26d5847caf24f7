import type { EvaluationRecord } from "#core/evaluations/record.ts";
import type { EarlierRun } from "#features/evaluations/runs/earlier-run.ts";
import type { JobProgress } from "./run-job.ts";

/** How far a run is, counted on from what was done before. */
export class JobCount {
  #progress: JobProgress;

  constructor(total: number, earlier: EarlierRun, { retriesErrors }: { readonly retriesErrors: boolean }) {
    const { finished, failed, unfinished: lost, spent } = earlier;
    // What is done again is not done yet.
    const kept = retriesErrors ? { done: finished - failed, failed: 0 } : { done: finished, failed };
    this.#progress = { total, ...kept, lost, costUsd: spent.usd };
  }

  get progress(): JobProgress {
    return this.#progress;
  }

  add({ outcome, judging }: EvaluationRecord): void {
    const { done, failed, costUsd } = this.#progress;
    const isAnswered = outcome.kind === "answered";
    this.#progress = {
      ...this.#progress,
      done: done + 1,
      failed: failed + (isAnswered ? 0 : 1),
      costUsd: costUsd + (isAnswered ? (outcome.costUsd ?? 0) : 0) + (judging?.costUsd ?? 0),
    };
  }
}
