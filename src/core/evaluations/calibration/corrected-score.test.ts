import { expect, test } from "vitest";
import { RunTable } from "#core/evaluations/run-table.ts";
import { verdict } from "#core/scoring/score.ts";
import { correctedRate } from "#core/statistics/judged-rate.ts";
import { must } from "../../../../test/support/must.ts";
import { correctedScore } from "./corrected-score.ts";
import type { ErrorRate } from "./judgement-estimates.ts";

const alpha = 0.05;

function rate(value: number, trials: number): ErrorRate {
  return { value, trials, items: trials, units: trials };
}

function passes(count: number, of: number, { repeats = 1 }: { readonly repeats?: number } = {}): RunTable {
  const table = new RunTable();
  for (let at = 0; at < of; at += 1)
    for (let repeat = 0; repeat < repeats; repeat += 1)
      table.add({
        item: `q${at}`,
        target: "flash",
        repeat,
        tags: {},
        outcome: { kind: "answered", text: "", latencyMs: 1 },
        scores: { good: verdict(at < count) },
        atMs: 0,
      });
  return table;
}

const errorRates = { sensitivity: rate(0.9, 200), specificity: rate(0.8, 150) };

test("a judge's share is corrected by what it lets pass and fails of what humans do", () => {
  const found = correctedScore(passes(60, 100), { target: "flash", scorer: "good", errorRates, alpha });
  const expected = must(
    correctedRate({
      judged: { share: 0.6, trials: 100 },
      sensitivity: { share: 0.9, trials: 200 },
      specificity: { share: 0.8, trials: 150 },
      alpha,
    }),
  );
  // (0.6 + 0.8 - 1) / (0.9 + 0.8 - 1)
  expect(expected.rate).toBeCloseTo(0.4 / 0.7, 12);
  expect(found?.judged.value).toBe(0.6);
  expect(found && must(found.corrected)).toMatchObject({
    value: expected.rate,
    interval: expected.interval,
    items: 100,
  });
});

test("answers to one item that are all alike tell as much as one", () => {
  const question = { target: "flash", scorer: "good", errorRates, alpha };
  const once = correctedScore(passes(60, 100), question);
  const often = correctedScore(passes(60, 100, { repeats: 5 }), question);
  const width = (one: typeof once): number => {
    const interval = one?.corrected.ok ? one.corrected.value.interval : undefined;
    return interval ? interval[1] - interval[0] : 0;
  };
  expect(width(often) / width(once)).toBeCloseTo(1, 2);
});

test.each([
  [{ sensitivity: rate(0.4, 100), specificity: rate(0.5, 100) }, "no better than chance"],
  [{ sensitivity: undefined, specificity: rate(0.5, 100) }, "let nothing pass"],
  [{ sensitivity: rate(0.5, 100), specificity: undefined }, "failed nothing"],
])("where the judge tells nothing, it says why", (rates, why) => {
  const found = correctedScore(passes(6, 10), { target: "flash", scorer: "good", errorRates: rates, alpha });
  expect(found?.corrected).toEqual({ ok: false, error: expect.stringContaining(why) });
});

test("a scorer that said nothing has nothing to correct", () => {
  expect(
    correctedScore(passes(6, 10), { target: "flash", scorer: "other", errorRates, alpha }),
  ).toBeUndefined();
});
