import type { DataItem } from "#core/evaluations/data-item.ts";
import type { JsonObject } from "#core/kernel/json.ts";
import type { RunManifest } from "#features/evaluations/runs/run-manifest.ts";
import type { StopReason } from "#features/evaluations/runs/stop-rule.ts";

/**
 * How a run stands: it waits for a process; one carries it out; all is done; it was stopped before, by its rules or by people; it
 * could not be carried out.
 */
export const jobStates = ["queued", "running", "finished", "stopped", "failed"] as const;

/** One of them. */
export type JobState = (typeof jobStates)[number];

/** Why a run ended before all was done. */
export type JobStop =
  | StopReason
  | { readonly kind: "failed"; readonly code: string; readonly message: string };

/** How far a run is. */
export interface JobProgress {
  /** Tasks there are; 0 until the data was read. */
  readonly total: number;
  /** Tasks that are over, and those of them without an answer. */
  readonly done: number;
  readonly failed: number;
  /** Tasks that began when a process ended, and whose answers are lost: they may have been paid twice. */
  readonly lost: number;
  /** What answers and judges have cost, US dollars, as far as that is known. */
  readonly costUsd: number;
}

/** A run that Signalbox carries out itself. */
export interface RunJob {
  /** A UUIDv7. */
  readonly id: string;
  readonly name: string;
  /** As it was sent, with bounds as they are now. */
  readonly evaluation: JsonObject;
  /** Absent until its data was read. */
  readonly manifest?: RunManifest;
  readonly state: JobState;
  readonly stop?: JobStop;
  /** Whether somebody has asked that it stops. */
  readonly isStopWanted: boolean;
  readonly progress: JobProgress;
  /** ms since 1970. */
  readonly createdAtMs: number;
  readonly createdBy: string;
  readonly startedAtMs?: number;
  readonly finishedAtMs?: number;
}

/** The right of one process to carry out a run, until another one has taken it. */
export interface JobClaim {
  readonly id: string;
  /** How often it was taken. */
  readonly epoch: number;
}

/** A run that a process has taken. */
export interface TakenJob extends JobClaim {
  readonly job: RunJob;
  /** Of an evaluation that brings its items. */
  readonly items?: readonly DataItem[];
  /** Whether tasks that failed are done again. */
  readonly retriesErrors: boolean;
}
