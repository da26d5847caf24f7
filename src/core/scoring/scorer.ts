import type { Score } from "./score.ts";
import type { ScoredAnswer } from "./scored-answer.ts";

/** Scores one answer: of the same answer always the same score, in a time that is bounded. */
export type Scorer = (answer: ScoredAnswer) => Score;

/** What is wrong with how a scorer is described. */
export interface ScorerProblem {
  readonly wanted: string;
  readonly actual: string;
}
