/** What is summed up for each unit of an experiment over its requests, each by itself. */
export const requestMeasureNames = [
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
  /** Answers that were held against the format that was asked for, those of them that miss it, and those that could not be. */
  "formatChecked",
  "formatMissed",
  "formatUnchecked",
  /** Answered requests that ask a question of somebody who is named: those that can be asked once more. */
  "questions",
] as const;

/** One of them. */
export type RequestMeasure = (typeof requestMeasureNames)[number];

/**
 * What is summed up for each unit of an experiment. Ratios (a rate, a mean over requests) are of two of them; averages of units are
 * of one.
 */
export const unitMeasures = [
  ...requestMeasureNames,
  /** Questions that were asked once more soon after the answer (`isRegenerated`). */
  "regenerated",
] as const;

/** One of them. */
export type UnitMeasure = (typeof unitMeasures)[number];
