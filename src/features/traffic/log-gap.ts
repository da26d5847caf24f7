/** Requests that were served and that the log does not have. */
export interface LogGap {
  /** When the first and the last of them ended, ms since 1970. */
  readonly fromMs: number;
  readonly toMs: number;
  /** How many, > 0. */
  readonly requests: number;
  /** Why, in a few words of ours: "the disk is full (ENOSPC)". */
  readonly reason: string;
}
