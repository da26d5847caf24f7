import { expect, test } from "vitest";
import { must } from "../../../../test/support/must.ts";
import { analyse } from "#core/experiments/analyse.ts";
import type { AnalysisPlan, Design, MetricPlan } from "#core/experiments/plan/analysis-plan.ts";
import type { Margin } from "#core/experiments/plan/margin.ts";
import type { MetricArm } from "#core/experiments/comparisons/metric-arm.ts";
import { planUnits } from "./plan-units.ts";

const points = (value: number): Margin => ({ scale: "absolute", value });

interface Case {
  /** Of each variant. */
  readonly units: number;
  readonly design?: Design;
  readonly minimumEffect?: Margin;
  readonly days?: number;
  readonly isOver?: boolean;
  readonly role?: MetricPlan["role"];
}

/** The outlook of a rate of 60 % in both variants. */
function outlookOf({
  units,
  design = { kind: "fixed" },
  minimumEffect,
  days,
  isOver = false,
  ...rest
}: Case) {
  const variants = ["flash", "argon"];
  const metric: MetricPlan = {
    name: "resolved",
    role: rest.role ?? "primary",
    better: "higher",
    column: "resolved",
    aggregation: { kind: "mean" },
    ...(minimumEffect && { minimumEffect }),
  };
  const plan: AnalysisPlan = {
    control: "flash",
    shares: new Map(variants.map((variant) => [variant, 0.5])),
    metrics: [metric],
    design,
    alpha: 0.05,
    guardrailAlpha: 0.025,
    power: 0.8,
    minimum: { units: 100, days: 0 },
    assumed: [],
  };
  const arm = (variant: string): [string, MetricArm] => [
    variant,
    {
      variant,
      sample: { count: units, mean: 0.6, variance: 0.24 },
      successes: Math.round(0.6 * units),
      missing: 0,
    },
  ];
  return analyse(plan, {
    counts: {
      all: new Map(variants.map((variant) => [variant, units])),
      bySegment: new Map(),
      ...(days !== undefined && { days }),
    },
    isAdaptive: false,
    isOver,
    metrics: new Map([["resolved", { arms: new Map(variants.map(arm)) }]]),
    findings: [],
  }).outlook;
}

test.each([["fixed" as const], ["always-valid" as const]])(
  "what %s units can tell is the effect that a plan wants them for",
  (kind) => {
    const planned = must(
      planUnits({
        metric: { kind: "mean", mean: 0.6, variance: 0.24 },
        shares: [0.5, 0.5],
        alpha: 0.05,
        power: 0.8,
        looks: { kind },
        effect: points(0.02),
      }),
    );
    const [found] = outlookOf({ units: planned.units / 2, design: { kind } });
    expect(found?.detectable).toBeCloseTo(0.02, 5);
  },
);

test("what is missing for the change that matters is told in units, and in days at the pace so far", () => {
  const [found] = outlookOf({ units: 5_000, minimumEffect: points(0.02), days: 4 });
  expect(found).toMatchObject({
    units: 10_000,
    wanted: { change: points(0.02), moreUnits: 8_841, moreDays: 4 },
    text: "resolved, argon: 10,000 units of both variants tell a change of 2.75 pp from none with a chance of 80 %; +2 pp takes about 8,841 more, 4 days at the pace so far",
  });
});

test("one that has enough says so", () => {
  const [found] = outlookOf({ units: 20_000, minimumEffect: points(-0.02), days: 4 });
  expect(found?.wanted).toMatchObject({ moreUnits: 0, moreDays: 0 });
  expect(found?.text).toMatch(/; they are enough for -2 pp$/);
});

test("days are told only while units come, and where times are known", () => {
  const over = outlookOf({ units: 5_000, minimumEffect: points(0.02), days: 4, isOver: true });
  expect(over[0]?.wanted).not.toHaveProperty("moreDays");
  expect(over[0]?.text).toMatch(/\+2 pp takes about 8,841 more$/);
  const timeless = outlookOf({ units: 5_000, minimumEffect: points(0.02) });
  expect(timeless[0]?.wanted).not.toHaveProperty("moreDays");
});

test("without a change that matters nothing is missing; too few units and what is not primary have no outlook", () => {
  expect(outlookOf({ units: 5_000 })[0]).not.toHaveProperty("wanted");
  expect(outlookOf({ units: 5_000, role: "secondary" })).toEqual([]);
  expect(outlookOf({ units: 99 })).toEqual([]);
});
