import type { ReviewItem, ReviewVerdict } from "#core/evaluations/reviews/review.ts";
import type { ReviewStore } from "./store.ts";

/** Reviews in memory, for tests. */
export function memoryReviewStore(): ReviewStore {
  const items = new Map<string, ReviewItem>();
  const verdicts = new Map<string, ReviewVerdict>();
  const inQueue = (queue: string) => [...items.values()].filter((item) => item.queue === queue);
  const of = (id: string) =>
    [...verdicts.values()]
      .filter((verdict) => verdict.id === id)
      .toSorted((a, b) => (a.reviewer < b.reviewer ? -1 : 1));
  return {
    async size(queue) {
      return inQueue(queue).length;
    },
    async add(added) {
      const before = items.size;
      for (const item of added) if (!items.has(item.id)) items.set(item.id, item);
      return items.size - before;
    },
    async next(queue, reviewer) {
      return inQueue(queue)
        .toSorted((a, b) => a.createdAtMs - b.createdAtMs || (a.id < b.id ? -1 : 1))
        .find(
          ({ id, reviewersWanted }) =>
            of(id).length < reviewersWanted && of(id).every((verdict) => verdict.reviewer !== reviewer),
        );
    },
    async find(id) {
      return items.get(id);
    },
    async keep(verdict) {
      verdicts.set(JSON.stringify([verdict.id, verdict.reviewer]), verdict);
    },
    async page(queue, { after = "", limit }) {
      return inQueue(queue)
        .filter(({ id }) => id > after)
        .toSorted((a, b) => (a.id < b.id ? -1 : 1))
        .slice(0, limit)
        .map((review) => ({ review, verdicts: of(review.id) }));
    },
    async verdicts(queue) {
      return inQueue(queue).flatMap(({ id }) =>
        of(id).map(({ reviewer, value }) => ({ id, reviewer, value })),
      );
    },
    async remove(queue) {
      const gone = inQueue(queue);
      for (const { id } of gone) {
        items.delete(id);
        for (const [key, verdict] of verdicts) if (verdict.id === id) verdicts.delete(key);
      }
      return gone.length;
    },
  };
}
