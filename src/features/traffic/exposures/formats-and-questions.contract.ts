import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isRegenerated } from "#core/experiments/plan/regeneration.ts";
import type { UnitMeasure } from "#core/experiments/plan/unit-measures.ts";
import type { FormatCheck } from "#core/parsing/format-check.ts";
import type { RequestRecord } from "#features/traffic/request-record.ts";
import {
  noonMs,
  testAssignment,
  testDecision,
  testId,
  testRecord,
} from "#features/traffic/request-record.test-support.ts";
import type { RequestLogStore } from "#features/traffic/store.ts";
import type { RequestsQuery } from "./units-query.ts";

const phase = { experiment: "flash-or-pro", phase: 2 };
const minuteMs = 60_000;
const formatMeasures = ["formatChecked", "formatMissed", "formatUnchecked"] as const;

/** What a request of a unit asked. */
interface Question {
  readonly unit?: string;
  readonly question?: string;
  readonly outcome?: RequestRecord["outcome"];
  readonly format?: FormatCheck;
}

/** A request of a minute after some time, told apart by a number. */
function asked(number: number, atMinute: number, { unit = "a", question, outcome, format }: Question = {}) {
  const startedAtMs = noonMs + atMinute * minuteMs;
  const experiment = testAssignment({ unit, ...(question !== undefined && { question }) });
  return testRecord({
    requestId: testId(startedAtMs, number),
    startedAtMs,
    decision: testDecision({ experiment, degraded: "elsewhere", ...(format && { format }) }),
    timings: { queueMs: 0, gatewayMs: 1, totalMs: minuteMs },
    ...(outcome && { outcome }),
  });
}

/**
 * What every request log must tell of the formats of answers, and of questions that are asked once more.
 * @param emptyStore gives an empty store before each test
 */
export function formatsAndQuestionsContract(name: string, emptyStore: () => Promise<RequestLogStore>): void {
  describe(`formats of answers and questions: ${name}`, () => {
    const sums = async (
      store: RequestLogStore,
      measures: readonly UnitMeasure[] = ["questions", "regenerated"],
      query: Partial<RequestsQuery> = {},
    ) => {
      const moments = await store.experimentMoments({ ...phase, ...query, measures });
      return moments.map(({ units, means }) => means.map((mean) => Math.round(mean * units)));
    };

    test("answers that were checked, those that miss their format, and those that could not be checked are counted", async () => {
      const store = await emptyStore();
      const [met, missed, unchecked] = [
        { format: "met" },
        { format: "missed" },
        { format: "unchecked" },
      ] as const;
      await store.insert([asked(1, 0, met), asked(2, 0, missed), asked(3, 0, unchecked), asked(4, 0)]);
      await store.insert([asked(5, 1, { ...missed, unit: "b" }), asked(6, 1, met)]);
      expect(await sums(store, formatMeasures)).toEqual([[4, 2, 1]]);
      const without = [{ fromMs: noonMs, toMs: noonMs + minuteMs }];
      expect(await sums(store, formatMeasures, { without })).toEqual([[2, 1, 0]]);
    });

    test("a question that comes again after its answer is regenerated, in one batch or in several", async () => {
      const log = [asked(1, 0, { question: "q" }), asked(2, 2, { question: "q" }), asked(3, 2)];
      const once = await emptyStore();
      await once.insert(log);
      expect(await sums(once)).toEqual([[2, 1]]);
      const apart = await emptyStore();
      for (const record of log) await apart.insert([record]);
      expect(await sums(apart)).toEqual([[2, 1]]);
      // The same batch once more changes nothing.
      await apart.insert(log);
      expect(await sums(apart)).toEqual([[2, 1]]);
    });

    test("only answered questions, by the same one, within ten minutes", async () => {
      const store = await emptyStore();
      await store.insert([
        asked(1, 0, { question: "in time" }),
        asked(2, 11, { question: "in time" }),
        asked(3, 0, { question: "late" }),
        asked(4, 11.5, { question: "late" }),
        asked(5, 0, { question: "at once" }),
        asked(6, 0.5, { question: "at once" }),
        asked(7, 0, { question: "failed", outcome: "failed" }),
        asked(8, 2, { question: "failed" }),
        asked(9, 0, { unit: "b", question: "of b" }),
        asked(10, 2, { question: "of a" }),
      ]);
      expect(await sums(store)).toEqual([[9, 1]]);
    });

    test("what is left out takes its own regenerations with it, whoever asked again", async () => {
      const store = await emptyStore();
      await store.insert([
        asked(1, 0, { question: "q" }),
        asked(2, 3, { question: "q" }),
        asked(3, 6, { question: "q" }),
      ]);
      const left = (fromMinute: number, toMinute: number) => ({
        without: [{ fromMs: noonMs + fromMinute * minuteMs, toMs: noonMs + toMinute * minuteMs }],
      });
      const told = (query: Partial<RequestsQuery>) => sums(store, ["questions", "regenerated"], query);
      expect(await told({})).toEqual([[3, 2]]);
      expect(await told(left(0, 1))).toEqual([[2, 1]]);
      expect(await told(left(3, 4))).toEqual([[2, 1]]);
      expect(await told(left(6, 7))).toEqual([[2, 2]]);
    });

    test("whatever comes in whatever order, as many are regenerated as by the rule", async () => {
      const request = fc.record({
        unit: fc.integer({ min: 0, max: 2 }),
        question: fc.option(fc.integer({ min: 0, max: 1 }), { nil: undefined }),
        minute: fc.integer({ min: 0, max: 40 }),
        outcome: fc.constantFrom<RequestRecord["outcome"]>("completed", "completed", "failed", "aborted"),
        batch: fc.integer({ min: 0, max: 3 }),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 30 }), async (requests) => {
          const store = await emptyStore();
          const records = requests.map(({ unit, question, minute, outcome }, number) => {
            const text = question === undefined ? {} : { question: `${unit} ${question}` };
            return asked(number, minute, { unit: `unit ${unit}`, outcome, ...text });
          });
          for (const batch of [0, 1, 2, 3])
            await store.insert(records.filter((_, at) => requests[at]?.batch === batch));
          const questions = requests.flatMap(({ unit, question, minute, outcome }, number) => {
            if (question === undefined) return [];
            const startedAtMs = minute * minuteMs;
            const isAnswered = outcome === "completed";
            const endedAtMs = startedAtMs + minuteMs;
            return [{ id: String(number), key: `${unit} ${question}`, startedAtMs, endedAtMs, isAnswered }];
          });
          const regenerated = questions.filter((one) =>
            isRegenerated(
              one,
              questions.filter(({ key }) => key === one.key),
            ),
          );
          const answered = questions.filter(({ isAnswered }) => isAnswered);
          expect(await sums(store)).toEqual([[answered.length, regenerated.length]]);
        }),
        { numRuns: 25 },
      );
    });
  });
}
