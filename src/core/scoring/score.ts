/** What a scorer says of one answer. */
export type Score = Scored | Unscored;

/** A score that counts. */
export interface Scored {
  readonly kind: "scored";
  /** Finite; of most scorers from 0 (worst) to 1 (best), of measures in their own unit. */
  readonly value: number;
  /** Whether the answer passes, where the scorer knows when one does. */
  readonly passed?: boolean;
  /** Why, in a sentence, where it helps a reader. */
  readonly reason?: string;
  /** What a value over all answers together is made of, to be added up number by number: see corpusMeasure. */
  readonly counts?: readonly number[];
}

/** No score: never counted as a wrong answer, and never left out without being counted. */
export interface Unscored {
  readonly kind: "unscored";
  readonly code: UnscoredCode;
  /** What was wanted and what was there. */
  readonly message: string;
}

/**
 * Why there is no score.
 * - `reference-missing`: the item has no such field; `reference-invalid`: what it has cannot be compared with
 * - `measurement-missing`: the target did not tell what is measured (its cost, its tokens)
 * - `scorer-failed`: the scorer threw, or could not be reached; `scorer-timeout`: it did not come to an end;
 *   `scorer-unreadable`: what it gave is no score; `not-a-number`: it gave NaN or infinity
 * - `judge-failed`: the judge's model did not answer; `judge-unreadable`: it answered no verdict
 * - `sandbox-unavailable`: there is nothing to run the program in
 */
export const unscoredCodes = [
  "reference-missing",
  "reference-invalid",
  "measurement-missing",
  "scorer-failed",
  "scorer-timeout",
  "scorer-unreadable",
  "not-a-number",
  "judge-failed",
  "judge-unreadable",
  "sandbox-unavailable",
] as const;

/** One of `unscoredCodes`. */
export type UnscoredCode = (typeof unscoredCodes)[number];

/** A score from 0 to 1 that passes or does not. */
export function verdict(passed: boolean, reason?: string): Scored {
  return { kind: "scored", value: passed ? 1 : 0, passed, ...(reason !== undefined && { reason }) };
}

/** A score that is a number; unscored where it is none. */
export function measured(value: number, reason?: string, counts?: readonly number[]): Score {
  if (!Number.isFinite(value)) {
    return unscored("not-a-number", `A finite number is wanted as a score, ${value} was given`);
  }
  return { kind: "scored", value, ...(reason !== undefined && { reason }), ...(counts && { counts }) };
}

/** No score, and why. */
export function unscored(code: UnscoredCode, message: string): Unscored {
  return { kind: "unscored", code, message };
}
