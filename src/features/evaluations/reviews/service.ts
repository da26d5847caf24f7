import {
  isSwapped,
  reviewId,
  type ReviewItem,
  type ReviewVerdict,
} from "#core/evaluations/reviews/review.ts";
import { reviewerAgreement, type ReviewerAgreement } from "#core/evaluations/reviews/reviewer-agreement.ts";
import { AppError } from "#core/kernel/app-error.ts";
import type { ReviewedItem, ReviewStore } from "./store.ts";

/** Items of one queue, at most: more than humans read. */
const itemsMax = 100_000;
/** Error rate of the intervals of reviewers' agreement. */
const alpha = 0.05;

/** What a reviewer says: of two answers as they are shown, or of one. */
export type SaidVerdict = "a" | "b" | "tie" | "pass" | "fail";

/** An item as a reviewer is shown it. */
export interface ShownReview {
  readonly review: ReviewItem;
  /** Whether the second answer stands first, as A. */
  readonly swapped: boolean;
}

/** The queues of what humans are asked to judge. */
export class ReviewService {
  readonly #store: ReviewStore;
  readonly #nowMs: () => number;

  constructor({ store, nowMs }: { readonly store: ReviewStore; readonly nowMs: () => number }) {
    this.#store = store;
    this.#nowMs = nowMs;
  }

  /**
   * Puts items into a queue; such as are known stay as they are. @returns how many were new
   * @throws AppError conflict when the queue would have too many; store-unavailable
   */
  async add(items: readonly Omit<ReviewItem, "id" | "createdAtMs">[]): Promise<number> {
    const [first] = items;
    if (!first) return 0;
    const there = await this.#store.size(first.queue);
    if (there + items.length > itemsMax)
      throw new AppError(
        "conflict",
        `Cannot add to queue "${first.queue}": at most ${itemsMax} items are wanted, it has ${there} and ${items.length} come`,
      );
    const createdAtMs = this.#nowMs();
    return this.#store.add(items.map((item) => ({ ...item, id: reviewId(item), createdAtMs })));
  }

  /** What a reviewer is to judge next; undefined when nothing is left for them. */
  async next(queue: string, reviewer: string): Promise<ShownReview | undefined> {
    const review = await this.#store.next(queue, reviewer);
    return review && { review, swapped: isSwapped(review.id, reviewer) };
  }

  /**
   * Keeps what a reviewer says, in the place of what they said before.
   * @throws AppError not-found; invalid-request for a verdict that is of another form; store-unavailable
   */
  async judge(
    id: string,
    {
      reviewer,
      verdict,
      comment,
    }: { readonly reviewer: string; readonly verdict: SaidVerdict; readonly comment?: string },
  ): Promise<ReviewVerdict> {
    const review = await this.#store.find(id);
    if (!review) throw new AppError("not-found", `Cannot judge "${id}": a review is wanted, there is none`);
    const value = valueOf(verdict, { kind: review.form.kind, swapped: isSwapped(id, reviewer) });
    if (value === undefined) {
      const wanted = review.form.kind === "pair" ? "a, b or tie" : "pass or fail";
      throw new AppError("invalid-request", `Cannot judge "${id}": ${wanted} is wanted, it is ${verdict}`, {
        field: "verdict",
      });
    }
    const kept = { id, reviewer, value, atMs: this.#nowMs(), ...(comment !== undefined && { comment }) };
    await this.#store.keep(kept);
    return kept;
  }

  /** How far each two reviewers of a queue agree. */
  async agreement(queue: string): Promise<readonly ReviewerAgreement[]> {
    return reviewerAgreement(await this.#store.verdicts(queue), alpha);
  }

  /** Items with what was said of them, by their ids. */
  page(
    queue: string,
    terms: { readonly after?: string; readonly limit: number },
  ): Promise<readonly ReviewedItem[]> {
    return this.#store.page(queue, terms);
  }

  /** Forgets a queue. @returns how many items it had */
  remove(queue: string): Promise<number> {
    return this.#store.remove(queue);
  }
}

/** Of the first answer, however they were shown; undefined for a word that does not fit. */
function valueOf(
  verdict: SaidVerdict,
  { kind, swapped }: { readonly kind: ReviewItem["form"]["kind"]; readonly swapped: boolean },
): number | undefined {
  if (kind === "rating") return verdict === "pass" ? 1 : verdict === "fail" ? 0 : undefined;
  if (verdict === "tie") return 0.5;
  if (verdict === "a") return swapped ? 0 : 1;
  return verdict === "b" ? (swapped ? 1 : 0) : undefined;
}
