import { describe, expect, test } from "vitest";
import { analyse } from "#core/experiments/analyse.ts";
import { keptDesign } from "#features/configuration/index.ts";
import { exposed, onNamed, onRequest } from "#features/traffic/feedback/rated-units.test-support.ts";
import type { FeedbackEntry } from "#features/traffic/feedback/feedback.ts";
import { memoryFeedbackStore } from "#features/traffic/feedback/store.memory.ts";
import { noonMs } from "#features/traffic/request-record.test-support.ts";
import { memoryRequestLogStore } from "#features/traffic/store.memory.ts";
import { must } from "../support/must.ts";
import { SeededChance } from "../support/seeded-chance.ts";
import { experimentData } from "#features/experiments/results/experiment-data.ts";

const dayMs = 86_400_000;
const units = 400;

/** A week of units, each with one to three requests; the more a unit asks, the less it is resolved, and every fifth one buys. */
function world() {
  const chance = new SeededChance(21, "units");
  const records: ReturnType<typeof exposed>[] = [];
  const entries: FeedbackEntry[] = [];
  for (let unit = 0; unit < units; unit++) {
    const [name, variant] = [`u${unit}`, unit % 2 === 0 ? "fast" : "deep"];
    const firstAtMs = noonMs + (unit % 7) * dayMs;
    const requests = chance.integer(1, 3);
    for (let request = 0; request < requests; request++)
      records.push(exposed(records.length, { unit: name, variant }, firstAtMs + request));
    const record = records.at(-1) ?? expect.unreachable();
    const isResolved = chance.happens(requests === 1 ? 0.8 : 0.3);
    entries.push(onRequest(record, { name: "resolved", values: { outcome: isResolved }, source: "human" }));
    entries.push(onRequest(record, { name: "resolved", values: { outcome: true }, source: "judge" }));
    if (unit % 5 === 0)
      entries.push(onNamed(name, firstAtMs + 2 * dayMs, { name: "purchase", values: { outcome: 20 } }));
  }
  return { records, entries };
}

async function dataOf(settings: Record<string, unknown>, nowMs = noonMs + 100 * dayMs) {
  const written = { route: "support", variants: { fast: "50%", deep: "50%" }, ...settings };
  const { plan } = must(keptDesign("flash-or-pro", JSON.parse(JSON.stringify(written))));
  const { records, entries } = world();
  const log = memoryRequestLogStore();
  await log.insert(records);
  const feedback = memoryFeedbackStore(() => records);
  for (const kept of await feedback.keep("key_ann", entries, noonMs + 90 * dayMs)) expect(kept.ok).toBe(true);
  const data = await experimentData(
    { log, feedback },
    { experiment: "flash-or-pro", phase: 2, plan, days: 7, isOver: false, nowMs },
  );
  return { data, analysis: analyse(plan, data) };
}

describe("what the log says of metrics of events", () => {
  test("is by who said it, what came within a time, and the share of units that did", async () => {
    const { data } = await dataOf({
      primary: "by_human",
      secondary: ["resolved", "converted", "spent"],
      metrics: {
        by_human: { event: "resolved", source: "human" },
        converted: { event: "purchase", aggregation: "conversion", within: "3d" },
        spent: { event: "purchase", aggregation: "sum", cap: 15 },
      },
    });
    const armOf = (metric: string) =>
      data.metrics.get(metric)?.arms.get("fast") ?? expect.unreachable(`no arm of ${metric}`);
    expect(armOf("by_human").sample.mean).toBeLessThan(0.6);
    expect(armOf("resolved").sample.mean).toBeCloseTo((1 + armOf("by_human").sample.mean) / 2, 12);
    // Units 0, 10, 20, ... of the even ones.
    expect(armOf("converted")).toMatchObject({ successes: 40, sample: { count: 200, mean: 0.2 } });
    expect(armOf("spent").sample.mean).toBeCloseTo(0.2 * 15, 12);
    expect(data.findings.map(({ code }) => code)).not.toContain("open-windows");
  });

  test("is the share of requests with any feedback, and with that of some", async () => {
    const { data, analysis } = await dataOf({
      primary: "feedback_rate",
      secondary: ["reviewed", "bought"],
      metrics: {
        reviewed: { event: "resolved", source: "human", aggregation: "rate" },
        bought: { event: "purchase", aggregation: "rate" },
      },
    });
    const { records } = world();
    // The last request of each unit has two pieces of feedback, and units as a whole some more.
    const isFast = ({ decision }: (typeof records)[number]) => {
      const { experiment } = decision ?? {};
      return experiment && "variant" in experiment && experiment.variant === "fast";
    };
    const requests = records.filter(isFast).length;
    const events = { happened: 200, trials: requests };
    const rate = { events, sample: { count: 200, mean: 200 / requests } };
    expect(data.metrics.get("feedback_rate")?.arms.get("fast")).toMatchObject(rate);
    expect(data.metrics.get("reviewed")?.arms.get("fast")).toMatchObject(rate);
    expect(data.metrics.get("bought")?.arms.get("fast")).toMatchObject({ events: { happened: 0 } });
    // All units had come by the last moment, which is read part by part.
    const [series] = analysis.series;
    const last = must(series?.points.at(-1)?.reading ?? expect.unreachable());
    const fixed = must(analysis.metrics[0]?.comparisons[0]?.fixed.absolute ?? expect.unreachable());
    expect(last.value).toBeCloseTo(fixed.value, 12);
  });

  test("leaves out units whose time is not over, and says so", async () => {
    const settings = {
      secondary: ["converted"],
      metrics: { converted: { event: "purchase", aggregation: "conversion", within: "3d" } },
    };
    // Units came at seven noons: those of the first four have had their three days.
    const { data } = await dataOf(settings, noonMs + 6 * dayMs);
    const arms = data.metrics.get("converted")?.arms;
    const counts = ["fast", "deep"].map((variant) => arms?.get(variant)?.sample.count ?? 0);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(229);
    expect(data.findings.filter(({ code }) => code === "open-windows")).toEqual([
      {
        code: "open-windows",
        severity: "note",
        about: "converted",
        text: "converted leaves out 171 units (deep 85, fast 86) whose 3d are not over yet",
      },
    ]);
  });

  test("goes together with what units did, so that what both are worth is known, not bounded", async () => {
    const { analysis } = await dataOf({
      secondary: ["by_human"],
      metrics: { by_human: { event: "resolved", source: "human" } },
      utility: { in: "requests_per_unit", worth: { by_human: "0.1 per +1pp" } },
    });
    expect(analysis.utility?.isJoint).toBe(true);
    const [compared] = analysis.utility?.comparisons ?? [];
    const told = must(compared?.fixed ?? expect.unreachable());
    const errors = ["by_human", "requests_per_unit"].map((name) => {
      const metric = analysis.metrics.find(({ plan }) => plan.name === name);
      return must(metric?.comparisons[0]?.fixed.absolute ?? expect.unreachable()).standardError;
    });
    // Who asks more is resolved less: 10 x resolved + requests vary less together than apart.
    expect(told.standardError).toBeLessThan(Math.hypot(10 * (errors[0] ?? 0), errors[1] ?? 0));
  });

  test("is not known to go together with what is of other units, and then errors are added up", async () => {
    const { analysis } = await dataOf({
      secondary: ["converted"],
      metrics: {
        converted: { event: "purchase", aggregation: "conversion", within: "3d", better: "higher" },
      },
      utility: { in: "requests_per_unit", worth: { converted: "0.1 per +1pp" } },
    });
    expect(analysis.utility?.isJoint).toBe(false);
  });
});
