/** A phase of an experiment. */
export interface PhaseQuery {
  readonly experiment: string;
  readonly phase: number;
}

/** Which periods are asked for. */
export interface PeriodsQuery extends PhaseQuery {
  /** How long each is, ms: whole minutes. Each begins at a multiple of it since 1970. */
  readonly widthMs: number;
}

/** What happened in one period to the requests of one variant, as assigned: of units that last. */
export interface ExperimentPeriod {
  readonly variant: string;
  /** Ms since 1970. */
  readonly startMs: number;
  readonly requests: number;
  readonly failed: number;
  readonly aborted: number;
  /** Answered by another variant than assigned. */
  readonly fallbacks: number;
  /** Given an answer that had been kept. */
  readonly keptAnswers: number;
}

/** Which versions are asked for. */
export interface VersionsQuery extends PhaseQuery {
  /** Only of requests that began in this minute or later, ms since 1970; absent is of all. */
  readonly sinceMs?: number;
}

/** A version of a model that answered requests of a variant which was assigned them. */
export interface AnsweredVersion {
  readonly variant: string;
  /** The model's id that the provider was asked for. */
  readonly model: string;
  /** What the provider said answered. */
  readonly version: string;
  readonly requests: number;
  /** The minutes of its first and its last answer, ms since 1970. */
  readonly firstMs: number;
  readonly lastMs: number;
}

/** Versions that one call gives at most. */
export const versionsMax = 100;
