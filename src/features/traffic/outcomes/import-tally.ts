import { AppError } from "#core/kernel/app-error.ts";
import type { FeedbackChange, KeptFeedback } from "#features/traffic/feedback/feedback.ts";

/** Problems that are told in full, and columns that are named, at most: the first ones. */
export const problemsMax = 100;
const ignoredMax = 100;

/** What is wrong with a row, in a sentence. */
export interface RowRefusal {
  /** Absent where it is the row as a whole. */
  readonly column?: string;
  readonly detail: string;
}

/** The same, with its place. */
export interface ImportProblem extends RowRefusal {
  /** The line on which the row ends, from 1. */
  readonly line: number;
}

/** What became of a file. */
export interface ImportReport {
  /** Rows that were looked at: those kept and those refused. */
  readonly rows: number;
  readonly changes: Readonly<Record<FeedbackChange, number>>;
  /** Of those kept, how many wait for their request. */
  readonly pending: number;
  readonly refused: number;
  /** The first `problemsMax`; a row can have several. */
  readonly problems: readonly ImportProblem[];
  /** Names of columns that were passed over. */
  readonly ignored: readonly string[];
  /** Why it went no further, and the last line that was looked at; absent where it came to the end. */
  readonly stopped?: { readonly line: number; readonly detail: string };
}

/** Counts what becomes of rows. */
export class ImportTally {
  readonly #changes = { created: 0, revised: 0, superseded: 0, unchanged: 0 };
  readonly #problems: ImportProblem[] = [];
  readonly #ignored = new Set<string>();
  #pending = 0;
  #refused = 0;
  #kept = 0;
  #line = 0;

  kept(line: number, { change, feedback }: KeptFeedback): void {
    this.#line = line;
    this.#kept += 1;
    this.#changes[change] += 1;
    if (feedback.state === "pending") this.#pending += 1;
  }

  refused(line: number, problems: readonly RowRefusal[]): void {
    this.#line = line;
    this.#refused += 1;
    const room = problemsMax - this.#problems.length;
    this.#problems.push(...problems.slice(0, room).map((problem) => ({ line, ...problem })));
  }

  ignored(column: string): void {
    if (this.#ignored.size < ignoredMax) this.#ignored.add(column);
  }

  report(): ImportReport {
    return {
      rows: this.#kept + this.#refused,
      changes: { ...this.#changes },
      pending: this.#pending,
      refused: this.#refused,
      problems: this.#problems,
      ignored: [...this.#ignored],
    };
  }

  /** What became of it up to an error. @throws the error when nothing was kept by then, or it is a mistake of ours */
  stopped(error: unknown): ImportReport {
    if (this.#kept === 0 || !(error instanceof AppError)) throw error;
    return { ...this.report(), stopped: { line: this.#line, detail: error.message } };
  }
}
