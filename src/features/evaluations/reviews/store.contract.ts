import { describe, expect, test } from "vitest";
import { reviewId, type ReviewItem } from "#core/evaluations/reviews/review.ts";
import type { ReviewStore } from "./store.ts";

const noonMs = Date.UTC(2026, 10, 27, 12);

function itemOf(item: string, changes: Partial<ReviewItem> = {}): ReviewItem {
  const queue = changes.queue ?? "q";
  return {
    id: reviewId({ queue, item }),
    queue,
    item,
    criteria: "right?",
    input: 'what is "é🚦"?',
    form: { kind: "pair", first: "one", second: "two\n" },
    tags: { topic: "x" },
    reviewersWanted: 1,
    createdAtMs: noonMs,
    ...changes,
  };
}

/**
 * What every store of reviews must do.
 * @param emptyStore gives an empty store before each test
 */
export function reviewStoreContract(name: string, emptyStore: () => Promise<ReviewStore>): void {
  describe(`review store: ${name}`, () => {
    test("an item is kept once, as it was first", async () => {
      const store = await emptyStore();
      const one = itemOf("1");
      expect(await store.add([one, itemOf("2")])).toBe(2);
      expect(await store.add([itemOf("1", { input: "other" }), itemOf("3")])).toBe(1);
      expect(await store.find(one.id)).toEqual(one);
      expect(await store.find("rev_unknown")).toBeUndefined();
      expect(await store.size("q")).toBe(3);
      expect(await store.size("other")).toBe(0);
    });

    test("a reviewer gets the oldest item that still wants one, and none twice", async () => {
      const store = await emptyStore();
      const [older, newer] = [
        itemOf("older", { reviewersWanted: 2 }),
        itemOf("newer", { createdAtMs: noonMs + 1 }),
      ];
      await store.add([newer, older, itemOf("elsewhere", { queue: "other", createdAtMs: 0 })]);
      const judge = async (id: string, reviewer: string) =>
        store.keep({ id, reviewer, value: 1, atMs: noonMs });
      expect((await store.next("q", "ann"))?.item).toBe("older");
      await judge(older.id, "ann");
      expect((await store.next("q", "ann"))?.item).toBe("newer");
      expect((await store.next("q", "bob"))?.item).toBe("older");
      await judge(older.id, "bob");
      expect((await store.next("q", "eve"))?.item).toBe("newer");
      await judge(newer.id, "eve");
      expect(await store.next("q", "ann")).toBeUndefined();
    });

    test("the last word of a reviewer counts", async () => {
      const store = await emptyStore();
      const one = itemOf("1");
      await store.add([one]);
      await store.keep({ id: one.id, reviewer: "bob", value: 0.5, atMs: noonMs });
      await store.keep({ id: one.id, reviewer: "ann", value: 1, comment: "clear", atMs: noonMs });
      await store.keep({ id: one.id, reviewer: "ann", value: 0, atMs: noonMs + 5 });
      const verdicts = [
        { id: one.id, reviewer: "ann", value: 0, atMs: noonMs + 5 },
        { id: one.id, reviewer: "bob", value: 0.5, atMs: noonMs },
      ];
      expect(await store.page("q", { limit: 10 })).toEqual([{ review: one, verdicts }]);
      expect(await store.verdicts("q")).toEqual(verdicts.map(({ atMs: _at, ...rest }) => rest));
    });

    test("pages follow one another, and a queue that is removed is gone with its verdicts", async () => {
      const store = await emptyStore();
      const items = Array.from({ length: 5 }, (_, at) => itemOf(String(at)));
      await store.add(items);
      await store.add([itemOf("kept", { queue: "other" })]);
      const first = await store.page("q", { limit: 3 });
      const after = first.at(-1)?.review.id ?? "";
      const second = await store.page("q", { after, limit: 3 });
      expect([...first, ...second].map(({ review }) => review.id)).toEqual(
        items.map(({ id }) => id).toSorted(),
      );
      await store.keep({ id: after, reviewer: "ann", value: 1, atMs: noonMs });
      expect(await store.remove("q")).toBe(5);
      expect(await store.verdicts("q")).toEqual([]);
      expect(await store.size("other")).toBe(1);
    });
  });
}
