import { describe, expect, test } from "vitest";
import type { SpendingStore } from "./store.ts";

/**
 * What every store of spending must do.
 * @param emptyStore gives an empty store before each test
 */
export function spendingStoreContract(name: string, emptyStore: () => Promise<SpendingStore>): void {
  describe(`spending store: ${name}`, () => {
    test("a day's budget is taken by whoever comes first, and never more than it", async () => {
      const store = await emptyStore();
      const wanted = { payer: "quiet", day: "2026-11-25", picoDollars: 400 };
      expect(await store.reserve({ ...wanted, picoDollars: 1_001 }, 1_000)).toBe(false);
      const taken = await Promise.all(Array.from({ length: 5 }, () => store.reserve(wanted, 1_000)));
      expect(taken.filter(Boolean)).toHaveLength(2);
      expect(await store.reserve({ ...wanted, day: "2026-11-26" }, 1_000)).toBe(true);
      expect(await store.reserve({ ...wanted, payer: "other" }, 1_000)).toBe(true);
      await store.settle({ ...wanted, picoDollars: -300 });
      expect(await store.reserve({ ...wanted, picoDollars: 501 }, 1_000)).toBe(false);
      expect(await store.reserve({ ...wanted, picoDollars: 500 }, 1_000)).toBe(true);
      await store.settle({ ...wanted, picoDollars: 250 });
      expect(await store.reserve({ ...wanted, picoDollars: 0 }, 1_000)).toBe(false);
    });
  });
}
