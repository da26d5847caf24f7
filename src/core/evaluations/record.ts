import type { Score } from "#core/scoring/score.ts";

/** What became of one item asked of one target once: the unit that is kept, resumed and compared. */
export interface EvaluationRecord {
  /** The item's id, unique in its data set. */
  readonly item: string;
  /** The target's name in the evaluation. */
  readonly target: string;
  /** From 0: which of several repeats. */
  readonly repeat: number;
  /** Items of one cluster (a document, an author) are not independent; absent where each stands alone. */
  readonly cluster?: string;
  /** By which results may be sliced: the item's tags. */
  readonly tags: Readonly<Record<string, string>>;
  readonly outcome: EvaluationOutcome;
  /** By the scorer's name; of a failed outcome empty. */
  readonly scores: Readonly<Record<string, Score>>;
  /** What judges cost beside the answer, kept apart from it. */
  readonly judging?: Judging;
  /** When it was over, ms since 1970. */
  readonly atMs: number;
}

/** What came back. */
export type EvaluationOutcome = AnsweredItem | FailedItem;

/** An answer, right or wrong. */
export interface AnsweredItem {
  readonly kind: "answered";
  readonly text: string;
  /** From sending to the end of the answer, ms. */
  readonly latencyMs: number;
  /** Ms inside Signalbox, where it said so. */
  readonly gatewayMs?: number;
  /** US dollars; absent where the price is not known. */
  readonly costUsd?: number;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  /** The request in Signalbox's log; absent for other targets. */
  readonly requestId?: string;
  /** The model as the provider named it. */
  readonly model?: string;
}

/** No answer: an error of the way there, not of the model. Never counted as wrong without being said. */
export interface FailedItem {
  readonly kind: "failed";
  /** A code of ours (rate-limited, upstream-failed, ...) or of the target. */
  readonly code: string;
  readonly message: string;
  /** HTTP status; absent where none came. */
  readonly status?: number;
}

/** What the judges of one answer took. */
export interface Judging {
  readonly calls: number;
  /** US dollars; absent where a price is not known. */
  readonly costUsd?: number;
  /** Of all calls together, ms. */
  readonly latencyMs: number;
}
