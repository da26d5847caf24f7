import { describe, expect, test } from "vitest";
import { z } from "zod";
import { measured, unscored, verdict } from "#core/scoring/score.ts";
import { wilsonInterval } from "#core/statistics/proportion.ts";
import { sampleQuantile } from "#core/statistics/quantile.ts";
import { must } from "../../../test/support/must.ts";
import { readVector } from "../../../test/support/read-vector.ts";
import type { EvaluationRecord } from "./record.ts";
import { failedRecord, record, tableOf } from "./run.test-support.ts";
import { targetSummary } from "./target-summary.ts";

const alpha = 0.05;
const summaryOf = (records: Iterable<EvaluationRecord>) =>
  targetSummary(tableOf(records), { target: "flash", alpha });
const scorerOf = (records: Iterable<EvaluationRecord>) => {
  const [scorer] = summaryOf(records).scorers;
  if (!scorer) throw new Error("A scorer is wanted");
  return scorer;
};
const numbered = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);

describe("what failed", () => {
  const records = [
    ...numbered(60).map((index) => record(`a${index}`, { scores: { right: verdict(index < 45) } })),
    ...numbered(20).map((index) =>
      failedRecord(`b${index}`, index < 15 ? "rate-limited" : "upstream-failed"),
    ),
  ];

  test("is counted by its code, and is no wrong answer", () => {
    const { outcomes } = summaryOf(records);
    expect(outcomes).toEqual({
      asked: 80,
      answered: 60,
      failed: 20,
      failures: [
        { code: "rate-limited", count: 15 },
        { code: "upstream-failed", count: 5 },
      ],
    });
    expect(scorerOf(records).main).toMatchObject({
      value: 0.75,
      items: 60,
      interval: must(wilsonInterval({ successes: 45, trials: 60 }, alpha)),
    });
  });

  test("is wrong in the other reading, which stands beside it", () => {
    expect(scorerOf(records).errorsAsWrong).toMatchObject({ value: 45 / 80, items: 80 });
  });

  test("cannot be read as wrong where 0 is not the worst of scores", () => {
    const lengths = [record("a", { scores: { length: measured(300) } }), failedRecord("b")];
    expect(scorerOf(lengths).errorsAsWrong).toBeUndefined();
  });
});

test("answers without a score are left out and counted by the reason", () => {
  const scorer = scorerOf([
    record("a"),
    record("b", { scores: { right: unscored("reference-missing", "none") } }),
    record("c", { scores: { right: unscored("judge-unreadable", "prose") } }),
    record("d", { scores: { right: unscored("judge-unreadable", "prose") } }),
  ]);
  expect(scorer.main).toMatchObject({ value: 1, items: 1 });
  expect(scorer.errorsAsWrong).toMatchObject({ value: 1, items: 1 });
  expect(scorer.unscored).toEqual([
    { code: "judge-unreadable", count: 2 },
    { code: "reference-missing", count: 1 },
  ]);
});

test("scores without verdicts have a mean", () => {
  const scorer = scorerOf(
    [0.2, 0.4, 0.9].map((value, index) => record(`${index}`, { scores: { rouge: measured(value) } })),
  );
  expect(scorer.hasVerdicts).toBe(false);
  expect(scorer.main?.value).toBeCloseTo(0.5, 12);
  expect(scorer.main?.interval?.[0]).toBeCloseTo(0.5 - 4.302652729749464 * Math.sqrt(0.13 / 3), 9);
  expect([scorer.meanScore, scorer.costPerPass, scorer.repeats]).toEqual([undefined, undefined, undefined]);
});

test("latency has quantiles with the exact interval, and with that of clusters where items were asked again", () => {
  const latencies = numbered(200).map((index) => 100 + ((index * 37) % 200));
  const once = summaryOf(latencies.map((latencyMs, index) => record(`${index}`, { answer: { latencyMs } })));
  const exact = must(sampleQuantile(latencies, { level: 0.95, alpha }));
  expect(once.latencyMs?.p95).toMatchObject({ value: exact.value, interval: exact.interval, units: 200 });
  const twice = summaryOf(
    latencies.flatMap((latencyMs, index) =>
      [0, 1].map((repeat) => record(`${index}`, { repeat, answer: { latencyMs } })),
    ),
  );
  expect(twice.latencyMs?.p50).toMatchObject({ value: 199, items: 200, units: 200 });
  expect(twice.latencyMs?.mean.units).toBe(200);
});

test("what judges cost stands apart, and what has no price is counted", () => {
  const { costUsd, judging } = summaryOf([
    record("a", { answer: { costUsd: 0.02 }, judging: { calls: 3, costUsd: 0.5, latencyMs: 900 } }),
    record("b", { answer: { costUsd: 0.04 }, judging: { calls: 3, latencyMs: 500 } }),
    record("c"),
  ]);
  expect(costUsd).toMatchObject({ total: 0.06, known: 2, perItem: { value: 0.03, items: 2 } });
  expect(judging.calls).toMatchObject({ total: 6, known: 2 });
  expect(judging.costUsd).toMatchObject({ total: 0.5, known: 1 });
  expect(judging.latencyMs).toMatchObject({ total: 1400, known: 2 });
});

test("a clustered mean has the error of clusters", () => {
  const records = numbered(40).map((index) =>
    record(`${index}`, { cluster: `c${index % 5}`, scores: { score: measured(index % 5) } }),
  );
  const { main } = scorerOf(records);
  expect(main).toMatchObject({ value: 2, items: 40, units: 5 });
  // Of five clusters whose items are all alike, the error is that of five values: sqrt(2.5 / 5).
  expect(main?.standardError).toBeCloseTo(Math.sqrt(0.5), 12);
});

test("slices by a tag have their own intervals, the largest first", () => {
  const records = numbered(30).map((index) =>
    record(`${index}`, {
      tags: { topic: index < 20 ? "algebra" : "logic" },
      scores: { right: verdict(index < 25) },
    }),
  );
  const [table, ...others] = scorerOf(records).slices;
  expect(others).toEqual([]);
  expect(table).toMatchObject({ tag: "topic", more: 0 });
  expect(table?.slices.map(({ value, estimate }) => [value, estimate.value, estimate.items])).toEqual([
    ["algebra", 1, 20],
    ["logic", 0.5, 10],
  ]);
  expect(table?.slices[1]?.estimate.interval).toEqual(
    must(wilsonInterval({ successes: 5, trials: 10 }, alpha)),
  );
});

describe("of Gemini 2.5 on 1,766 prompts", () => {
  const arm = z.object({ rewards: z.array(z.number()), costs: z.array(z.number()) });
  const interval = z.tuple([z.number(), z.number()]);
  const expected = z.object({
    reward: z.number(),
    reward_interval: interval,
    cost: z.number(),
    passes: z.number(),
    cost_per_pass: z.number(),
    cost_per_pass_interval: interval,
  });
  const vector = z
    .object({
      items: z.object({ flash: arm, pro: arm }),
      expected: z.object({ flash: expected, pro: expected }),
    })
    .parse(readVector("evaluations/paretobandit.json"));

  test.each(["flash", "pro"] as const)(
    "%s has SciPy's interval, and costs what it costs for each that passes",
    (model) => {
      const { rewards, costs } = vector.items[model];
      const known = vector.expected[model];
      const table = tableOf(
        rewards.map((reward, index) =>
          record(`${index}`, {
            target: model,
            answer: { costUsd: costs[index] ?? 0 },
            scores: { reward: { kind: "scored", value: reward, passed: reward >= 0.9 } },
          }),
        ),
      );
      const { scorers, costUsd } = targetSummary(table, { target: model, alpha });
      const [scorer] = scorers;
      expect(scorer?.meanScore?.value).toBeCloseTo(known.reward, 12);
      expect(scorer?.main?.value).toBeCloseTo(known.passes / 1766, 12);
      expect(costUsd.perItem?.value).toBeCloseTo(known.cost, 12);
      expect(scorer?.costPerPass?.usd).toBeCloseTo(known.cost_per_pass, 12);
      for (const end of [0, 1] as const) {
        expect(scorer?.meanScore?.interval?.[end]).toBeCloseTo(known.reward_interval[end], 10);
        expect(scorer?.costPerPass?.interval?.[end]).toBeCloseTo(known.cost_per_pass_interval[end], 10);
      }
    },
  );
});
