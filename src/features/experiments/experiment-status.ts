import type { JsonObject } from "#core/kernel/json.ts";

/**
 * Where an experiment stands. `draft`: designed, and never started. `running`: takes requests. `paused`: takes none until
 * it is resumed; units keep their variants. `stopped`: over. `decided`: somebody said what follows from it.
 */
export const experimentStates = ["draft", "running", "paused", "stopped", "decided"] as const;

/** One of them. */
export type ExperimentState = (typeof experimentStates)[number];

/** A stretch of an experiment in which one and the same is compared, under one salt. */
export interface ExperimentPhase {
  /** 1 or more. */
  readonly number: number;
  /** What the hashes of its assignments begin with. */
  readonly salt: string;
  /** The design as it was written when the experiment was started: held, whatever the configuration says since. */
  readonly design: JsonObject;
  /** The hash of each of its variants, by name: what is compared. */
  readonly hashes: Readonly<Record<string, string>>;
  /** Number of the configuration's version that these hashes are of. */
  readonly configuration: number;
  /** When it began, ms since 1970. */
  readonly startedAtMs: number;
  /** When it ended, ms since 1970; absent while it goes on. */
  readonly endedAtMs?: number;
}

/** What became of a design. An experiment that was never started has none. */
export interface ExperimentStatus {
  /** The experiment's name. */
  readonly experiment: string;
  readonly state: Exclude<ExperimentState, "draft">;
  /** Since when it is in this state, ms since 1970. */
  readonly sinceMs: number;
  /** The newest phase. */
  readonly phase: ExperimentPhase;
  /** The variant that was decided for; absent where none was, or nothing is decided. */
  readonly winner?: string;
  /** When it was last changed, ms since 1970: a new phase leaves the state as it is. */
  readonly changedAtMs: number;
  /** Who changed it last: `admin`, a key's id, `anyone`, or `signalbox` for what it does itself. */
  readonly changedBy: string;
  /** Why, in the words of whoever changed it. */
  readonly why?: string;
  /** Number of the change of the status that made it so: what a later change is checked against. */
  readonly epoch: number;
}

/** A status that is about to be kept. */
export type NewExperimentStatus = Omit<ExperimentStatus, "epoch">;

/** One change of an experiment, as it is kept for ever. */
export interface ExperimentTransition {
  /** Number of the change of the status. */
  readonly epoch: number;
  /** When, ms since 1970. */
  readonly atMs: number;
  readonly by: string;
  readonly from: ExperimentState;
  /** The same as `from` where only a new phase began. */
  readonly to: ExperimentState;
  /** The phase after it. */
  readonly phase: number;
  readonly why?: string;
}

/** Who changes by itself what follows from designs and configurations. */
export const ourselves = "signalbox";
