/** Why an answer has not the form that was wanted. Tells the form and the place, never what the answer says. */
export interface ParseProblem {
  /** What was wanted, in words that a model can follow. */
  readonly wanted: string;
  /** What came, by its kind. */
  readonly actual: string;
  /** Where in the answer, characters from 0; absent where the whole is meant. */
  readonly at?: number;
  /** Names of the form or of the answer, for the model alone: they may be content, and stand in no error and no log. */
  readonly where?: string;
}

/** A problem as one sentence. */
export function parseProblemText({ wanted, actual, at }: ParseProblem): string {
  return `wanted ${wanted}, got ${actual}${at === undefined ? "" : ` at character ${at}`}`;
}
