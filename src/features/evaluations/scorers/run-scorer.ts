import type { Judging } from "#core/evaluations/record.ts";
import type { ScoredAnswer } from "#core/scoring/scored-answer.ts";
import type { Score } from "#core/scoring/score.ts";

/** Says how good an answer is. */
export interface RunScorer {
  /** May throw or never end: `scoreAnswer` guards it. */
  score(answer: ScoredAnswer, signal: AbortSignal): ScorerReply | Promise<ScorerReply>;
  /** Longest time it may take, ms; absent of those that only compute. */
  readonly timeoutMs?: number;
}

/** What it says, and what its judges took to say it. */
export interface ScorerReply {
  readonly score: Score;
  readonly judging?: Judging;
}
