import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { verdict } from "#core/scoring/score.ts";
import { passAtLeastOnce, passEveryTime } from "./repeated-passes.ts";
import { repeatReport } from "./repeats.ts";
import { failedRecord, record, tableOf } from "./run.test-support.ts";

describe("of n answers of which c pass, taken k at a time without putting back", () => {
  const all = (answers: number, k: number): readonly (readonly number[])[] =>
    k === 0
      ? [[]]
      : Array.from({ length: answers }, (_, last) => last).flatMap((last) =>
          all(last, k - 1).map((before) => [...before, last]),
        );
  const count = fc.integer({ min: 1, max: 7 }).chain((answers) =>
    fc.record({
      answers: fc.constant(answers),
      passes: fc.integer({ min: 0, max: answers }),
      k: fc.integer({ min: 1, max: answers }),
    }),
  );

  test("the share of choices with one that passes, and the share of choices where all do", () => {
    fc.assert(
      fc.property(count, ({ answers, passes, k }) => {
        const choices = all(answers, k);
        const share = (fits: (choice: readonly number[]) => boolean): number =>
          choices.filter(fits).length / choices.length;
        expect(passAtLeastOnce({ answers, passes, k })).toBeCloseTo(
          share((choice) => choice.some((at) => at < passes)),
          12,
        );
        expect(passEveryTime({ answers, passes, k })).toBeCloseTo(
          share((choice) => choice.every((at) => at < passes)),
          12,
        );
      }),
    );
  });

  test("also of hundreds of answers, as counted by whole numbers", () => {
    expect(passAtLeastOnce({ answers: 200, passes: 13, k: 100 })).toBeCloseTo(0.9999194971988055, 14);
    expect(passEveryTime({ answers: 200, passes: 190, k: 100 })).toBeCloseTo(0.0007710260627178503, 14);
  });
});

describe("repeats of a run", () => {
  const repeated = (item: string, passed: readonly boolean[]) =>
    passed.map((one, repeat) => record(item, { repeat, scores: { right: verdict(one) } }));
  const table = tableOf([
    ...repeated("always", [true, true, true, true]),
    ...repeated("never", [false, false, false, false]),
    ...repeated("mostly", [true, true, false, true]),
    ...repeated("even", [true, false, true, false]),
    ...repeated("short", [true, false]),
    failedRecord("short", "timeout", { repeat: 2 }),
  ]);
  const report = repeatReport(table, { target: "flash", scorer: "right", alpha: 0.05 });

  test("say how likely one of k passes, and how likely all do, over items with as many answers", () => {
    expect(report?.passes.map(({ k, atLeastOnce }) => [k, atLeastOnce.items])).toEqual([
      [1, 5],
      [2, 5],
      [3, 4],
      [4, 4],
    ]);
    expect(report?.passes[1]?.atLeastOnce.value).toBeCloseTo((1 + 0 + 1 + 5 / 6 + 1) / 5, 12);
    expect(report?.passes[1]?.everyTime.value).toBeCloseTo((1 + 0 + 0.5 + 1 / 6 + 0) / 5, 12);
    expect(report?.passes[3]).toMatchObject({ atLeastOnce: { value: 0.75 }, everyTime: { value: 0.25 } });
  });

  test("name the items whose answers do not agree, those that agree least first", () => {
    expect(report?.repeatedItems).toBe(5);
    expect(report?.flakyCount).toBe(3);
    expect(report?.flaky).toEqual([
      { item: "even", passes: 2, answers: 4 },
      { item: "short", passes: 1, answers: 2 },
      { item: "mostly", passes: 3, answers: 4 },
    ]);
  });

  test("tell nothing where each item was asked once", () => {
    const once = tableOf([record("a"), record("b")]);
    expect(repeatReport(once, { target: "flash", scorer: "right", alpha: 0.05 })).toBeUndefined();
  });
});

test("of several records of one item, target and repeat the last counts, whole", () => {
  const table = tableOf([
    record("a", { answer: { costUsd: 1 }, scores: { right: verdict(true), style: verdict(true) } }),
    failedRecord("a", "timeout"),
    record("b"),
  ]);
  expect(table.replaced).toBe(1);
  const [answers] = table.answersOf("flash");
  expect(answers?.failureOf(0)).toBe("timeout");
  expect(answers?.scoreOf(0, "right")).toBeUndefined();
  expect(answers?.measureOf(0, "cost_usd")).toBeUndefined();
  expect(answers?.scoreOf(1, "right")).toEqual({ kind: "scored", value: 1, passed: true });
});
