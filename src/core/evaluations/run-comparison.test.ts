import { describe, expect, test } from "vitest";
import { z } from "zod";
import { measured, verdict } from "#core/scoring/score.ts";
import { seededUnits } from "../../../test/support/seeded-draws.ts";
import { must } from "../../../test/support/must.ts";
import { readVector } from "../../../test/support/read-vector.ts";
import type { ComparisonTerms } from "./comparison.ts";
import type { EvaluationRecord } from "./record.ts";
import { comparedMetrics, runComparison } from "./run-comparison.ts";
import { failedRecord, pairedRecords, record, tableOf } from "./run.test-support.ts";

const counts = z
  .object({ both: z.number(), only_baseline: z.number(), only_candidate: z.number(), neither: z.number() })
  .transform(({ both, only_baseline: onlyBaseline, only_candidate: onlyCandidate, neither }) => ({
    both,
    onlyBaseline,
    onlyCandidate,
    neither,
  }));
const numbers = z.record(z.string(), z.union([z.number(), z.array(z.number())]));
const vector = z
  .object({
    mmlu: z.object({
      subjects: z.array(z.intersection(z.object({ subject: z.string() }), counts)),
      expected: numbers,
    }),
    gsm8k: z.object({ counts, expected: numbers }),
  })
  .parse(readVector("evaluations/routellm.json"));

const terms = (): ComparisonTerms => ({
  alpha: 0.05,
  errors: "left-out",
  resamples: 0,
  unit: seededUnits(1),
});

/** Both targets of one run by all that they have in common. */
function compared(records: Iterable<EvaluationRecord>, given: Partial<ComparisonTerms> = {}) {
  const table = tableOf(records);
  const sides = {
    baseline: { table, target: "baseline" },
    candidate: { table, target: "candidate" },
  };
  const [part] = runComparison([{ label: "run", sides, metrics: comparedMetrics(sides) }], {
    ...terms(),
    ...given,
  });
  const [scorer] = part?.comparisons ?? [];
  if (!part || !scorer) throw new Error("A comparison is wanted");
  return { scorer, all: part.comparisons };
}

describe("Mixtral 8x7B and GPT-4, as RouteLLM recorded them", () => {
  test("differ on GSM8K by what pairs tell, with McNemar's test", () => {
    const { scorer } = compared(pairedRecords(vector.gsm8k.counts));
    const { expected } = vector.gsm8k;
    const tested = must(scorer.tested);
    expect(scorer).toMatchObject({
      pairs: 1319,
      units: 1319,
      discordant: { onlyBaseline: 95, onlyCandidate: 383 },
    });
    expect(scorer.baseline).toBeCloseTo(Number(expected["baseline"]), 12);
    expect(scorer.candidate).toBeCloseTo(Number(expected["candidate"]), 12);
    expect(tested.difference).toBeCloseTo(Number(expected["difference"]), 12);
    expect(tested.standardError).toBeCloseTo(Number(expected["paired_error"]), 12);
    expect(tested.method).toBe("signs");
    expect(tested.pValue / Number(expected["mcnemar_mid_p"])).toBeCloseTo(1, 6);
  });

  test("differ on MMLU with an error five times as large where subjects are clusters", () => {
    const { subjects, expected } = vector.mmlu;
    const each = (isClustered: boolean): readonly EvaluationRecord[] =>
      subjects.flatMap(({ subject, ...of }) => [
        ...pairedRecords(of, { prefix: subject, ...(isClustered && { cluster: subject }) }),
      ]);
    const alone = must(compared(each(false)).scorer.tested);
    expect(alone.standardError).toBeCloseTo(Number(expected["paired_error"]), 12);
    const { scorer } = compared(each(true));
    const clustered = must(scorer.tested);
    expect(scorer).toMatchObject({ pairs: 14_042, units: 57, discordant: undefined });
    expect(clustered.method).toBe("paired-t");
    expect(clustered.difference).toBeCloseTo(Number(expected["difference"]), 12);
    expect(clustered.standardError).toBeCloseTo(Number(expected["clustered_difference_error"]), 12);
    expect(clustered.pValue / Number(expected["clustered_difference_p"])).toBeCloseTo(1, 8);
    const interval = z.array(z.number()).parse(expected["clustered_difference_interval"]);
    for (const end of [0, 1] as const) expect(clustered.interval?.[end]).toBeCloseTo(interval[end] ?? 0, 12);
  });
});

describe("two targets of one run", () => {
  const some = { both: 40, onlyBaseline: 9, onlyCandidate: 3, neither: 8 };

  test("are told item by item: what got worse, what got better", () => {
    const { changed } = compared(pairedRecords(some)).scorer;
    expect(changed.regressions.count).toBe(9);
    expect(changed.regressions.items[0]).toEqual({ item: "item-40", baseline: 1, candidate: 0 });
    expect(changed.improvements.items.map(({ item }) => item)).toEqual(["item-49", "item-50", "item-51"]);
  });

  test("are compared on the items that both answered; the others are named", () => {
    const { scorer } = compared([
      ...pairedRecords(some),
      record("late", { target: "baseline" }),
      failedRecord("late", "timeout", { target: "candidate" }),
      record("new", { target: "candidate" }),
    ]);
    expect(scorer).toMatchObject({ pairs: 60, onlyBaseline: ["late"], onlyCandidate: ["new"] });
    const { scorer: asWrong } = compared(
      [
        ...pairedRecords(some),
        record("late", { target: "baseline" }),
        failedRecord("late", "x", { target: "candidate" }),
      ],
      { errors: "as-wrong" },
    );
    expect(asWrong).toMatchObject({ pairs: 61, discordant: { onlyBaseline: 10 } });
  });

  test("have each item once, however often it was asked", () => {
    const repeated = [...pairedRecords(some)].flatMap((one) => [
      one,
      { ...one, repeat: 1 },
      { ...one, repeat: 2 },
    ]);
    const { scorer } = compared(repeated);
    const once = must(compared(pairedRecords(some)).scorer.tested);
    expect(scorer).toMatchObject({ pairs: 60, units: 60, discordant: undefined });
    expect(must(scorer.tested)).toMatchObject({ method: "paired-t", standardError: once.standardError });
  });

  test("have nothing to test where every item is the same", () => {
    const { scorer } = compared(pairedRecords({ both: 10, onlyBaseline: 0, onlyCandidate: 0, neither: 3 }));
    expect(scorer.tested).toEqual({
      ok: false,
      error: { code: "no-variance", reason: "Every item is the same on both sides" },
    });
    expect([scorer.adjustedPValue, scorer.detectable]).toEqual([1, undefined]);
  });

  test("differ by no chance where every item got worse, though nothing varies", () => {
    const { scorer } = compared(pairedRecords({ both: 0, onlyBaseline: 12, onlyCandidate: 0, neither: 0 }));
    expect(must(scorer.tested)).toMatchObject({ difference: -1, interval: undefined, method: "signs" });
    expect(scorer.adjustedPValue).toBeCloseTo(2 ** -12, 12);
  });

  test("have a bootstrap interval beside, the same for the same seed", () => {
    const one = compared(pairedRecords(some), { resamples: 500 }).scorer.bootstrap;
    expect(one).toEqual(compared(pairedRecords(some), { resamples: 500 }).scorer.bootstrap);
    expect(one?.value).toBeCloseTo(-0.1, 12);
  });

  test("one-sided p-values are the two halves of the two-sided one", () => {
    const { pValue, pValueHigher, pValueLower } = must(compared(pairedRecords(some)).scorer.tested);
    expect(pValueLower).toBeCloseTo(pValue / 2, 12);
    expect(pValueHigher).toBeCloseTo(1 - pValue / 2, 12);
  });

  test("scorers are corrected for their number, and measures among themselves", () => {
    const records = [...pairedRecords(some)].map((one, index) => ({
      ...one,
      outcome: {
        ...record("x").outcome,
        latencyMs: 100 + (index % 7),
        costUsd: one.target === "candidate" ? 2 + (index % 3) : 1,
      },
      scores: { ...one.scores, style: measured((index % 11) / 10), same: verdict(true) },
    }));
    const { all } = compared(records);
    expect(all.map(({ name, better }) => `${name} ${better}`)).toEqual([
      "right higher",
      "style higher",
      "same higher",
      "cost_usd lower",
      "latency_ms lower",
      "output_tokens lower",
    ]);
    const [right] = all;
    expect(right?.adjustedPValue).toBeCloseTo(
      3 * must(all[0]?.tested ?? { ok: false, error: "none" }).pValue,
      12,
    );
    const cost = all[3];
    expect(cost?.changed.regressions.count).toBe(60);
    expect(cost?.adjustedPValue).toBeLessThan(1e-6);
  });

  test("a score of which nobody says which way is better has no regressions", () => {
    const records = [...pairedRecords(some)].map((one, index) => ({
      ...one,
      scores: { words: measured(index) },
    }));
    const { scorer } = compared(records);
    expect(scorer.better).toBeUndefined();
    expect(scorer.changed.regressions.count + scorer.changed.improvements.count).toBe(0);
  });
});

test("two runs are paired by the ids of their items, in whatever order they came", () => {
  const some = [...pairedRecords({ both: 20, onlyBaseline: 6, onlyCandidate: 2, neither: 2 })];
  const before = tableOf(some.filter(({ target }) => target === "baseline"));
  const after = tableOf(some.filter(({ target }) => target === "candidate").toReversed());
  const sides = {
    baseline: { table: before, target: "baseline" },
    candidate: { table: after, target: "candidate" },
  };
  const [part] = runComparison(
    [{ label: "runs", sides, metrics: comparedMetrics(sides).slice(0, 1) }],
    terms(),
  );
  expect(part?.comparisons[0]).toMatchObject({
    pairs: 30,
    discordant: { onlyBaseline: 6, onlyCandidate: 2 },
  });
});
