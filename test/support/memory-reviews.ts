import { ReviewService } from "#features/evaluations/index.ts";
import { memoryReviewStore } from "#features/evaluations/reviews/store.memory.ts";

/** Reviews in memory, at one moment. */
export function memoryReviews(nowMs = 1_764_000_000_000): ReviewService {
  return new ReviewService({ store: memoryReviewStore(), nowMs: () => nowMs });
}
