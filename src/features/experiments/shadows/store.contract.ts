import { describe, expect, test } from "vitest";
import type { ShadowPair } from "./shadow-pair.ts";
import type { PairVariable, ShadowStore } from "./store.ts";

const noonMs = Date.UTC(2026, 10, 25, 12);
const phase = { experiment: "quiet", phase: 1 };

function pair(number: number, changes: Partial<ShadowPair> = {}): ShadowPair {
  const id = (first: number) => `019a2b3c-4d5e-7f60-8a9b-${String(first * 1_000 + number).padStart(12, "0")}`;
  return {
    ...phase,
    requestId: id(1),
    shadowId: id(2),
    atMs: noonMs + number,
    variant: "argon",
    unit: `unit-${number}`,
    stable: true,
    control: { requests: 1, completed: 1, picoDollars: 3_000 },
    treatment: { requests: 1, failed: 1 },
    ...changes,
  };
}

const variables: readonly PairVariable[] = [
  { side: "control", measure: "picoDollars" },
  { side: "treatment", measure: "failed" },
  "judged",
  "score",
];

/**
 * What every store of pairs must do.
 * @param emptyStore gives an empty store before each test
 */
export function shadowStoreContract(name: string, emptyStore: () => Promise<ShadowStore>): void {
  describe(`pair store: ${name}`, () => {
    test("an empty store has nothing, and says so", async () => {
      const store = await emptyStore();
      expect(await store.moments(phase, variables)).toEqual([]);
      expect(await store.dropped(phase)).toEqual([]);
      expect(await store.duelCounts(phase)).toEqual([]);
      expect(await store.unitDuels(phase, 10)).toEqual([]);
      expect(await store.unstable(phase)).toBe(0);
    });

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

    test("pairs are summed by unit and treatment, once each, phase by phase", async () => {
      const store = await emptyStore();
      const first = pair(1, { unit: "one" });
      const again = pair(2, { unit: "one", control: { picoDollars: 5_000 }, treatment: {} });
      const other = pair(3, { unit: "two", control: {} });
      const ofAnother = pair(4, { variant: "xenon", unit: "one", stable: false });
      for (const one of [first, again, other, ofAnother, pair(5, { phase: 2 }), first]) await store.keep(one);
      const [argon, xenon, ...none] = await store.moments(phase, variables);
      expect(none).toEqual([]);
      expect(argon).toMatchObject({ variant: "argon", units: 2, means: [4_000, 1, 0, 0] });
      expect(argon?.deviations[0]?.[0]).toBeCloseTo(32_000_000, 0);
      expect(xenon).toMatchObject({ variant: "xenon", units: 1, means: [3_000, 1, 0, 0] });
      expect(await store.unstable(phase)).toBe(1);
      expect(await store.unstable({ ...phase, phase: 2 })).toBe(0);
    });

    test("duels are counted by how they ended, and summed by unit as the judge said it in each order", async () => {
      const store = await emptyStore();
      const duels: readonly ShadowPair["duel"][] = [
        { end: "won", scores: { first: 1, second: 1 }, picoDollars: 7 },
        { end: "inconsistent", scores: { first: 1, second: 0 }, picoDollars: 7 },
        { end: "lost", scores: { first: 0, second: 0 }, picoDollars: 7 },
        { end: "judge-failed", picoDollars: 5 },
        { end: "unanswered", picoDollars: 0 },
      ];
      for (const [number, duel] of duels.entries())
        await store.keep(pair(number, { unit: number < 2 ? "one" : "two", ...(duel && { duel }) }));
      await store.keep(pair(9));
      expect(await store.duelCounts(phase)).toEqual([
        {
          variant: "argon",
          ends: { won: 1, lost: 1, tied: 0, inconsistent: 1, "judge-failed": 1, unanswered: 1 },
          picoDollars: 26,
        },
      ]);
      const one = { variant: "argon", unit: "one", judged: 2, score: 1.5, scoreFirst: 2, scoreSecond: 1 };
      const two = { variant: "argon", unit: "two", judged: 1, score: 0, scoreFirst: 0, scoreSecond: 0 };
      expect(await store.unitDuels(phase, 10)).toEqual([one, two]);
      expect(await store.unitDuels(phase, 1)).toEqual([one]);
      const [moments] = await store.moments(phase, ["judged", "score"]);
      expect(moments?.units).toBe(3);
      expect(moments?.means.map((mean) => mean * 3)).toEqual([3, 1.5]);
    });

    test("what was not compared adds up by its reason", async () => {
      const store = await emptyStore();
      await store.drop([
        { ...phase, reason: "queue-full", requests: 2 },
        { ...phase, reason: "budget", requests: 3 },
        { ...phase, phase: 2, reason: "budget", requests: 9 },
      ]);
      await store.drop([{ ...phase, reason: "budget", requests: 4 }]);
      expect(await store.dropped(phase)).toEqual([
        { reason: "budget", requests: 7 },
        { reason: "queue-full", requests: 2 },
      ]);
    });
  });
}
