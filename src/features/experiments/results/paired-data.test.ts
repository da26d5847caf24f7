import { expect, test } from "vitest";
import { analyse } from "#core/experiments/analyse.ts";
import type { AnalysisPlan, MetricPlan } from "#core/experiments/plan/analysis-plan.ts";
import { momentsOf } from "#core/statistics/moments.ts";
import { pairedTest } from "#core/statistics/paired-test.ts";
import { sampleOf } from "#core/statistics/sample.ts";
import { must } from "../../../../test/support/must.ts";
import { normals, seededUnits } from "../../../../test/support/seeded-draws.ts";
import type { DuelEnd, ShadowPair } from "../shadows/shadow-pair.ts";
import { memoryShadowStore } from "../shadows/store.memory.ts";
import { pairedData } from "./paired-data.ts";

const phase = { experiment: "quiet", phase: 1 };

function metric(name: string, better: MetricPlan["better"] = "lower"): MetricPlan {
  return { name, role: "primary", better, column: name, aggregation: { kind: "ratio" } };
}

function planOf(...names: readonly string[]): AnalysisPlan {
  return {
    control: "flash",
    shares: new Map([
      ["flash", 1],
      ["argon", 1],
    ]),
    metrics: names.map((name) => metric(name, name === "win_rate" ? "higher" : "lower")),
    design: { kind: "fixed" },
    alpha: 0.05,
    guardrailAlpha: 0.025,
    power: 0.8,
    minimum: { units: 10, days: 0 },
    assumed: [],
  };
}

function pair(number: number, changes: Partial<ShadowPair> = {}): ShadowPair {
  return {
    ...phase,
    requestId: `r${number}`,
    shadowId: `s${number}`,
    atMs: 0,
    variant: "argon",
    unit: `u${number}`,
    stable: true,
    control: { requests: 1, completed: 1, timed: 1, totalMs: 100 },
    treatment: { requests: 1, completed: 1, timed: 1, totalMs: 90 },
    ...changes,
  };
}

async function readingOf(pairs: readonly ShadowPair[], plan: AnalysisPlan) {
  const store = memoryShadowStore();
  for (const one of pairs) await store.keep(one);
  const { data, duels } = await pairedData(store, { ...phase, plan, days: 5, isOver: true, nowMs: 0 });
  return { data, duels, analysis: analyse(plan, data) };
}

test("what both answers have in common drops out: as the paired test of the differences has it", async () => {
  const normal = normals(seededUnits(7));
  const pairs = Array.from({ length: 60 }, (_, at) => {
    const hard = 1_000 + 900 * normal();
    const side = (totalMs: number) => ({ requests: 1, completed: 1, timed: 1, totalMs });
    const control = side(hard + 20 * normal());
    return pair(at, { control, treatment: side(hard - 30 + 20 * normal()) });
  });
  const { analysis } = await readingOf(pairs, planOf("latency"));
  const fixed = must(analysis.metrics[0]?.comparisons[0]?.fixed.absolute ?? expect.unreachable());
  const differences = pairs.map(
    ({ control, treatment }) => (treatment.totalMs ?? 0) - (control.totalMs ?? 0),
  );
  const paired = must(pairedTest({ differences: must(sampleOf(must(momentsOf(differences)))), alpha: 0.05 }));
  expect(fixed.value).toBeCloseTo(paired.difference, 9);
  expect(fixed.standardError).toBeCloseTo(paired.standardError, 9);
  expect(fixed.pValue).toBeLessThan(0.001);
  const [control] = analysis.metrics[0]?.arms.arms.values() ?? [];
  // Apart from each other both would be far less sure than their differences are.
  expect(Math.sqrt((control?.sample.variance ?? 0) / 60)).toBeGreaterThan(20 * fixed.standardError);
});

test("each treatment is compared with the control's answers to its own requests", async () => {
  const side = (totalMs: number) => ({ requests: 1, completed: 1, timed: 1, totalMs });
  const pairs = Array.from({ length: 40 }, (_, at) => {
    const isArgon = at % 2 === 0;
    const control = (isArgon ? 100 : 900) + (at % 7);
    return pair(at, {
      variant: isArgon ? "argon" : "lite",
      control: side(control),
      treatment: side(control + (isArgon ? 10 : -10) + (at % 3)),
    });
  });
  const plan = planOf("latency");
  const shares = new Map([...plan.shares, ["lite", 1] as const]);
  const { analysis, data } = await readingOf(pairs, { ...plan, shares });
  const change = (at: number) =>
    must(analysis.metrics[0]?.comparisons[at]?.fixed.absolute ?? expect.unreachable()).value;
  expect(change(0)).toBeCloseTo(11, 0);
  expect(change(1)).toBeCloseTo(-9, 0);
  expect(Object.fromEntries(data.counts.all)).toEqual({ flash: 40, argon: 20, lite: 20 });
  const control = analysis.metrics[0]?.arms.arms.get("flash");
  expect(control?.sample.count).toBe(40);
  expect(control?.sample.mean).toBeCloseTo(502.875, 9);
});

test("a win rate is what the treatment wins, against what the control wins", async () => {
  const ended = (end: DuelEnd, score: number, times: number) =>
    Array.from({ length: times }, () => ({ end, scores: { first: score, second: score }, picoDollars: 1 }));
  const duelsHeld = [...ended("won", 1, 28), ...ended("lost", 0, 8), ...ended("tied", 0.5, 4)];
  const pairs = duelsHeld.map((duel, at) => pair(at, { duel }));
  const { analysis, duels } = await readingOf(pairs, planOf("win_rate"));
  const [winRate] = analysis.metrics;
  expect(winRate?.arms.arms.get("flash")?.sample.mean).toBeCloseTo(0.25, 12);
  expect(winRate?.arms.arms.get("argon")?.sample.mean).toBeCloseTo(0.75, 12);
  const reading = must(winRate?.comparisons[0]?.fixed.absolute ?? expect.unreachable());
  const own = must(duels[0]?.winRate ?? expect.unreachable());
  expect(reading.value).toBeCloseTo(0.5, 12);
  // The difference of both shares is twice the share's distance from one half.
  expect(reading.standardError).toBeCloseTo((2 * (own.interval[1] - own.value)) / 2.02269, 4);
  expect(analysis.verdict.sentence).toContain("Ship argon");
});

test("what was dropped, and requests without a lasting unit, are told", async () => {
  const store = memoryShadowStore();
  for (let at = 0; at < 12; at++) await store.keep(pair(at, { stable: at > 0 }));
  await store.drop([{ ...phase, reason: "budget", requests: 3 }]);
  const plan = planOf("error_rate");
  const { data, duels } = await pairedData(store, { ...phase, plan, days: 5, isOver: true, nowMs: 0 });
  expect(duels).toEqual([]);
  expect(data.findings.map(({ code, severity }) => `${code} ${severity}`)).toEqual([
    "unstable-units note",
    "not-compared note",
  ]);
  expect(data.findings[1]?.text).toBe(
    "3 requests of the sample were not answered once more, and are left out: the day's budget was used up (3)",
  );
});
