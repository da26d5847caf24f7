import type { RunTable } from "#core/evaluations/run-table.ts";

/** One thing that a gate looks at. */
export interface GateCheck {
  /** `run`: whether the run can be relied on; `bound`: an absolute one; `regression`: against a baseline. */
  readonly kind: "run" | "bound" | "regression";
  /** Of which run. */
  readonly run: string;
  readonly target: string;
  /** Which scorer or measure; `answers` of the run itself. */
  readonly metric: string;
  /** `unknown`: it cannot be told, for the reason in its text. */
  readonly status: "passed" | "failed" | "unknown";
  /** What was wanted and what was there, in a sentence. */
  readonly text: string;
}

/** A run that a gate is asked about. */
export interface GatedRun {
  readonly name: string;
  readonly table: RunTable;
  /** Items times repeats: as many answers as there should be of each target. */
  readonly expected: number;
  /** The run that it is compared with, target by target. */
  readonly baseline?: RunTable;
}
