/** One request that a schedule wants. */
export interface Arrival {
  /** From the beginning of the run, ms. */
  readonly atMs: number;
  /** What it is to ask, where the schedule says so; else the prompts of the run decide. */
  readonly size?: RequestSize;
}

/** How large a request is to be, in tokens; approximate, since only the server's own tokenizer counts truly. */
export interface RequestSize {
  readonly inputTokens: number;
  /** What the answer is bounded by. */
  readonly outputTokens: number;
  /** The prompt in blocks, by names: prompts with the same names in front share their beginning. */
  readonly blocks?: readonly number[];
}
