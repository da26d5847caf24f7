import { createHash } from "node:crypto";

/** What humans are asked to judge: which of two answers is better, or whether one is good. */
export type ReviewForm =
  | { readonly kind: "pair"; readonly first: string; readonly second: string }
  | { readonly kind: "rating"; readonly answer: string };

/** One item of a queue. */
export interface ReviewItem {
  /** `rev_` and 24 hexadecimal digits, made of queue and item. */
  readonly id: string;
  readonly queue: string;
  /** As whoever put it there calls it; unique in its queue. */
  readonly item: string;
  /** What makes an answer good, in words. */
  readonly criteria: string;
  /** What the answers are to. */
  readonly input: string;
  readonly form: ReviewForm;
  readonly tags: Readonly<Record<string, string>>;
  /** How many reviewers are to judge it, >= 1. */
  readonly reviewersWanted: number;
  readonly createdAtMs: number;
}

/** What one reviewer said of one item; the last word counts. */
export interface ReviewVerdict {
  /** The review's id. */
  readonly id: string;
  readonly reviewer: string;
  /** Of a pair: 1 the first is better, 1/2 a tie, 0 the second is; of a single answer: 1 it is good, 0 it is not. */
  readonly value: number;
  readonly comment?: string;
  readonly atMs: number;
}

/** The id of an item: the same one whoever puts it there again. */
export function reviewId({ queue, item }: Pick<ReviewItem, "queue" | "item">): string {
  return `rev_${hashOf(queue, item).toString("hex").slice(0, 24)}`;
}

/** Whether a reviewer is shown the second answer first: humans prefer a place, too. Half of all, and for one always the same. */
export function isSwapped(id: string, reviewer: string): boolean {
  return ((hashOf(id, reviewer)[0] ?? 0) & 1) === 1;
}

/** What several verdicts say together: more than half of them; undefined where they are evenly split, or there is none. */
export function decidedValue(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (mean !== 0.5) return mean > 0.5 ? 1 : 0;
  return values.every((value) => value === 0.5) ? 0.5 : undefined;
}

/** Lengths keep apart what would be the same when joined. */
function hashOf(one: string, other: string): Buffer {
  return createHash("sha256").update(`${one.length}:${one}${other}`).digest();
}
