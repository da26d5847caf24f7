import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { DegradedStep } from "#core/routing/degraded.ts";
import {
  noonMs,
  testAssignment,
  testDecision,
  testId,
  testRecord,
} from "#features/traffic/request-record.test-support.ts";
import type { RequestRecord } from "#features/traffic/request-record.ts";
import type { RequestsQuery } from "#features/traffic/exposures/units-query.ts";
import type { FeedbackSum } from "./feedback-moments.ts";
import type { FeedbackEntry, FeedbackValues } from "./feedback.ts";
import { ratedRequest } from "./find-subject.ts";
import { exposed, onNamed, onRequest } from "./rated-units.test-support.ts";
import type { EmptyFeedbackStore } from "./store.contract.ts";

const inTwoPhases = { experiment: "flash-or-pro", phase: 2 };
/** The sum of the values, and their number. */
const sumsOf = (name: string): readonly FeedbackSum[] => [
  { name, of: "values" },
  { name, of: "valued" },
];
const thumbs = { ...inTwoPhases, sums: sumsOf("thumbs") };
const ann = "key_ann";
const dayMs = 86_400_000;

/**
 * What every feedback store must tell of the units of experiments.
 * @param emptyStore gives a store without feedback over a log with these requests
 */
export function feedbackMomentsContract(name: string, emptyStore: EmptyFeedbackStore): void {
  describe(`feedback on units of experiments: ${name}`, () => {
    /** For each variant the units, the sum of their values, and how many values there are. */
    const sums = async (
      log: readonly RequestRecord[],
      entries: readonly FeedbackEntry[],
      query: Omit<Partial<RequestsQuery>, "experiment"> = {},
    ) => {
      const store = await emptyStore(log);
      for (const result of await store.keep(ann, entries, noonMs + 9 * dayMs)) expect(result.ok).toBe(true);
      const moments = await store.feedbackMoments({ ...thumbs, ...query });
      return moments.map(({ variant, units, means: [sum = 0, number = 0] }) => [
        variant,
        units,
        Number((sum * units).toFixed(6)),
        Number((number * units).toFixed(6)),
      ]);
    };

    test("on requests counts for the unit they were for, units without any are there as well", async () => {
      const log = [
        exposed(1, { unit: "a" }),
        exposed(2, { unit: "a" }),
        exposed(3, { unit: "b" }),
        exposed(4, { unit: "c", variant: "deep" }),
      ] as const;
      const store = await emptyStore(log);
      await store.keep(
        ann,
        [
          onRequest(log[0], { values: { score: 3 } }),
          onRequest(log[1], { values: { score: 4, outcome: false } }),
          onRequest(log[1], { values: { outcome: true }, source: "judge" }),
          onRequest(log[1], { name: "stars", values: { score: 100 } }),
        ],
        noonMs,
      );
      expect(await store.feedbackMoments(thumbs)).toEqual([
        {
          variant: "deep",
          units: 1,
          means: [0, 0],
          deviations: [
            [0, 0],
            [0, 0],
          ],
        },
        {
          variant: "fast",
          units: 2,
          means: [4, 1.5],
          deviations: [
            [32, 12],
            [12, 4.5],
          ],
        },
      ]);
    });

    test("of units that a fallback answered nothing counts per protocol; a kept answer is the variant's own", async () => {
      const answered = (number: number, unit: string, degraded: DegradedStep) =>
        testRecord({
          requestId: testId(noonMs, number),
          decision: testDecision({ experiment: testAssignment({ unit }), degraded }),
        });
      const log = [
        answered(1, "a", "elsewhere"),
        answered(2, "a", "cached"),
        answered(3, "b", "elsewhere"),
        answered(4, "b", "fallback"),
      ];
      const entries = log.map((record) => onRequest(record, { values: { score: 1 } }));
      expect(await sums(log, entries)).toEqual([["fast", 2, 4, 4]]);
      expect(await sums(log, entries, { perProtocol: true })).toEqual([["fast", 1, 2, 2]]);
    });

    test("units whose requests are all left out are left out, with what was said about them", async () => {
      const asked = (number: number, unit: string, minute: number) => {
        const startedAtMs = noonMs + minute * 60_000;
        return { ...exposed(number, { unit }, startedAtMs), requestId: testId(startedAtMs, number) };
      };
      const log = [asked(1, "a", 0), asked(2, "a", 5), asked(3, "b", 5)] as const;
      const entries = log.map((record) => onRequest(record, { values: { score: 1 } }));
      const without = [{ fromMs: noonMs + 300_000, toMs: noonMs + 360_000 }];
      expect(await sums(log, entries, { without })).toEqual([["fast", 1, 2, 2]]);
    });

    test("only joined feedback with a value counts, each as it counts now", async () => {
      const log = [exposed(1, { unit: "a" }), exposed(2, { unit: "b" })] as const;
      const { request: _request, ...pending } = onRequest(log[1], { state: "pending" });
      expect(
        await sums(log, [
          onRequest(log[0], { values: { score: 5 } }),
          onRequest(log[0], { values: { score: 2 } }),
          onRequest(log[0], { values: { label: "odd" }, source: "human" }),
          onRequest(log[0], { values: { comment: "why?" }, source: "judge" }),
          pending,
        ]),
      ).toEqual([["fast", 2, 2, 1]]);
    });

    test("what waited counts when its request is found", async () => {
      const record = exposed(1, { unit: "a" });
      const store = await emptyStore([record]);
      const { request: _request, ...entry } = onRequest(record, { state: "pending" });
      await store.keep(ann, [entry], noonMs);
      expect(await store.feedbackNames(inTwoPhases)).toEqual([]);
      await store.join(entry.newId, ratedRequest(record));
      expect(await store.feedbackNames(inTwoPhases)).toEqual([{ name: "thumbs", ratings: 1, units: 1 }]);
      const history = await store.get(entry.newId);
      expect(history?.feedback.request?.exposure).toEqual({
        ...inTwoPhases,
        variant: "fast",
        unit: "a",
      });
    });

    test("only of that phase of that experiment, of requests that were assigned, and of stable units where asked", async () => {
      const log = [
        exposed(1, { unit: "a" }),
        exposed(2, { unit: "alone", stable: false }),
        exposed(3, { unit: "a", phase: 1 }),
        exposed(4, { unit: "a", name: "another" }),
        testRecord({
          requestId: testId(noonMs, 5),
          decision: testDecision({ experiment: { name: "flash-or-pro", phase: 2, outside: "why" } }),
        }),
        testRecord({ requestId: testId(noonMs, 6) }),
      ];
      const entries = log.map((record) => onRequest(record));
      expect(await sums(log, entries)).toEqual([["fast", 2, 2, 2]]);
      expect(await sums(log, entries, { stable: true })).toEqual([["fast", 1, 1, 1]]);
      expect(await sums(log, entries, { stable: false })).toEqual([["fast", 1, 1, 1]]);
      expect(await sums(log, entries, { phase: 1 })).toEqual([["fast", 1, 1, 1]]);
      expect(await sums(log, entries, { phase: 3 })).toEqual([]);
    });

    test("on conversations and units counts for the unit of that pseudonym, once it had met a variant", async () => {
      const log = [exposed(1, { unit: "a" }, noonMs), exposed(2, { unit: "b", variant: "deep" }, noonMs)];
      expect(
        await sums(log, [
          onNamed("a", noonMs - 1, { name: "thumbs", source: "human" }),
          onNamed("a", noonMs, { values: { score: 2 } }),
          onNamed("b", noonMs + 5 * dayMs, { values: { outcome: 19.5 }, subject: { kind: "unit", id: "b" } }),
          onNamed("nobody", noonMs + 1),
        ]),
      ).toEqual([
        ["deep", 1, 19.5, 1],
        ["fast", 1, 2, 1],
      ]);
    });

    test("on a unit that goes on in the next phase counts for the one that it was in by then", async () => {
      const nextMs = noonMs + dayMs;
      const log = [
        exposed(1, { unit: "a" }, noonMs),
        exposed(2, { unit: "b" }, noonMs),
        exposed(3, { unit: "a", phase: 3, variant: "deep" }, nextMs),
        exposed(4, { unit: "a", phase: 3, name: "another" }, noonMs),
      ];
      const entries = [
        onNamed("a", nextMs - 1, { source: "human" }),
        onNamed("a", nextMs, { values: { score: 7 } }),
        onNamed("b", nextMs, { values: { score: 3 } }),
      ];
      expect(await sums(log, entries)).toEqual([["fast", 2, 4, 2]]);
      expect(await sums(log, entries, { phase: 3 })).toEqual([["deep", 1, 7, 1]]);
    });

    test("names are told with what there is of them, the most first", async () => {
      const log = [exposed(1, { unit: "a" }), exposed(2, { unit: "b", variant: "deep" })] as const;
      const store = await emptyStore(log);
      const entries = [
        onRequest(log[0], { name: "stars" }),
        onRequest(log[0], { name: "solved", values: { outcome: false } }),
        onRequest(log[0], { name: "words", values: { label: "only" } }),
        onRequest(log[0]),
        onRequest(log[0], { source: "judge" }),
        onNamed("b", noonMs + 1),
        onRequest(testRecord({ requestId: testId(noonMs, 9) }), { name: "elsewhere" }),
      ];
      await store.keep(ann, entries, noonMs + dayMs);
      expect(await store.feedbackNames(inTwoPhases)).toEqual([
        { name: "thumbs", ratings: 3, units: 2 },
        { name: "solved", ratings: 1, units: 1 },
        { name: "stars", ratings: 1, units: 1 },
      ]);
      expect(await store.feedbackNames({ ...inTwoPhases, phase: 1 })).toEqual([]);
    });

    test("for any feedback, the moments are those of the units' sums, variant by variant", async () => {
      const request = fc.record({
        unit: fc.integer({ min: 0, max: 6 }),
        values: fc.constantFrom<FeedbackValues | undefined>(
          undefined,
          { score: 5 },
          { score: -2.5, outcome: 9 },
          { outcome: true },
          { outcome: false },
          { label: "odd" },
        ),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 30 }), async (requests) => {
          const variantOf = (unit: number) => (unit % 2 === 0 ? "Even" : "odd");
          const log = requests.map(({ unit }, number) =>
            exposed(number, { unit: `unit ${unit}`, variant: variantOf(unit) }),
          );
          const store = await emptyStore(log);
          await store.keep(
            ann,
            log.flatMap((record, place) => {
              const values = requests[place]?.values;
              return values ? [onRequest(record, { values })] : [];
            }),
            noonMs,
          );
          const valueOf = ({ values }: (typeof requests)[number]) => {
            const value = values?.score ?? values?.outcome;
            return value === undefined ? [] : [Number(value)];
          };
          const units = [...Map.groupBy(requests, ({ unit }) => unit)].map(([unit, of]) => {
            const values = of.flatMap(valueOf);
            return { variant: variantOf(unit), row: [values.reduce((a, b) => a + b, 0), values.length] };
          });
          const moments = await store.feedbackMoments(thumbs);
          expect(moments.map(({ variant }) => variant)).toEqual(
            ["Even", "odd"].filter((variant) => units.some((unit) => unit.variant === variant)),
          );
          for (const { variant, units: count, means, deviations } of moments) {
            const rows = units.filter((unit) => unit.variant === variant).map(({ row }) => row);
            const at = (row: readonly number[], place: number) => row[place] ?? 0;
            const mean = (place: number) => rows.reduce((sum, row) => sum + at(row, place), 0) / rows.length;
            expect(count).toBe(rows.length);
            for (const one of [0, 1]) {
              expect(means[one]).toBeCloseTo(mean(one), 9);
              for (const other of [0, 1])
                expect(deviations[one]?.[other]).toBeCloseTo(
                  rows.reduce(
                    (sum, row) => sum + (at(row, one) - mean(one)) * (at(row, other) - mean(other)),
                    0,
                  ),
                  9,
                );
            }
          }
        }),
        { numRuns: 20 },
      );
    });
  });
}
