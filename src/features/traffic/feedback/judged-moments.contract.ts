import { describe, expect, test } from "vitest";
import { judgedSum, judgedUnitsOf, judgedVariables } from "#core/statistics/judged-units.ts";
import { noonMs, testId } from "#features/traffic/request-record.test-support.ts";
import type { RequestRecord } from "#features/traffic/request-record.ts";
import { must } from "../../../../test/support/must.ts";
import { SeededChance } from "../../../../test/support/seeded-chance.ts";
import type { FeedbackEntry } from "./feedback.ts";
import type { JudgedMomentsQuery } from "./judged-moments.ts";
import { exposed, onNamed, onRequest } from "./rated-units.test-support.ts";
import type { EmptyFeedbackStore } from "./store.contract.ts";

const dayMs = 86_400_000;
const asked: JudgedMomentsQuery = {
  experiment: "flash-or-pro",
  phase: 2,
  judge: { name: "quality", sources: ["judge"] },
  human: { name: "review", sources: ["human"] },
};

/**
 * What every feedback store must tell of what a judge and humans said of the same.
 * @param emptyStore gives a store without feedback over a log with these requests
 */
export function judgedMomentsContract(name: string, emptyStore: EmptyFeedbackStore): void {
  describe(`judges and humans on units of experiments: ${name}`, () => {
    const storeOf = async (log: readonly RequestRecord[], entries: readonly FeedbackEntry[]) => {
      const store = await emptyStore(log);
      for (const result of await store.keep("key_ann", entries, noonMs + 9 * dayMs))
        expect(result.ok).toBe(true);
      return store;
    };
    const byJudge = (record: RequestRecord, score: number): FeedbackEntry =>
      onRequest(record, { name: "quality", source: "judge", values: { score } });
    const byHuman = (record: RequestRecord, score: number): FeedbackEntry =>
      onRequest(record, { name: "review", source: "human", values: { score } });

    /** Of each variant the units, and the sums of the variables. */
    const told = async (
      log: readonly RequestRecord[],
      entries: readonly FeedbackEntry[],
      query: Partial<JudgedMomentsQuery> = {},
    ) => {
      const moments = await (await storeOf(log, entries)).judgedMoments({ ...asked, ...query });
      return moments.map(({ variant, units, means, deviations }) => {
        const joint = { count: units, means, products: deviations };
        return [variant, units, ...judgedVariables.map((variable) => judgedSum(joint, variable))];
      });
    };

    const three = [
      exposed(1, { unit: "a" }),
      exposed(2, { unit: "a" }),
      exposed(3, { unit: "b", variant: "deep" }),
    ] as const;

    test("are paired by the request; what humans alone said is no pair, and silent units are there", async () => {
      const silent = exposed(4, { unit: "c", variant: "deep" });
      const alone = exposed(5, { unit: "a" });
      const entries = [
        byJudge(three[0], 1),
        byHuman(three[0], 0),
        byJudge(three[1], 0.5),
        byJudge(three[2], 1),
        byHuman(three[2], 1),
        byHuman(alone, 1),
        onRequest(three[1], { name: "quality", source: "human", values: { score: 9 } }),
        onRequest(three[1], { name: "review", source: "end_user", values: { score: 9 } }),
        onRequest(three[1], { name: "review", source: "human", values: { comment: "why?" } }),
      ];
      expect(await told([...three, silent, alone], entries)).toEqual([
        ["deep", 2, 1, 1, 1, 1, 0, 0, 1, 0],
        ["fast", 1, 1, 0, 1, 0, 1, 0.5, 1, 1],
      ]);
    });

    test("are paired by the conversation or unit that both name, once it met a variant", async () => {
      const entries = [
        onNamed("a", noonMs + 1, { name: "quality", source: "judge", values: { score: 1 } }),
        onNamed("a", noonMs + 2, { name: "review", source: "human", values: { outcome: true } }),
        onNamed("b", noonMs - 1, { name: "quality", source: "judge", values: { score: 1 } }),
        byJudge(three[0], 0),
      ];
      expect(await told(three, entries)).toEqual([
        ["deep", 1, 0, 0, 0, 0, 0, 0, 0, 0],
        ["fast", 1, 1, 1, 1, 1, 1, 0, 1, 0],
      ]);
    });

    test("of several that said something of one, the mean counts", async () => {
      const store = await storeOf([three[0]], [byJudge(three[0], 1), byHuman(three[0], 1)]);
      await store.keep("key_bob", [byHuman(three[0], 0)], noonMs + dayMs);
      const [{ means } = { means: [] }] = await store.judgedMoments(asked);
      expect(means).toEqual([1, 0.5, 1, 0.5, 0, 0, 1, 1]);
    });

    test("may stand under one name, told apart by their source", async () => {
      const entries = [
        byJudge(three[0], 1),
        onRequest(three[0], { name: "quality", source: "human", values: { score: 0 } }),
      ];
      const human = { name: "quality", sources: ["human"] } as const;
      expect(await told([three[0]], entries, { human })).toEqual([["fast", 1, 1, 0, 1, 0, 0, 0, 1, 0]]);
    });

    test("within a time count for units for which it is over; incidents are left out with their units", async () => {
      const lateMs = noonMs + 2 * dayMs;
      const late = { ...exposed(6, { unit: "late" }, lateMs), requestId: testId(lateMs, 6) };
      const entries = [byJudge(three[0], 1), byJudge(late, 1)].map((entry) => ({
        ...entry,
        atMs: noonMs + 2 * dayMs,
      }));
      const window = { lengthMs: dayMs, nowMs: noonMs + 2 * dayMs };
      expect(await told([three[0], late], entries, { window })).toEqual([
        ["fast", 1, 0, 0, 0, 0, 0, 0, 0, 0],
      ]);
      const without = [{ fromMs: noonMs + dayMs, toMs: noonMs + 3 * dayMs }];
      expect(await told([three[0], late], entries, { without })).toEqual([
        ["fast", 1, 0, 0, 0, 0, 1, 1, 0, 0],
      ]);
    });

    test("for any feedback, moments are those of the outputs of each unit", async () => {
      const chance = new SeededChance(23, "outputs");
      const outputs = Array.from({ length: 80 }, (_, number) => ({
        unit: chance.integer(0, 19),
        judge: chance.integer(0, 2) / 2,
        human: chance.happens(0.4) ? chance.integer(0, 2) / 2 : Number.NaN,
        number,
      }));
      const variantOf = (unit: number) => (unit % 2 === 0 ? "deep" : "fast");
      const log = outputs.map(({ unit, number }) =>
        exposed(number, { unit: `u${unit}`, variant: variantOf(unit) }),
      );
      const entries = outputs.flatMap(({ judge, human }, place) => {
        const record = log[place] ?? expect.unreachable();
        return [byJudge(record, judge), ...(Number.isNaN(human) ? [] : [byHuman(record, human)])];
      });
      const moments = await (await storeOf(log, entries)).judgedMoments(asked);
      for (const { variant, units, means, deviations } of moments) {
        const mine = outputs.filter(({ unit }) => variantOf(unit) === variant);
        const wanted = must(
          judgedUnitsOf(
            mine.map(({ unit }) => unit),
            mine.map(({ judge }) => judge),
            mine.map(({ human }) => human),
          ),
        );
        expect(units).toBe(wanted.count);
        for (const one of judgedVariables.keys()) {
          expect(means[one]).toBeCloseTo(wanted.means[one] ?? Number.NaN, 9);
          for (const other of judgedVariables.keys())
            expect(deviations[one]?.[other]).toBeCloseTo(wanted.products[one]?.[other] ?? Number.NaN, 9);
        }
      }
      expect(moments).toHaveLength(2);
    });
  });
}
