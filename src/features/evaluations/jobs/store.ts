import type { DataItem } from "#core/evaluations/data-item.ts";
import type { JsonObject } from "#core/kernel/json.ts";
import type { RunLine } from "#features/evaluations/runs/run-log.ts";
import type { RunManifest } from "#features/evaluations/runs/run-manifest.ts";
import type { JobClaim, JobProgress, JobState, JobStop, RunJob, TakenJob } from "./run-job.ts";

/** A run to be carried out. */
export interface NewJob extends Pick<RunJob, "id" | "name" | "evaluation" | "createdAtMs" | "createdBy"> {
  readonly items?: readonly DataItem[];
}

/** A line of a run where it is kept. */
export interface KeptLine {
  /** From 1, in the order in which lines were kept. */
  readonly sequence: number;
  /** JSON, as a run's file has it. */
  readonly text: string;
}

/** Who holds runs, and how long a run is held without being kept, ms. */
export interface JobHolder {
  readonly holder: string;
  readonly lifetimeMs: number;
}

/** How a run ended, or that it waits again. */
export interface JobEnd {
  readonly state: Exclude<JobState, "running">;
  readonly stop?: JobStop;
  readonly atMs: number;
}

/** Where runs and their lines are kept. All reject with AppError store-unavailable. */
export interface JobStore {
  add(job: NewJob): Promise<void>;
  get(id: string): Promise<RunJob | undefined>;
  /** Newest first. @param before the id behind which the page begins */
  list(limit: number, before?: string): Promise<readonly RunJob[]>;
  /** Takes the oldest run that waits, or whose holder is gone; of many that ask at once each gets another one. */
  take(holder: JobHolder, atMs: number): Promise<TakenJob | undefined>;
  /** Takes runs from whoever holds them: for a process that has the store to itself. */
  free(): Promise<void>;
  /** Goes on holding. @returns whether it still does, and whether somebody wants the run to stop */
  keep(claim: JobClaim, lifetimeMs: number): Promise<"held" | "stop-wanted" | "lost">;
  /** Notes what the run is of. @returns whether the claim holds */
  begin(claim: JobClaim, manifest: RunManifest, progress: JobProgress): Promise<boolean>;
  /** Keeps lines in one piece, numbered from `first`, and how far the run is. @returns whether the claim holds */
  append(
    claim: JobClaim,
    lines: { readonly first: number; readonly lines: readonly RunLine[] },
    progress: JobProgress,
  ): Promise<boolean>;
  /** Lets go of a run. Does nothing where the claim does not hold. */
  end(claim: JobClaim, end: JobEnd): Promise<void>;
  /** A run that waits is stopped, one under way is to stop. @returns whether it was either */
  stop(id: string, end: JobEnd): Promise<boolean>;
  /** A run that is over waits again. @returns whether it was over */
  requeue(
    id: string,
    changes: { readonly evaluation: JsonObject; readonly retriesErrors: boolean },
  ): Promise<boolean>;
  /** Deletes a run that is over, with its lines. @returns whether it was over */
  remove(id: string): Promise<boolean>;
  /** Lines behind a number, in their order. */
  lines(id: string, after: number, limit: number): Promise<readonly KeptLine[]>;
}
