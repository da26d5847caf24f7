import type { ReviewItem, ReviewVerdict } from "#core/evaluations/reviews/review.ts";

/** An item with all that was said of it. */
export interface ReviewedItem {
  readonly review: ReviewItem;
  readonly verdicts: readonly ReviewVerdict[];
}

/** Where reviews are kept. Implementations: memory (tests), Postgres and PGlite; one contract for all. */
export interface ReviewStore {
  /** How many items a queue has. */
  size(queue: string): Promise<number>;
  /** Keeps items; such as are known stay as they are. @returns how many were new */
  add(items: readonly ReviewItem[]): Promise<number>;
  /** The oldest item that this reviewer has not judged, and that fewer have than are wanted. */
  next(queue: string, reviewer: string): Promise<ReviewItem | undefined>;
  find(id: string): Promise<ReviewItem | undefined>;
  /** Keeps a verdict in the place of an earlier one of the same reviewer. Its item is there. */
  keep(verdict: ReviewVerdict): Promise<void>;
  /** Items of a queue with their verdicts by their ids, from behind `after` on. */
  page(
    queue: string,
    terms: { readonly after?: string; readonly limit: number },
  ): Promise<readonly ReviewedItem[]>;
  /** What was said of all items of a queue. */
  verdicts(queue: string): Promise<readonly Pick<ReviewVerdict, "id" | "reviewer" | "value">[]>;
  /** Forgets a queue. @returns how many items it had */
  remove(queue: string): Promise<number>;
}
