import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { measured, verdict } from "#core/scoring/score.ts";
import { metricComparison, type ComparisonTerms } from "./comparison.ts";
import type { EvaluationRecord } from "./record.ts";
import { failedRecord, record, tableOf } from "./run.test-support.ts";
import { targetSummary } from "./target-summary.ts";

const terms: ComparisonTerms = { alpha: 0.05, errors: "left-out", resamples: 0, unit: () => 0 };

/** Records of both targets: of each item, repeat and target at most one. */
const records = fc
  .uniqueArray(
    fc.record({
      item: fc.integer({ min: 0, max: 12 }),
      repeat: fc.integer({ min: 0, max: 2 }),
      target: fc.constantFrom("baseline", "candidate"),
      outcome: fc.oneof(
        { weight: 1, arbitrary: fc.constant("failed" as const) },
        {
          weight: 6,
          arbitrary: fc.record({ passed: fc.boolean(), style: fc.double({ min: 0, max: 1, noNaN: true }) }),
        },
      ),
    }),
    { selector: ({ item, repeat, target }) => `${item}/${repeat}/${target}`, maxLength: 60 },
  )
  .map((drawn) =>
    drawn.map(({ item, repeat, target, outcome }): EvaluationRecord => {
      const known = { target, repeat, ...(item > 6 && { cluster: `c${item % 2}` }) };
      return outcome === "failed"
        ? failedRecord(`${item}`, "timeout", known)
        : record(`${item}`, {
            ...known,
            answer: { costUsd: 0.25 * (1 + (item % 3)) },
            scores: { right: verdict(outcome.passed), style: measured(outcome.style) },
          });
    }),
  );

const metrics = [
  { name: "right", metric: { kind: "pass", scorer: "right" }, better: "higher" },
  { name: "style", metric: { kind: "score", scorer: "style" }, better: "higher" },
] as const;

/** All numbers of a value, where they stand. */
function numbersOf(value: unknown, path = ""): readonly (readonly [string, number])[] {
  if (typeof value === "number") return [[path, value]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => numbersOf(inner, `${path}.${key}`));
}

describe("whatever the records", () => {
  test("nothing that is told is NaN, and shares are within their intervals", () => {
    fc.assert(
      fc.property(records, (drawn) => {
        const table = tableOf(drawn);
        for (const target of table.targets) {
          const summary = targetSummary(table, { target, alpha: 0.05 });
          for (const [path, value] of numbersOf(summary)) expect(value, path).not.toBeNaN();
          for (const { main } of summary.scorers) {
            if (!main?.interval) continue;
            expect(main.interval[0]).toBeLessThanOrEqual(main.value + 1e-12);
            expect(main.interval[1]).toBeGreaterThanOrEqual(main.value - 1e-12);
          }
          expect(summary.outcomes.asked).toBe(drawn.filter((one) => one.target === target).length);
        }
      }),
    );
  });

  test("the order in which they came changes no number", () => {
    fc.assert(
      fc.property(records, (drawn) => {
        const of = (ones: readonly EvaluationRecord[]) =>
          new Map(
            numbersOf(
              tableOf(ones)
                .targets.toSorted()
                .map((target) =>
                  targetSummary(tableOf(ones), { target, alpha: 0.05 }).scorers.map(
                    ({ main, errorsAsWrong }) => [main, errorsAsWrong],
                  ),
                ),
            ),
          );
        const [there, back] = [of(drawn), of(drawn.toReversed())];
        // Scorers stand in the order in which they came, which both have: each answer has both.
        expect([...back.keys()].toSorted()).toEqual([...there.keys()].toSorted());
        for (const [path, value] of there) expect(back.get(path), path).toBeCloseTo(value, 9);
      }),
    );
  });

  test("a comparison the other way round is the same, with the sign turned", () => {
    fc.assert(
      fc.property(records, fc.constantFrom(...metrics), (drawn, metric) => {
        const table = tableOf(drawn);
        const [baseline, candidate] = [
          { table, target: "baseline" },
          { table, target: "candidate" },
        ];
        const there = metricComparison({ baseline, candidate }, metric, terms);
        const back = metricComparison({ baseline: candidate, candidate: baseline }, metric, terms);
        expect(back.pairs).toBe(there.pairs);
        expect(back.changed.regressions.count).toBe(there.changed.improvements.count);
        expect(back.onlyBaseline).toEqual(there.onlyCandidate);
        expect(back.tested.ok).toBe(there.tested.ok);
        for (const [path, value] of numbersOf(there)) expect(value, path).not.toBeNaN();
        if (!there.tested.ok || !back.tested.ok) return;
        expect(back.tested.value.difference).toBeCloseTo(-there.tested.value.difference, 12);
        expect(back.tested.value.pValue).toBeCloseTo(there.tested.value.pValue, 9);
        expect(back.tested.value.pValueLower).toBeCloseTo(there.tested.value.pValueHigher, 9);
      }),
    );
  });

  test("a target beside itself is the same", () => {
    fc.assert(
      fc.property(records, fc.constantFrom(...metrics), (drawn, metric) => {
        const side = { table: tableOf(drawn), target: "baseline" };
        const { tested, pairs, onlyBaseline } = metricComparison(
          { baseline: side, candidate: side },
          metric,
          terms,
        );
        expect(onlyBaseline).toEqual([]);
        expect(tested.ok).toBe(false);
        if (!tested.ok && pairs > 2) expect(["no-variance", "too-few"]).toContain(tested.error.code);
      }),
    );
  });
});
