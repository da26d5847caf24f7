import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { must, refusalOf } from "../../../test/support/must.ts";
import { achievedPower } from "./achieved-power.ts";
import { requiredUnits } from "./experiment-plan.ts";
import type { SequentialPlan } from "./group-sequential.ts";
import { groupSequentialPower, sequentialInflation } from "./sequential-power.ts";
import type { Spending } from "./spending.ts";

const plan: SequentialPlan = { alpha: 0.05, spending: { kind: "obrien-fleming" } };
const fiveLooks = [0.2, 0.4, 0.6, 0.8, 1];
const planned = (spending: Spending, power = 0.8) =>
  must(sequentialInflation({ ...plan, spending }, { fractions: fiveLooks, power }));

test("five looks cost what published designs say", () => {
  // Drifts of 80 % power of the program of Reboussin, DeMets, Kim & Lan (2000), Controlled Clinical Trials 21, over 2.8016.
  expect(planned({ kind: "obrien-fleming" })).toBeCloseTo((2.836 / 2.8016) ** 2, 3);
  expect(planned({ kind: "pocock" })).toBeCloseTo((3.0851 / 2.8016) ** 2, 3);
});

describe("laws", () => {
  const spendings = fc.oneof(
    fc.constantFrom<Spending>({ kind: "obrien-fleming" }, { kind: "pocock" }),
    fc.double({ min: 0.5, max: 5, noNaN: true }).map((exponent): Spending => ({ kind: "power", exponent })),
  );
  const alternatives = fc.constantFrom("two-sided" as const, "greater" as const, "less" as const);

  test("without an effect a test stops as often as its error rate", () => {
    fc.assert(
      fc.property(spendings, alternatives, (spending, alternative) => {
        const design = { alpha: 0.05, spending, alternative };
        const found = must(groupSequentialPower(design, { fractions: fiveLooks, drift: 0 }));
        expect(found.power).toBeCloseTo(0.05, 8);
        expect(found.expectedFraction).toBeGreaterThan(0.94);
        expect(found.stops).toHaveLength(5);
      }),
      { numRuns: 20 },
    );
  });

  test("inflated units have the power, and stop before a test that looks once", () => {
    const powers = fc.double({ min: 0.6, max: 0.99, noNaN: true });
    fc.assert(
      fc.property(spendings, powers, (spending, power) => {
        const inflation = planned(spending, power);
        expect(inflation).toBeGreaterThan(1);
        const metric = { kind: "mean", mean: 0, variance: 1 } as const;
        const { units } = must(requiredUnits({ metric, alpha: 0.05, inflation }, { effect: 0.1, power }));
        const drift = 0.1 / Math.sqrt(4 / units);
        const found = must(groupSequentialPower({ ...plan, spending }, { fractions: fiveLooks, drift }));
        expect(found.power).toBeGreaterThanOrEqual(power - 1e-9);
        expect(found.power).toBeLessThan(power + 1e-3);
        expect(found.expectedFraction * inflation).toBeLessThan(1);
      }),
      { numRuns: 20 },
    );
  });
});

test("one look at the end is the plain test", () => {
  const design: SequentialPlan = { ...plan, alternative: "less" };
  const found = must(groupSequentialPower(design, { fractions: [1], drift: -2.5 }));
  const known = { effect: -2.5, standardError: 1, units: 1 };
  expect(found.power).toBeCloseTo(must(achievedPower({ alpha: 0.05, alternative: "less" }, known)), 12);
  expect(found.expectedFraction).toBe(1);
  expect(must(sequentialInflation(plan, { fractions: [1], power: 0.9 }))).toBeCloseTo(1, 9);
});

test("what cannot be said is refused with the reason", () => {
  const fractions = [0.5, 1];
  expect(refusalOf(groupSequentialPower(plan, { fractions, drift: Infinity }))).toBe("bad-value");
  expect(refusalOf(groupSequentialPower(plan, { fractions: [], drift: 1 }))).toBe("too-few");
  expect(refusalOf(sequentialInflation(plan, { fractions, power: 1 }))).toBe("bad-level");
  expect(refusalOf(sequentialInflation(plan, { fractions, power: 0.01 }))).toBe("bad-value");
  expect(refusalOf(sequentialInflation(plan, { fractions: [1e-5], power: 0.8 }))).toBe("bad-value");
});
