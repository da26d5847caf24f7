import { readingLines, type EvaluationProgress } from "#features/evaluations/index.ts";

/** How often is told how far a run is, ms. */
const everyMs = 2_000;

/** Says how far a run is: a line every now and then, since logs have no bars. */
export class EvaluationProgressLines {
  readonly #write: (line: string) => void;
  readonly #nowMs: () => number;
  #begun: { readonly atMs: number; readonly done: number } | undefined;
  #lastMs = 0;

  /** @param nowMs a monotonic clock */
  constructor(write: (line: string) => void, nowMs: () => number = () => performance.now()) {
    this.#write = write;
    this.#nowMs = nowMs;
  }

  show(progress: EvaluationProgress): void {
    const nowMs = this.#nowMs();
    if (!this.#begun) {
      this.#begun = { atMs: nowMs, done: progress.done };
      for (const line of [...readingLines(progress.data), `${progress.total} questions`]) this.#write(line);
    }
    if (nowMs - this.#lastMs < everyMs && progress.done < progress.total) return;
    this.#lastMs = nowMs;
    this.#write(this.#line(progress, nowMs));
  }

  #line({ done, total, failed, costUsd, limit }: EvaluationProgress, nowMs: number): string {
    const { atMs, done: before } = this.#begun ?? { atMs: nowMs, done };
    const seconds = (nowMs - atMs) / 1_000;
    const rate = seconds > 0 ? (done - before) / seconds : 0;
    return [
      `${done} of ${total}`,
      ...(rate > 0 ? [`${rate.toFixed(1)}/s`, `${Math.ceil((total - done) / rate)} s left`] : []),
      ...(failed > 0 ? [`${failed} without an answer`] : []),
      ...(costUsd > 0 ? [`$${costUsd.toFixed(4)}`] : []),
      `${limit} at once`,
    ].join(", ");
  }
}
