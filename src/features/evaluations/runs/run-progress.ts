import type { EvaluationRecord } from "#core/evaluations/record.ts";
import type { Pace } from "#core/evaluations/pace.ts";
import type { ReadingReport } from "#features/evaluations/data-sets/reading-report.ts";
import type { RunManifest } from "./run-manifest.ts";

/** How far a run is. */
export interface EvaluationProgress {
  /** What the data set came to: told once, before anybody is asked. */
  readonly data: ReadingReport;
  /** Tasks that are over, earlier ones included, and all there are. */
  readonly done: number;
  readonly total: number;
  /** Of those that ended now: without an answer; and what they cost, US dollars, as far as that is known. */
  readonly failed: number;
  readonly costUsd: number;
  /** Calls that may be under way. */
  readonly limit: number;
}

/** Counts what is over, and tells it. */
export class RunProgress {
  readonly #tell: (progress: EvaluationProgress) => void;
  #state: EvaluationProgress;

  constructor(
    {
      manifest,
      concurrency,
      data,
    }: { readonly manifest: RunManifest; readonly concurrency: number; readonly data: ReadingReport },
    onProgress: (progress: EvaluationProgress) => void,
  ) {
    this.#tell = onProgress;
    const total = data.selected * manifest.targets.length * manifest.repeats;
    this.#state = { data, done: 0, total, failed: 0, costUsd: 0, limit: concurrency };
    this.#tell(this.#state);
  }

  skipped(): void {
    this.#state = { ...this.#state, done: this.#state.done + 1 };
  }

  ended({ outcome, judging }: EvaluationRecord, { limit }: Pace): void {
    const { done, failed, costUsd } = this.#state;
    const isAnswered = outcome.kind === "answered";
    this.#state = {
      ...this.#state,
      done: done + 1,
      failed: failed + (isAnswered ? 0 : 1),
      costUsd: costUsd + (isAnswered ? (outcome.costUsd ?? 0) : 0) + (judging?.costUsd ?? 0),
      limit: Math.trunc(limit),
    };
    this.#tell(this.#state);
  }
}
