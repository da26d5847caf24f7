/**
 * What is summed up for each unit of an experiment, over its requests. Ratios (a rate, a mean over requests) are of two of
 * them; averages of units are of one.
 */
export const unitMeasures = [
  "requests",
  "completed",
  "failed",
  "aborted",
  /** Requests that another variant answered than the assigned one. */
  "fallbacks",
  /** Requests that were given an answer that had been kept. */
  "keptAnswers",
  /** Answers that a filter blocked. */
  "blocked",
  /** Requests that made an attempt without a known price. */
  "unpriced",
  /** Prompt tokens, those that tools brought included. */
  "inputTokens",
  /** Without those of thinking. */
  "outputTokens",
  "thinkingTokens",
  /** Of all attempts, pico-dollars. */
  "picoDollars",
  /** Completed requests whose answer was made for them: those that `totalMs` is the sum of. */
  "timed",
  "totalMs",
  /** Requests with content that was made for them: those that `firstContentMs` is the sum of. */
  "firstContents",
  "firstContentMs",
  /** Tokens, those of thinking included, of answers that came in more than one piece, and the time from the first to the last. */
  "streamedTokens",
  "streamedMs",
] as const;

/** One of them. */
export type UnitMeasure = (typeof unitMeasures)[number];

/** Which units are asked for, and what of them. */
export interface MomentsQuery {
  readonly experiment: string;
  readonly phase: number;
  /** Only units that can have more than one request, or only the others; absent is all. */
  readonly stable?: boolean;
  /** In the order in which they are wanted, each once; none where the number of units is all that is asked for. */
  readonly measures: readonly UnitMeasure[];
}

/** What the units of one variant tell of some measures, and of how they go together. Units as assigned, whoever answered. */
export interface VariantMoments {
  readonly variant: string;
  readonly units: number;
  /** Of each measure, in the order asked for. */
  readonly means: readonly number[];
  /**
   * For each two measures the sum over units of the product of their deviations from their means: symmetric, the sums of
   * squared deviations on its diagonal. Taken around the means, so that nothing cancels.
   */
  readonly deviations: readonly (readonly number[])[];
}
