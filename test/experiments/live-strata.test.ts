import { describe, expect, test } from "vitest";
import { analyse } from "#core/experiments/analyse.ts";
import { crossMomentsOf } from "#core/statistics/cross-moments.ts";
import { postStratifiedRatioTest } from "#core/statistics/stratified-ratio.ts";
import { keptDesign } from "#features/configuration/index.ts";
import { experimentData } from "#features/experiments/results/experiment-data.ts";
import { exposed, onRequest } from "#features/traffic/feedback/rated-units.test-support.ts";
import { memoryFeedbackStore } from "#features/traffic/feedback/store.memory.ts";
import { noonMs } from "#features/traffic/request-record.test-support.ts";
import { memoryRequestLogStore } from "#features/traffic/store.memory.ts";
import { must } from "../support/must.ts";
import { SeededChance } from "../support/seeded-chance.ts";

interface Unit {
  readonly variant: "fast" | "deep";
  readonly tier: string | undefined;
  /** How long each of its requests took, ms. */
  readonly requests: readonly number[];
  /** What was said of the first one. */
  readonly stars: number;
}

/** Free units have few and fast requests and are content, paid ones have many that are slow. */
function drawnUnits(
  seed: number,
  { units = 400, tier = (isPaid: boolean): string | undefined => (isPaid ? "paid" : "free") } = {},
): readonly Unit[] {
  const chance = new SeededChance(seed, "units");
  return Array.from({ length: units }, (_, unit) => {
    const isPaid = chance.happens(0.4);
    return {
      variant: unit % 2 === 0 ? "fast" : "deep",
      tier: tier(isPaid),
      requests: Array.from(
        { length: (isPaid ? 4 : 1) + chance.integer(0, 2) },
        () => (isPaid ? 900 : 200) + chance.integer(0, 100),
      ),
      stars: (isPaid ? 1 : 4) + chance.unit(),
    };
  });
}

async function analysed(units: readonly Unit[], settings: Readonly<Record<string, unknown>> = {}) {
  let number = 0;
  const told = units.map(({ variant, tier, requests }, unit) =>
    requests.map((totalMs, later) => {
      const segments = tier === undefined ? {} : { tier: later === 0 ? tier : "another since" };
      const record = exposed(
        number++,
        { unit: `u${unit}`, variant, segments },
        noonMs + unit + later * 9_000,
      );
      return { ...record, timings: { queueMs: 0, gatewayMs: 1, totalMs } };
    }),
  );
  const records = told.flat();
  const entries = told.flatMap(([first], unit) => {
    const score = units[unit]?.stars ?? Number.NaN;
    return first ? [onRequest(first, { name: "stars", values: { score } })] : [];
  });
  const written = {
    route: "support",
    variants: { fast: "50%", deep: "50%" },
    primary: ["stars", "requests_per_unit"],
    guardrails: { latency: "+20%", latency_p95: "+50%" },
    strata: "tags.tier",
    design: "fixed",
    minimum: { units: 50, days: 0 },
    ...settings,
  };
  const { plan, strata } = must(keptDesign("flash-or-pro", JSON.parse(JSON.stringify(written))));
  const log = memoryRequestLogStore();
  await log.insert(records);
  const feedback = memoryFeedbackStore(() => records);
  const nowMs = noonMs + 86_400_000;
  for (const kept of await feedback.keep("key_ann", entries, nowMs)) expect(kept.ok).toBe(true);
  const about = { experiment: "flash-or-pro", phase: 2, plan, days: 1, isOver: false, nowMs };
  const data = await experimentData({ log, feedback }, { ...about, ...(strata !== undefined && { strata }) });
  const analysis = analyse(plan, data);
  const of = (name: string) =>
    analysis.metrics.find((metric) => metric.plan.name === name)?.comparisons[0] ??
    expect.unreachable("it is compared");
  return { analysis, of };
}

/** What a comparison inside strata comes to, from single units. */
function wantedOf(units: readonly Unit[], valuesOf: (unit: Unit) => readonly [x: number, y: number]) {
  const strata = ["free", "paid"].map((tier) => {
    const arm = (variant: string) => {
      const pairs = units.filter((one) => one.variant === variant && one.tier === tier).map(valuesOf);
      return must(
        crossMomentsOf(
          pairs.map(([x]) => x),
          pairs.map(([, y]) => y),
        ),
      );
    };
    return { control: arm("fast"), treatment: arm("deep") };
  });
  return must(postStratifiedRatioTest({ strata, alpha: 0.05 }));
}

const adjustments = (analysis: Awaited<ReturnType<typeof analysed>>["analysis"]) =>
  analysis.findings.filter(({ code }) => code === "stratified" || code === "not-adjusted");

describe("strata of a running experiment", () => {
  test("take what differs between tiers out of means, ratios and feedback; quantiles stand as they are", async () => {
    const units = drawnUnits(1);
    const { analysis, of } = await analysed(units);
    const wanted = {
      requests_per_unit: wantedOf(units, ({ requests }) => [1, requests.length]),
      latency: wantedOf(units, ({ requests }) => [
        requests.length,
        requests.reduce((sum, ms) => sum + ms, 0),
      ]),
      stars: wantedOf(units, ({ stars }) => [1, stars]),
    };
    for (const [name, { difference, standardError }] of Object.entries(wanted)) {
      const told = must(of(name).deciding.absolute);
      expect(told.value).toBeCloseTo(difference, 6);
      expect(told.standardError).toBeCloseTo(standardError, 6);
      const plain = must(of(name).adjusted?.unadjusted.absolute ?? expect.unreachable());
      expect(standardError).toBeLessThan(0.7 * plain.standardError);
    }
    expect(of("latency_p95").adjusted).toBeUndefined();
    expect(adjustments(analysis)).toEqual([
      {
        code: "stratified",
        severity: "note",
        text: "Compared inside 2 strata (free, paid) by tags.tier, each weighted by its share of the units: stars, requests_per_unit, latency",
      },
    ]);
    expect(analysis.series).toEqual([]);
  });

  test("are none where nothing is written", async () => {
    const { analysis, of } = await analysed(drawnUnits(1), { strata: undefined });
    expect(of("stars").adjusted).toBeUndefined();
    expect(adjustments(analysis)).toEqual([]);
    expect(analysis.series).toHaveLength(2);
  });

  test("that are small are taken together with units that have no such tag", async () => {
    let place = 0;
    const tier = (isPaid: boolean) => [isPaid ? "paid" : "free", `tiny ${place}`, undefined][place++ % 3];
    const { analysis } = await analysed(drawnUnits(2, { tier }));
    expect(adjustments(analysis)[0]?.text).toContain("inside 3 strata (free, paid, the rest)");
  });

  test("of one kind only, or of no unit, are told once", async () => {
    const nothing = async (tier: () => string | undefined) =>
      adjustments((await analysed(drawnUnits(3, { tier }))).analysis);
    const told = {
      code: "not-adjusted",
      severity: "warning",
      text: "Nothing is compared inside strata by tags.tier: there are not two strata with 20 units of each variant",
    };
    expect(await nothing(() => "free")).toEqual([told]);
    expect(await nothing(() => undefined)).toEqual([told]);
  });

  test("what cannot be shared out stands as it is, and is told where it decides", async () => {
    const units = drawnUnits(4).map((unit) => (unit.tier === "free" ? { ...unit, requests: [300] } : unit));
    const { analysis, of } = await analysed(units);
    expect(of("requests_per_unit").adjusted).toBeUndefined();
    expect(of("stars").adjusted?.by).toBe("strata");
    expect(adjustments(analysis).filter(({ code }) => code === "not-adjusted")).toMatchObject([
      {
        about: "requests_per_unit",
        text: "requests_per_unit is not compared inside strata: nothing varies in a variant of stratum free",
      },
      { about: "latency" },
    ]);
  });

  test("of variants that are alike find a difference as rarely as they promise", async () => {
    let found = 0;
    const runs = 100;
    for (let seed = 1; seed <= runs; seed++) {
      const { of } = await analysed(drawnUnits(1_000 + seed, { units: 200 }), { primary: ["stars"] });
      expect(of("stars").adjusted?.by).toBe("strata");
      if (of("stars").judgement !== "open") found++;
    }
    // Of 100 runs with a chance of 5 % more than 13 are found in fewer than one of a thousand.
    expect(found).toBeLessThanOrEqual(13);
    expect(found).toBeGreaterThan(0);
  });
});
