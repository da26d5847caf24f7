import fc from "fast-check";
import { expect, test } from "vitest";
import { must, refusalOf } from "../../../../test/support/must.ts";
import { planUnits, type PlannedLooks, type UnitsQuestion } from "./plan-units.ts";

const halves: UnitsQuestion = {
  metric: { kind: "proportion", share: 0.1 },
  shares: [0.5, 0.5],
  alpha: 0.05,
  power: 0.8,
  looks: { kind: "fixed" },
};
const mean: UnitsQuestion = { ...halves, metric: { kind: "mean", mean: 100, variance: 100 } };
const up = (value: number) => ({ scale: "absolute", value }) as const;

test("the numbers of textbooks", () => {
  // Half a standard deviation: 63 an arm by the normal distribution (Cohen 1988: 64 by Student's).
  expect(must(planUnits({ ...mean, effect: up(5) }))).toMatchObject({ answer: "units", variants: [63, 63] });
  // 10 % against 15 %, each with its own variance: (1.96 + 0.842)^2 (0.09 + 0.1275) / 0.05^2 = 682.6 an arm.
  expect(must(planUnits({ ...halves, effect: up(0.05) })).variants).toEqual([683, 683]);
  // 85 % that may fall by 10 points, one-sided 5 %: (1.645 + 0.842)^2 x 2 x 0.85 x 0.15 / 0.1^2 = 157.7 an arm.
  const guardrail: UnitsQuestion = { ...halves, metric: { kind: "proportion", share: 0.85 }, alpha: 0.05 };
  expect(must(planUnits({ ...guardrail, margin: up(-0.1) }))).toMatchObject({
    variants: [158, 158],
    level: 0.1,
  });
  // Lehr's rule: 16 variances over the square of the effect, for each arm (rounded up from 15.7).
  const lehr = must(planUnits({ ...mean, effect: up(1) })).variants[0] ?? 0;
  expect(lehr / 100).toBeCloseTo(15.7, 1);
});

test("clusters, a covariate and looks multiply the units; days are whole", () => {
  const once = must(planUnits({ ...mean, effect: up(1) }));
  const all = must(
    planUnits({
      ...mean,
      effect: up(1),
      clusters: { meanSize: 8, correlation: 0.2 },
      correlation: 0.6,
      looks: { kind: "group-sequential", looks: 5, spending: "obrien-fleming" },
      unitsPerDay: 300,
    }),
  );
  expect(once.inflation).toEqual({ looks: 1, clusters: 1, covariate: 1 });
  expect(all.inflation.clusters).toBeCloseTo(2.4, 12);
  expect(all.inflation.covariate).toBeCloseTo(0.64, 12);
  // Jennison & Turnbull (2000), table 2.4 has 1.028 for O'Brien and Fleming's bounds themselves, which spend a little more early.
  expect(all.inflation.looks).toBeGreaterThan(1.01);
  expect(all.inflation.looks).toBeLessThan(1.028);
  expect(all.units / once.units).toBeCloseTo(2.4 * 0.64 * all.inflation.looks, 2);
  expect(all.runTime).toEqual({
    days: Math.ceil(all.units / 300),
    daysOfWholeWeeks: 7 * Math.ceil(all.units / 2100),
  });
});

test("looking at any time costs most, and looking once least", () => {
  const plans: readonly PlannedLooks[] = [
    { kind: "fixed" },
    { kind: "group-sequential", looks: 5, spending: "obrien-fleming" },
    { kind: "group-sequential", looks: 5, spending: "power-2" },
    { kind: "group-sequential", looks: 5, spending: "pocock" },
    { kind: "always-valid" },
  ];
  const units = plans.map((looks) => must(planUnits({ ...mean, effect: up(1), looks })).units);
  expect(units).toEqual(units.toSorted((one, other) => one - other));
  expect(new Set(units).size).toBe(plans.length);
});

test("several treatments share the error rate, and the smallest decides", () => {
  const two = must(planUnits({ ...mean, shares: [0.5, 0.25, 0.25], effect: up(1) }));
  const one = must(planUnits({ ...mean, alpha: 0.025, shares: [2 / 3, 1 / 3], effect: up(1) }));
  expect(two.level).toBe(0.025);
  expect((two.units * 3) / 4 / one.units).toBeCloseTo(1, 3);
  const uneven = must(planUnits({ ...mean, shares: [0.5, 0.4, 0.1], effect: up(1) }));
  expect(uneven.units).toBeGreaterThan(two.units);
});

test("the units of an effect have its power, and find it", () => {
  const looks = fc.constantFrom<PlannedLooks>(
    { kind: "fixed" },
    { kind: "always-valid" },
    { kind: "group-sequential", looks: 4, spending: "obrien-fleming" },
    { kind: "group-sequential", looks: 3, spending: "pocock" },
  );
  const metric = fc.constantFrom<UnitsQuestion["metric"]>(
    { kind: "proportion", share: 0.6 },
    { kind: "mean", mean: 2, variance: 9 },
  );
  const question = fc.record({
    looks,
    metric,
    shares: fc.constantFrom([0.5, 0.5], [0.7, 0.3], [0.4, 0.3, 0.3]),
    power: fc.constantFrom(0.7, 0.8, 0.95),
    alpha: fc.constantFrom(0.01, 0.05),
    correlation: fc.constantFrom(0, 0.5),
    size: fc.double({ min: 0.005, max: 0.05, noNaN: true }),
    scale: fc.constantFrom("absolute" as const, "relative" as const),
  });
  fc.assert(
    fc.property(question, ({ size, scale, ...base }) => {
      const effect = { scale, value: size };
      const { units } = must(planUnits({ ...base, effect }));
      const known = must(planUnits({ ...base, effect, units }));
      if (known.answer !== "power") expect.unreachable("a power is wanted");
      expect(known.power).toBeGreaterThan(base.power - 1e-6);
      expect(known.power).toBeLessThan(base.power + 0.02);
      fc.pre(scale === "absolute");
      const found = must(planUnits({ ...base, units }));
      if (found.answer !== "effect") expect.unreachable("an effect is wanted");
      expect((found.upwards ?? 0) / size).toBeCloseTo(1, 2);
      expect(found.downwards).toBeLessThan(0);
    }),
    { numRuns: 40 },
  );
});

test("a margin is easier to hold where the change is for the better, and cannot be beyond it", () => {
  const margin = up(0.02);
  const units = (effect?: number) =>
    must(planUnits({ ...halves, alpha: 0.025, margin, ...(effect !== undefined && { effect: up(effect) }) }))
      .units;
  expect(units(-0.01)).toBeLessThan(units());
  expect(units(0.01)).toBeGreaterThan(units());
  const refusalAt = (value: number) => refusalOf(planUnits({ ...halves, margin, effect: up(value) }));
  expect([refusalAt(0.02), refusalAt(0.03)]).toEqual(["bad-value", "bad-value"]);
});

test("what cannot be planned is refused", () => {
  const refusal = (changes: Partial<UnitsQuestion>) =>
    refusalOf(planUnits({ ...mean, effect: up(1), ...changes }));
  expect(refusalOf(planUnits(mean))).toBe("bad-value");
  expect(refusal({ shares: [1] })).toBe("bad-value");
  expect(refusal({ shares: [1, 0] })).toBe("bad-value");
  expect(refusal({ correlation: 1 })).toBe("bad-value");
  expect(refusal({ alpha: 0 })).toBe("bad-level");
  expect(refusal({ alpha: 0.5, margin: up(2) })).toBe("bad-level");
  expect(refusal({ power: 1 })).toBe("bad-level");
  expect(refusal({ units: 0 })).toBe("bad-value");
  expect(refusal({ unitsPerDay: 0 })).toBe("bad-value");
  expect(refusal({ margin: { scale: "relative", value: 0.1 } })).toBe("bad-value");
  expect(refusal({ clusters: { meanSize: 0, correlation: 0.1 } })).toBe("bad-value");
  expect(refusal({ metric: { kind: "mean", mean: 1, variance: 0 } })).toBe("no-variance");
});
