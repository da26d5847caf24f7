import type {
  ExperimentPhase,
  ExperimentStatus,
  ExperimentTransition,
  NewExperimentStatus,
} from "./experiment-status.ts";

/** Every status there is, as of one moment. */
export interface StatusView {
  /** The change of the status up to which this tells everything. */
  readonly epoch: number;
  /** By the experiment's name. */
  readonly statuses: ReadonlyMap<string, ExperimentStatus>;
}

/** A phase that is over. */
export interface EndedPhase {
  readonly experiment: string;
  readonly phase: number;
}

/**
 * Where the status of experiments is kept, apart from what the configuration says of them; each change takes the next
 * number of the status epoch, which configurations and deployments share. Implementations: memory (tests), Postgres and
 * PGlite; one contract for all.
 */
export interface ExperimentStore {
  /** Everything, whole, each with its newest phase. */
  read(): Promise<StatusView>;
  /** The newest change of the status, whatever it was of. */
  epoch(): Promise<number>;
  /** One status; undefined for an experiment that was never started. */
  get(experiment: string): Promise<ExperimentStatus | undefined>;
  /**
   * Keeps a status in the place of the one with that epoch (0: of none), with its phase, the end of the phase before, and
   * the transition that it is: all of it or nothing.
   * @returns the status with its epoch; undefined when another one is there by now: somebody else was faster
   */
  put(status: NewExperimentStatus, replaces: number): Promise<ExperimentStatus | undefined>;
  /** The newest phases of an experiment, newest first. */
  phases(experiment: string, limit: number): Promise<readonly ExperimentPhase[]>;
  /** Phases that ended before a time, of all experiments. */
  endedBefore(timeMs: number): Promise<readonly EndedPhase[]>;
  /** The newest changes of an experiment, newest first. */
  transitions(experiment: string, limit: number): Promise<readonly ExperimentTransition[]>;
}
