import { describe, expect, test } from "vitest";
import { quantileEstimate, quantileEstimateOf } from "#core/statistics/quantile-estimate.ts";
import { noonMs, testId, testRecord } from "#features/traffic/request-record.test-support.ts";
import type { RequestRecord } from "#features/traffic/request-record.ts";
import type { TimeRange } from "#features/traffic/time-range.ts";
import { must } from "../../../../test/support/must.ts";
import type { FeedbackMomentsQuery, FeedbackSum } from "./feedback-moments.ts";
import type { FeedbackEntry } from "./feedback.ts";
import { exposed, onNamed, onRequest } from "./rated-units.test-support.ts";
import type { EmptyFeedbackStore } from "./store.contract.ts";

const inPhase = { experiment: "flash-or-pro", phase: 2 };
const dayMs = 86_400_000;

/**
 * What every feedback store must tell of events of units of experiments: by source, label, value and time.
 * @param emptyStore gives a store without feedback over a log with these requests
 */
export function eventMomentsContract(name: string, emptyStore: EmptyFeedbackStore): void {
  describe(`events of units of experiments: ${name}`, () => {
    const storeOf = async (log: readonly RequestRecord[], entries: readonly FeedbackEntry[]) => {
      const store = await emptyStore(log);
      for (const result of await store.keep("key_ann", entries, noonMs + 30 * dayMs))
        expect(result.ok).toBe(true);
      return store;
    };

    /** Of each variant the units and the sum of each number over them. */
    const told = async (
      log: readonly RequestRecord[],
      entries: readonly FeedbackEntry[],
      query: Pick<FeedbackMomentsQuery, "sums" | "window" | "measures">,
    ) => {
      const store = await storeOf(log, entries);
      const moments = await store.feedbackMoments({ ...inPhase, ...query });
      return moments.map(({ variant, units, means }) => [
        variant,
        units,
        ...means.map((mean) => Number((mean * units).toFixed(6))),
      ]);
    };

    const two = [exposed(1, { unit: "a" }), exposed(2, { unit: "b" })] as const;
    const triage = (changes: Partial<FeedbackEntry>) => onRequest(two[0], { name: "triage", ...changes });

    test("are told part by part, by when their unit came", async () => {
      const log = [
        exposed(1, { unit: "a" }),
        exposed(2, { unit: "b" }, noonMs + dayMs),
        exposed(3, { unit: "c" }, noonMs + dayMs),
      ];
      const entries = log.slice(0, 2).map((record, place) => {
        return onRequest(record, { name: "stars", values: { score: place + 1 } });
      });
      const store = await storeOf(log, entries);
      const moments = await store.feedbackMoments({
        ...inPhase,
        sums: [{ name: "stars", of: "values" }],
        parts: { timesMs: [noonMs] },
      });
      expect(moments).toEqual([
        { variant: "fast", part: 0, units: 1, means: [1], deviations: [[0]] },
        { variant: "fast", part: 1, units: 2, means: [1], deviations: [[2]] },
      ]);
    });

    test("are told part by part, by what was noted of their unit's first request", async () => {
      const log = ["free", "paid", "free"].map((tier, place) => {
        return exposed(place, { unit: `u${place}`, segments: { tier } });
      });
      const entries = log.map((record, place) => {
        return onRequest(record, { name: "stars", values: { score: place + 1 } });
      });
      const store = await storeOf(log, entries);
      const sums = [{ name: "stars", of: "values" }] as const;
      const moments = await store.feedbackMoments({
        ...inPhase,
        sums,
        parts: { tag: "tier", values: ["free"] },
      });
      expect(moments.map(({ part, units, means }) => [part, units, ...means])).toEqual([
        [0, 2, 2],
        [1, 1, 2],
      ]);
    });

    test("are told by what they say", async () => {
      const entries = [
        triage({ values: { score: 3, label: "good" } }),
        triage({ source: "human", values: { outcome: false, label: "bad" } }),
        triage({ source: "judge", values: { label: "fine" } }),
        triage({ source: "code", values: { comment: "why?" } }),
        onRequest(two[1], { name: "triage", values: { score: -2 } }),
        onRequest(two[1], { name: "another", values: { score: 9, label: "good" } }),
      ];
      const of = (kind: FeedbackSum["of"]): FeedbackSum => ({ name: "triage", of: kind });
      const sums = (["values", "valued", "positive", "labelled", "all", "affirmed"] as const).map(of);
      expect(await told(two, entries, { sums })).toEqual([["fast", 2, 1, 3, 1, 3, 5, 3]]);
    });

    test("are told by who said them, and by their label", async () => {
      const entries = [
        triage({ values: { score: 3, label: "good" } }),
        triage({ source: "human", values: { score: 5, label: "bad" } }),
        triage({ source: "judge", values: { score: 7, label: "fine" } }),
        triage({ source: "code", values: { score: 11 } }),
      ];
      const of = (filter: Partial<FeedbackSum>): FeedbackSum => ({ name: "triage", of: "values", ...filter });
      const sums = [
        of({ sources: ["human"] }),
        of({ sources: ["human", "code"] }),
        of({ labels: ["good", "fine"] }),
        of({ labels: ["good", "bad"], sources: ["human"] }),
        of({ labels: ["'; drop table feedback; --"] }),
      ];
      expect(await told(two, entries, { sums })).toEqual([["fast", 2, 5, 16, 10, 5, 0]]);
    });

    test("of a request count once where the requests are told, whoever said what of it", async () => {
      const log = [...two, exposed(3, { unit: "a" }), exposed(4, { unit: "a" })] as const;
      const entries = [
        triage({ values: { score: 3, label: "good" } }),
        triage({ name: "stars", source: "human" }),
        onRequest(log[2], { name: "stars", values: { comment: "why?" } }),
        onNamed("b", noonMs + 1),
        onRequest(testRecord({ requestId: testId(noonMs, 9) })),
      ];
      const sums: readonly FeedbackSum[] = [
        { of: "requests" },
        { of: "requests", name: "stars" },
        { of: "requests", sources: ["human"] },
        { of: "requests", labels: ["good"] },
        { name: "stars", of: "all" },
      ];
      expect(await told(log, entries, { sums, measures: ["requests"] })).toEqual([
        ["fast", 2, 4, 2, 2, 1, 1, 2],
      ]);
    });

    test("of requests that are left out make none of those that are told", async () => {
      const [span, other] = [noonMs + 60_000, noonMs + 120_000];
      const at = (number: number, atMs: number) => ({
        ...exposed(number, { unit: "a" }, atMs),
        requestId: testId(atMs, number),
      });
      const log = [at(1, noonMs), at(2, span), at(3, other)] as const;
      const store = await storeOf(
        log,
        log.map((record) => onRequest(record)),
      );
      const rated = async (without: readonly TimeRange[]) => {
        const sums = [{ of: "requests" }] as const;
        const [moments] = await store.feedbackMoments({ ...inPhase, measures: ["requests"], sums, without });
        return moments?.means;
      };
      expect(await rated([])).toEqual([3, 3]);
      expect(await rated([{ fromMs: span, toMs: other }])).toEqual([2, 2]);
      expect(await rated([{ fromMs: span, toMs: other + 1 }])).toEqual([1, 1]);
    });

    test("of several names are told at once, with what the units did, so that it is known how they go together", async () => {
      const log = [...two, exposed(3, { unit: "a" })];
      const entries = [
        onRequest(two[0], { name: "stars", values: { score: 4 } }),
        onRequest(two[1], { name: "solved", values: { outcome: true } }),
      ];
      const store = await storeOf(log, entries);
      const [moments] = await store.feedbackMoments({
        ...inPhase,
        measures: ["requests"],
        sums: [
          { name: "stars", of: "values" },
          { name: "solved", of: "values" },
        ],
      });
      expect(moments).toEqual({
        variant: "fast",
        units: 2,
        means: [1.5, 2, 0.5],
        // Unit a: 2 requests, 4 stars, not solved. Unit b: 1 request, none, solved.
        deviations: [
          [0.5, 2, -0.5],
          [2, 8, -2],
          [-0.5, -2, 0.5],
        ],
      });
    });

    test("above a cap count as it: single values, or what a unit has", async () => {
      const entries = [
        onRequest(two[0], { name: "spent", values: { outcome: 10 } }),
        onRequest(two[0], { name: "spent", source: "code", values: { outcome: 900 } }),
        onRequest(two[1], { name: "spent", values: { outcome: 60 } }),
      ];
      const sums: readonly FeedbackSum[] = [
        { name: "spent", of: "values", valueMax: 50 },
        { name: "spent", of: "values", unitMax: 100 },
        { name: "spent", of: "affirmed", unitMax: 1 },
        { name: "spent", of: "all", unitMax: 1 },
      ];
      expect(await told(two, entries, { sums })).toEqual([["fast", 2, 110, 160, 2, 2]]);
    });

    test("within a time count for units for which it is over, to the millisecond", async () => {
      const log = [
        exposed(1, { unit: "old" }, noonMs),
        exposed(2, { unit: "over" }, noonMs + dayMs),
        exposed(3, { unit: "open" }, noonMs + dayMs + 1),
      ] as const;
      const bought = (unit: string, atMs: number, source: FeedbackEntry["source"] = "code") =>
        onNamed(unit, atMs, { name: "bought", source, values: { outcome: true } });
      const entries = [
        bought("old", noonMs + 7 * dayMs - 1),
        bought("old", noonMs + 7 * dayMs, "human"),
        bought("over", noonMs + dayMs),
        bought("open", noonMs + 2 * dayMs),
        onRequest(log[2], { name: "bought", values: { outcome: true }, atMs: noonMs + 3 * dayMs }),
        onRequest(log[0], { name: "bought", values: { outcome: true }, atMs: noonMs + 9 * dayMs }),
      ];
      const sums: readonly FeedbackSum[] = [{ name: "bought", of: "all" }];
      const window = { lengthMs: 7 * dayMs, nowMs: noonMs + 8 * dayMs };
      expect(await told(log, entries, { sums, window })).toEqual([["fast", 2, 2]]);
      const later = { ...window, nowMs: window.nowMs + 1 };
      expect(await told(log, entries, { sums, window: later })).toEqual([["fast", 3, 4]]);
      expect(await told(log, entries, { sums })).toEqual([["fast", 3, 6]]);
      const never = { ...window, nowMs: noonMs };
      expect(await told(log, entries, { sums, window: never })).toEqual([]);
    });

    test("have quantiles of single values, those of one unit being alike", async () => {
      const log = Array.from({ length: 60 }, (_, number) =>
        exposed(number, { unit: `unit ${number % 20}`, variant: number % 2 === 0 ? "deep" : "fast" }),
      );
      const entries = log.flatMap((record, number) => [
        onRequest(record, { name: "minutes", values: { score: number } }),
        onRequest(record, { name: "minutes", source: "judge", values: { score: 1_000 } }),
        onRequest(record, { name: "minutes", source: "code", values: { label: "unknown" } }),
      ]);
      const store = await storeOf(log, entries);
      const found = await store.feedbackQuantile({
        ...inPhase,
        name: "minutes",
        sources: ["end_user", "code"],
        level: 0.5,
        alpha: 0.05,
      });
      expect(found.map(({ variant, count }) => [variant, count])).toEqual([
        ["deep", 30],
        ["fast", 30],
      ]);
      for (const [place, { around }] of found.entries()) {
        const values = log.flatMap((_, number) => (number % 2 === place ? [number] : []));
        const asked = { level: 0.5, alpha: 0.05 };
        expect(must(quantileEstimate({ count: 30, ...asked, ...must(around) }))).toEqual(
          must(quantileEstimateOf(values, { ...asked, clusters: values.map((value) => value % 20) })),
        );
      }
    });
  });
}
