import { describe, expect, test } from "vitest";
import { analyse, type AnalysisData } from "./analyse.ts";
import type { AnalysisPlan, Design, MetricPlan } from "#core/experiments/plan/analysis-plan.ts";
import type { Finding } from "#core/experiments/findings/finding.ts";
import type { MetricArm, MetricArms } from "#core/experiments/comparisons/metric-arm.ts";

const resolved: MetricPlan = {
  name: "resolved",
  role: "primary",
  better: "higher",
  column: "resolved",
  aggregation: { kind: "mean" },
};
const errors: MetricPlan = {
  name: "error_rate",
  role: "guardrail",
  better: "lower",
  column: "error_rate",
  aggregation: { kind: "mean" },
  margin: { scale: "absolute", value: 0.01 },
};

/** Shares of units with an event, by variant: control first. */
function rates(units: number, shares: Readonly<Record<string, number>>): MetricArms {
  const arms = Object.entries(shares).map(([variant, share]): [string, MetricArm] => {
    const successes = Math.round(units * share);
    const mean = successes / units;
    const sample = { count: units, mean, variance: (mean * (1 - mean) * units) / (units - 1) };
    return [variant, { variant, sample, successes, missing: 0 }];
  });
  return { arms: new Map(arms) };
}

interface Case {
  readonly units?: number;
  readonly goal?: Readonly<Record<string, number>>;
  readonly guardrail?: Readonly<Record<string, number>>;
  readonly metrics?: readonly MetricPlan[];
  readonly design?: Design;
  readonly counts?: Readonly<Record<string, number>>;
  readonly findings?: readonly Finding[];
  readonly isOver?: boolean;
}

function analysed({
  units = 10_000,
  goal = { flash: 0.6, argon: 0.64 },
  guardrail = Object.fromEntries(Object.keys(goal).map((variant) => [variant, 0.01])),
  metrics = [resolved, errors],
  design = { kind: "always-valid" },
  counts = Object.fromEntries(Object.keys(goal).map((variant) => [variant, units])),
  findings = [],
  isOver = true,
}: Case) {
  const variants = Object.keys(goal);
  const plan: AnalysisPlan = {
    control: "flash",
    shares: new Map(variants.map((variant) => [variant, 1 / variants.length])),
    metrics,
    design,
    alpha: 0.05,
    guardrailAlpha: 0.025,
    power: 0.8,
    minimum: { units: 100, days: 0 },
    assumed: [],
  };
  const data: AnalysisData = {
    counts: { all: new Map(Object.entries(counts)), bySegment: new Map() },
    isAdaptive: false,
    isOver,
    metrics: new Map([
      ["resolved", rates(units, goal)],
      ["error_rate", rates(units, guardrail)],
    ]),
    findings,
  };
  return analyse(plan, data);
}

describe("the verdict", () => {
  test("is to ship what is better while its guardrails hold", () => {
    const { verdict } = analysed({});
    expect(verdict).toMatchObject({ decision: "ship", variant: "argon" });
    expect(verdict.sentence).toMatch(
      /^Ship argon: resolved is better by \+4 pp \(\+1\.\d+ pp to \+6\.\d+ pp\); error_rate stays within its margin of \+1 pp: 0 pp/,
    );
  });

  test("is to stay where the variant is worse", () => {
    expect(analysed({ goal: { flash: 0.6, argon: 0.55 } }).verdict).toMatchObject({
      decision: "do-not-ship",
    });
  });

  test("is to stay where a guardrail breaks, however good the rest is", () => {
    const { verdict } = analysed({ guardrail: { flash: 0.01, argon: 0.05 } });
    expect(verdict.decision).toBe("do-not-ship");
    expect(verdict.sentence).toMatch(/^Stay with flash: error_rate breaks its margin of \+1 pp: \+4 pp/);
  });

  test("is to wait where it may be chance, with the number of units that would tell", () => {
    const { verdict } = analysed({ units: 1000, goal: { flash: 0.6, argon: 0.61 } });
    expect(verdict.decision).toBe("keep-running");
    expect(verdict.wouldChange[0]).toMatch(/^resolved: about [\d,]+ units of both variants/);
  });

  test("is to wait while a guardrail is not shown to hold", () => {
    const { verdict } = analysed({
      units: 5000,
      goal: { flash: 0.6, argon: 0.7 },
      guardrail: { flash: 0.05, argon: 0.055 },
    });
    expect(verdict.decision).toBe("keep-running");
    expect(verdict.sentence).toContain("error_rate may break its margin");
  });

  test("is to stay where whatever there is, is smaller than what matters", () => {
    const small: MetricPlan = { ...resolved, minimumEffect: { scale: "absolute", value: 0.05 } };
    const { verdict } = analysed({
      units: 50_000,
      goal: { flash: 0.6, argon: 0.61 },
      metrics: [small, errors],
    });
    expect(verdict.decision).toBe("do-not-ship");
    expect(verdict.sentence).toContain("less than the +5 pp that matters");
  });

  test("ships the better of two that are", () => {
    const { verdict } = analysed({ goal: { flash: 0.6, argon: 0.64, pro: 0.66 } });
    expect(verdict).toMatchObject({ decision: "ship", variant: "pro" });
    expect(verdict.byVariant.map(({ decision }) => decision)).toEqual(["ship", "ship"]);
  });

  test("needs guardrails alone where nothing is to be gained", () => {
    expect(analysed({ metrics: [errors] }).verdict).toMatchObject({ decision: "ship" });
  });

  test("a guardrail without any events holds, though nothing varies", () => {
    const { verdict } = analysed({ guardrail: { flash: 0, argon: 0 } });
    expect(verdict.decision).toBe("ship");
  });
});

describe("there is no verdict", () => {
  test("from too few units", () => {
    const { verdict } = analysed({ units: 99, goal: { flash: 0.1, argon: 0.9 } });
    expect(verdict.decision).toBe("invalid");
    expect(verdict.sentence).toContain("flash has 99 units, a verdict needs 100 of each variant");
    expect(verdict.wouldChange).toEqual(["More units"]);
  });

  test("where units do not come in their shares", () => {
    const { verdict } = analysed({ counts: { flash: 10_000, argon: 9_000 } });
    expect(verdict.decision).toBe("invalid");
    expect(verdict.sentence).toContain("Units do not come in their shares (flash 10000, argon 9000; p = ");
  });

  test("before the horizon of a design with one look", () => {
    const { verdict } = analysed({ design: { kind: "fixed", units: 40_000 } });
    expect(verdict.decision).toBe("invalid");
    expect(verdict.sentence).toContain("peeking");
  });

  test("where a finding says that the data are broken", () => {
    const findings: readonly Finding[] = [
      { code: "version-drift", severity: "invalid", text: "two versions" },
    ];
    expect(analysed({ findings }).verdict.sentence).toBe("No verdict: two versions");
  });
});

describe("while more units come", () => {
  test("too few, and a horizon ahead, are reasons to wait", () => {
    const few = analysed({ units: 99, isOver: false }).verdict;
    expect(few.decision).toBe("keep-running");
    expect(few.sentence).toMatch(/^Keep running: flash has 99 units/);
    const early = analysed({ design: { kind: "fixed", units: 40_000 }, isOver: false }).verdict;
    expect(early.decision).toBe("keep-running");
  });

  test("what is broken is broken", () => {
    const counts = { flash: 10_000, argon: 9_000 };
    expect(analysed({ counts, isOver: false }).verdict.decision).toBe("invalid");
  });
});

describe("designs", () => {
  test("one look at the end is tighter than a look at any time, and planned looks lie between", () => {
    const widthOf = (design: Design) => {
      const reading = analysed({ design }).metrics[0]?.comparisons[0]?.deciding.absolute;
      if (!reading?.ok) return expect.unreachable("a reading is there");
      return reading.value.interval[1] - reading.value.interval[0];
    };
    const fixed = widthOf({ kind: "fixed" });
    const planned = widthOf({
      kind: "group-sequential",
      units: 20_000,
      looks: 5,
      spending: "obrien-fleming",
    });
    const early = widthOf({ kind: "group-sequential", units: 100_000, looks: 5, spending: "obrien-fleming" });
    const anytime = widthOf({ kind: "always-valid" });
    expect(fixed).toBeLessThan(planned);
    expect(planned).toBeLessThan(anytime);
    expect(early).toBeGreaterThan(anytime);
  });

  test("at the planned end, what is not shown is not shipped", () => {
    const goal = { flash: 0.6, argon: 0.601 };
    const design: Design = { kind: "group-sequential", units: 20_000, looks: 4, spending: "pocock" };
    expect(analysed({ goal, design }).verdict.decision).toBe("do-not-ship");
    expect(analysed({ goal, design: { ...design, units: 40_000 } }).verdict.decision).toBe("keep-running");
    expect(analysed({ goal, design: { kind: "fixed" } }).verdict.decision).toBe("do-not-ship");
  });

  test("that end after days are not known to be over where no unit has a time", () => {
    const once = analysed({ design: { kind: "fixed", days: 14 } });
    expect(once.verdict.decision).toBe("ship");
    expect(once.findings).toMatchObject([
      {
        code: "unknown-horizon",
        severity: "warning",
        text: expect.stringMatching(/^The design ends after 14 days, and no unit has a time: .* peeking/),
      },
    ]);
    const looks = analysed({
      design: { kind: "group-sequential", days: 14, looks: 5, spending: "pocock" },
    });
    expect(looks.verdict).toMatchObject({
      decision: "invalid",
      wouldChange: ["Times of units, or a plan that ends after so many units"],
    });
  });

  test.each([
    [50_000, []],
    [49_000, []],
    [27_000, ["unplanned-look"]],
    [15_000, []],
    [200_000, ["unplanned-look"]],
  ])("of five looks, one at 20,000 of %s units", (units, codes) => {
    const design: Design = { kind: "group-sequential", units, looks: 5, spending: "obrien-fleming" };
    const { findings } = analysed({ design });
    expect(findings.map(({ code }) => code)).toEqual(codes);
  });

  test("several primary comparisons share one error rate", () => {
    const one = analysed({ goal: { flash: 0.6, argon: 0.622 }, design: { kind: "fixed" } });
    const four = analysed({
      goal: { flash: 0.6, argon: 0.622, a: 0.6, b: 0.6, c: 0.6 },
      design: { kind: "fixed" },
    });
    const adjusted = (all: typeof one) => all.metrics[0]?.comparisons[0]?.adjustedPValue ?? Number.NaN;
    expect(adjusted(four)).toBeCloseTo(4 * adjusted(one), 10);
  });
});
