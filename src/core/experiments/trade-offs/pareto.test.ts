import { describe, expect, test } from "vitest";
import { SeededChance } from "../../../../test/support/seeded-chance.ts";
import type { AnalysisPlan, Design, MetricPlan } from "#core/experiments/plan/analysis-plan.ts";
import type { MetricArms } from "#core/experiments/comparisons/metric-arm.ts";
import { paretoAnalysis } from "./pareto.ts";

const quality: MetricPlan = {
  name: "quality",
  role: "primary",
  better: "higher",
  column: "quality",
  aggregation: { kind: "mean" },
};
const cost: MetricPlan = { ...quality, name: "cost", better: "lower", column: "cost" };

/** Means of a thousand units each, with a variance of 1: an error of 0.03. */
function armsOf(means: Readonly<Record<string, number>>): MetricArms {
  return {
    arms: new Map(
      Object.entries(means).map(([variant, mean]) => [
        variant,
        { variant, sample: { count: 1000, mean, variance: 1 }, missing: 0 },
      ]),
    ),
  };
}

function compared(
  variants: Readonly<Record<string, readonly [quality: number, cost: number]>>,
  design: Design = { kind: "fixed" },
) {
  const names = Object.keys(variants);
  const plan: AnalysisPlan = {
    control: names[0] ?? "",
    shares: new Map(names.map((name) => [name, 1 / names.length])),
    metrics: [quality, cost],
    design,
    alpha: 0.05,
    guardrailAlpha: 0.025,
    power: 0.8,
    minimum: { units: 100, days: 0 },
    assumed: [],
  };
  const at = (place: 0 | 1) =>
    armsOf(Object.fromEntries(names.map((name) => [name, variants[name]?.[place] ?? 0])));
  return paretoAnalysis(plan, ["quality", "cost"], {
    state: { design, progress: undefined },
    metrics: new Map([
      ["quality", at(0)],
      ["cost", at(1)],
    ]),
  });
}

describe("variants by several metrics at once", () => {
  test("what is better in one and worse in the other is a choice, not behind", () => {
    const { points, dominances } = compared({ flash: [0, 0], argon: [1, 1] });
    expect(points.map(({ standing }) => standing)).toEqual(["front", "front"]);
    expect(dominances).toEqual([]);
  });

  test("what is worse in both beyond chance is surely behind, and whatever its variants think of each other", () => {
    const { points, dominances } = compared({ flash: [0, 0], argon: [1, -1], pro: [-1, 0.01] });
    expect(points.map(({ variant, standing }) => [variant, standing])).toEqual([
      ["flash", "dominated"],
      ["argon", "front"],
      ["pro", "dominated"],
    ]);
    expect(dominances).toEqual([
      { better: "flash", worse: "pro", isSure: false },
      { better: "argon", worse: "flash", isSure: true },
      { better: "argon", worse: "pro", isSure: true },
    ]);
  });

  test("what is worse in both by what may be chance is perhaps behind", () => {
    expect(compared({ flash: [0, 0], argon: [1, -0.01] }).points[0]?.standing).toBe("perhaps-dominated");
    // The same value in one of them is never a sure difference.
    expect(compared({ flash: [0, 0], argon: [1, 0] }).dominances).toEqual([
      { better: "argon", worse: "flash", isSure: false },
    ]);
    expect(compared({ flash: [0, 0], argon: [0, 0] }).dominances).toEqual([]);
  });

  test("an interval may be looked at whenever the design may be: wider where that is at any time", () => {
    const widthOf = (design: Design) => {
      const [lower, upper] = compared({ flash: [0, 0], argon: [1, 1] }, design).points[0]?.values[0]
        ?.interval ?? [0, 0];
      return upper - lower;
    };
    // 2 x 1.962 x 0.0316, Student's t with 999 degrees of freedom.
    expect(widthOf({ kind: "fixed" })).toBeCloseTo(0.1241, 4);
    expect(widthOf({ kind: "always-valid" })).toBeGreaterThan(0.17);
  });

  test("a variant without a value is neither behind nor before", () => {
    const { points, dominances } = compared({ flash: [0, 0], argon: [1, -1] });
    expect(points).toHaveLength(2);
    const plan = { flash: armsOf({ flash: 0 }), both: armsOf({ flash: 0, argon: 1 }) };
    const found = paretoAnalysis(
      {
        control: "flash",
        shares: new Map([
          ["flash", 0.5],
          ["argon", 0.5],
        ]),
        metrics: [quality, cost],
        design: { kind: "fixed" },
        alpha: 0.05,
        guardrailAlpha: 0.025,
        power: 0.8,
        minimum: { units: 100, days: 0 },
        assumed: [],
      },
      ["quality", "cost"],
      {
        state: { design: { kind: "fixed" }, progress: undefined },
        metrics: new Map([
          ["quality", plan.both],
          ["cost", plan.flash],
        ]),
      },
    );
    expect(found.points.map(({ standing }) => standing)).toEqual(["front", "unknown"]);
    expect(found.dominances).toEqual([]);
    expect(dominances).toHaveLength(1);
  });

  test("of variants that are alike, a sure difference is found in less than the error rate", () => {
    const chance = new SeededChance(11, "alike");
    const draw = () =>
      Math.sqrt(-2 * Math.log(1 - chance.unit())) * Math.cos(2 * Math.PI * chance.unit()) * 0.0316;
    let sure = 0;
    for (let run = 0; run < 1000; run++) {
      const variants = Object.fromEntries(
        ["flash", "argon", "pro"].map((name) => {
          // Both metrics move together, which is the worst case of two.
          const luck = draw();
          return [name, [luck, -luck] as const];
        }),
      );
      if (compared(variants).dominances.some(({ isSure }) => isSure)) sure++;
    }
    expect(sure / 1000).toBeLessThan(0.05 + 3 * Math.sqrt((0.05 * 0.95) / 1000));
    expect(sure).toBeGreaterThan(0);
  });
});
