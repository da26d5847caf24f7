import { describe, expect, test } from "vitest";
import { analyse } from "#core/experiments/analyse.ts";
import { keptDesign } from "#features/configuration/index.ts";
import { experimentData } from "#features/experiments/results/experiment-data.ts";
import { exposed, onRequest } from "#features/traffic/feedback/rated-units.test-support.ts";
import type { FeedbackEntry } from "#features/traffic/feedback/feedback.ts";
import { memoryFeedbackStore } from "#features/traffic/feedback/store.memory.ts";
import { noonMs } from "#features/traffic/request-record.test-support.ts";
import { memoryRequestLogStore } from "#features/traffic/store.memory.ts";
import { must } from "../support/must.ts";
import { SeededChance } from "../support/seeded-chance.ts";

const hourMs = 3_600_000;

interface Case {
  readonly units?: number;
  /** From one unit to the next. */
  readonly stepMs?: number;
  /** The chance that a unit of the treatment is resolved, from 0 at the first unit to 1 at the last. */
  readonly chanceAt?: (progress: number) => number;
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** Units that come one after the other, each with one to three requests. */
async function analysed({ units = 640, stepMs = hourMs, chanceAt = () => 0.5, settings = {} }: Case = {}) {
  const chance = new SeededChance(7, "units");
  const records: ReturnType<typeof exposed>[] = [];
  const entries: FeedbackEntry[] = [];
  for (let unit = 0; unit < units; unit++) {
    const variant = unit % 2 === 0 ? "fast" : "deep";
    const first = exposed(records.length, { unit: `u${unit}`, variant }, noonMs + unit * stepMs);
    records.push(first);
    for (let more = chance.integer(0, 2); more > 0; more--)
      records.push(exposed(records.length, { unit: `u${unit}`, variant }, noonMs + (unit + 50) * stepMs));
    const outcome = chance.happens(variant === "fast" ? 0.5 : chanceAt(unit / units));
    entries.push(onRequest(first, { name: "resolved", values: { outcome } }));
  }
  const written = {
    route: "support",
    variants: { fast: "50%", deep: "50%" },
    primary: ["resolved", "requests_per_unit"],
    minimum: { units: 100, days: 0 },
    ...settings,
  };
  const { plan } = must(keptDesign("flash-or-pro", JSON.parse(JSON.stringify(written))));
  const log = memoryRequestLogStore();
  await log.insert(records);
  const feedback = memoryFeedbackStore(() => records);
  const nowMs = noonMs + 10 * units * stepMs;
  for (const kept of await feedback.keep("key_ann", entries, nowMs)) expect(kept.ok).toBe(true);
  const question = { experiment: "flash-or-pro", phase: 2, plan, days: 7, isOver: false, nowMs };
  const data = await experimentData({ log, feedback }, question);
  return { data, analysis: analyse(plan, data) };
}

describe("the series of a running experiment", () => {
  test("has as many new units between any two moments, and ends at what is known of all", async () => {
    const { data, analysis } = await analysed();
    expect(analysis.series.map(({ metric, variant }) => [metric.name, variant])).toEqual([
      ["resolved", "deep"],
      ["requests_per_unit", "deep"],
    ]);
    for (const { metric, points } of analysis.series) {
      // 640 units make 32 moments of 20.
      expect(points.map(({ units }) => units)).toEqual(Array.from({ length: 32 }, (_, at) => 20 * (at + 1)));
      expect(points.at(-1)?.timeMs).toBe(noonMs + 639 * hourMs);
      const whole = analysis.metrics.find(({ plan }) => plan.name === metric.name)?.comparisons[0];
      const [last, known] = [points.at(-1)?.reading, whole?.deciding.absolute];
      if (!last?.ok || !known?.ok) expect.unreachable("readings are wanted");
      expect(last.value.value).toBeCloseTo(known.value.value, 12);
      expect(last.value.standardError).toBeCloseTo(known.value.standardError, 12);
    }
    const sums = [...(data.series?.get("requests_per_unit")?.at(-1)?.arms.arms.values() ?? [])];
    expect(sums.reduce((sum, { sample }) => sum + sample.count, 0)).toBe(640);
  });

  test("is bounded however many units there are, and absent for a few, or where nothing is primary", async () => {
    const { analysis } = await analysed({ units: 1_500 });
    expect(analysis.series[0]?.points).toHaveLength(50);
    expect((await analysed({ units: 12 })).analysis.series).toEqual([]);
    expect((await analysed({ settings: { primary: [] } })).analysis.series).toEqual([]);
    expect((await analysed({ settings: { primary: ["latency_p95"] } })).analysis.series).toEqual([]);
  });

  test("an effect that is another one in the second half of the time is noted, one that stays is not", async () => {
    const wearing = await analysed({ units: 1_200, chanceAt: (progress) => (progress < 0.5 ? 0.9 : 0.5) });
    const novelty = wearing.analysis.findings.filter(({ code }) => code === "effect-changes");
    expect(novelty).toMatchObject([{ about: "resolved", severity: "note" }]);
    const staying = await analysed({ units: 1_200, chanceAt: () => 0.7 });
    expect(staying.analysis.findings.map(({ code }) => code)).not.toContain("effect-changes");
  });

  test("halves of a time of hours are not compared: nothing wears off in them", async () => {
    expect((await analysed({ stepMs: 1_000 })).data).not.toHaveProperty("halves");
    const { data } = await analysed();
    expect(data.halves?.map(({ name, counts }) => [name, ...counts.values()])).toEqual([
      ["first half", 160, 160],
      ["second half", 160, 160],
    ]);
  });
});
