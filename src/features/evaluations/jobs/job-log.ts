import { AppError } from "#core/kernel/app-error.ts";
import type { RunLine, RunLog } from "#features/evaluations/runs/run-log.ts";
import type { JobCount } from "./job-count.ts";
import type { JobClaim } from "./run-job.ts";
import type { JobStore } from "./store.ts";

/** Lines that are kept at once, at most. */
const batchMax = 500;

interface Waiting {
  readonly line: RunLine;
  readonly kept: () => void;
  readonly lost: (error: unknown) => void;
}

/** What lines are kept with. */
export interface JobLogParts {
  readonly store: Pick<JobStore, "append">;
  readonly claim: JobClaim;
  /** Lines that are kept already. */
  readonly before: number;
  /** How far the run is: kept beside the lines. */
  readonly count: JobCount;
}

/** Keeps lines of a run in its store. What comes while the store is busy is kept together, in one statement. */
export class JobLog implements RunLog {
  readonly #parts: JobLogParts;
  #next: number;
  readonly #waiting: Waiting[] = [];
  #isWriting = false;
  /** Set once a line was lost: what comes after would stand behind a gap. */
  #failure: Error | undefined;

  constructor(parts: JobLogParts) {
    this.#parts = parts;
    this.#next = parts.before + 1;
  }

  append(line: RunLine): Promise<void> {
    const { promise, resolve: kept, reject: lost } = Promise.withResolvers<void>();
    this.#waiting.push({ line, kept, lost });
    if (!this.#isWriting) void this.#write();
    return promise;
  }

  async #write(): Promise<void> {
    this.#isWriting = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, batchMax);
      try {
        if (this.#failure) throw this.#failure;
        await this.#keep(batch.map(({ line }) => line));
        for (const { kept } of batch) kept();
      } catch (error) {
        this.#failure ??= error instanceof Error ? error : new Error(String(error));
        for (const { lost } of batch) lost(this.#failure);
      }
    }
    this.#isWriting = false;
  }

  async #keep(lines: readonly RunLine[]): Promise<void> {
    const { store, claim, count } = this.#parts;
    for (const line of lines) if (line.kind === "finished") count.add(line.record);
    const isKept = await store.append(claim, { first: this.#next, lines }, count.progress);
    if (!isKept) throw claimLost(claim.id);
    this.#next += lines.length;
  }
}

/** What a process is told that has lost its run to another one. */
export function claimLost(id: string): AppError {
  return new AppError(
    "conflict",
    `Cannot go on with run "${id}": the process that holds it is wanted, another one has taken it`,
  );
}
