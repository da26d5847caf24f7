import type { EvaluationRecord } from "#core/evaluations/record.ts";

/** One item asked of one target once. */
export interface Task {
  /** Which item of the data set it is, from 0, in the order of the selection. */
  readonly position: number;
  readonly item: string;
  readonly target: string;
  readonly repeat: number;
}

/** A line of what a run keeps: append-only, so that a crash loses none that was kept. */
export type RunLine = StartedLine | FinishedLine;

/** An item is about to be asked: without its end, it may have been paid and lost. */
export interface StartedLine extends Task {
  readonly kind: "started";
  readonly atMs: number;
}

/** What became of it. */
export interface FinishedLine {
  readonly kind: "finished";
  readonly position: number;
  readonly record: EvaluationRecord;
}

/** Where a run keeps what it did. */
export interface RunLog {
  /**
   * Keeps a line; resolves when it outlives a crash of the machine. Lines are kept in the order of the calls.
   * @throws AppError store-unavailable when it cannot be kept, as all later ones
   */
  append(line: RunLine): Promise<void>;
}
