import { describe, expect, test } from "vitest";
import { must } from "../../../test/support/must.ts";
import { normals, seededUnits } from "../../../test/support/seeded-draws.ts";
import { tunedRho } from "./confidence-sequence.ts";
import { requiredUnits, type ExperimentPlan } from "./experiment-plan.ts";
import { groupSequentialBounds } from "./group-sequential.ts";
import { nonInferiorProportion } from "./non-inferiority.ts";
import { mixtureBound } from "./normal-mixture.ts";
import { groupSequentialPower, sequentialInflation } from "./sequential-power.ts";
import { normalQuantile } from "./special-functions.ts";
import type { Spending } from "./spending.ts";
import { twoProportionTest } from "./two-proportions.ts";
import { welchTest } from "./welch-test.ts";

const alpha = 0.05;
const power = 0.8;
const looks = Array.from({ length: 50 }, (_, look) => (look + 1) / 50);

/** What became of experiments that were looked at fifty times: how many stopped, and when all of them ended on average. */
function experiments(bounds: readonly number[], drift: number, runs = 6_000) {
  const normal = normals(seededUnits(20_261_127));
  let [stopped, ended] = [0, 0];
  for (let run = 0; run < runs; run++) {
    let path = 0;
    // All looks are drawn, so that every rule sees the same experiments.
    const crossings = looks.map((time, look) => {
      path += (normal() + drift * Math.sqrt(1 / 50)) * Math.sqrt(1 / 50);
      return Math.abs(path) / Math.sqrt(time) >= (bounds[look] ?? 0);
    });
    const first = crossings.indexOf(true);
    if (first >= 0) stopped += 1;
    ended += looks[first] ?? 1;
  }
  return { rate: stopped / runs, ended: ended / runs, error: 3 * Math.sqrt((alpha * (1 - alpha)) / runs) };
}

const once = normalQuantile(1 - alpha / 2) + normalQuantile(power);

describe("fifty looks at experiments without an effect, and with one that a single look finds in 80 %", () => {
  test.each<[string, Spending, { readonly inflation: number; readonly ended: number }]>([
    ["O'Brien and Fleming", { kind: "obrien-fleming" }, { inflation: 1.06, ended: 0.8 }],
    ["Pocock", { kind: "pocock" }, { inflation: 1.29, ended: 0.65 }],
    ["power 2", { kind: "power", exponent: 2 }, { inflation: 1.11, ended: 0.75 }],
  ])("%s keeps the error rate and, with units as planned, the power", (_, spending, most) => {
    const plan = { alpha, spending };
    const bounds = must(groupSequentialBounds(plan, looks)).map(({ bound }) => bound);
    const nothing = experiments(bounds, 0);
    expect(Math.abs(nothing.rate - alpha)).toBeLessThanOrEqual(nothing.error);
    const inflation = must(sequentialInflation(plan, { fractions: looks, power }));
    expect(inflation).toBeLessThan(most.inflation);
    const drift = once * Math.sqrt(inflation);
    const something = experiments(bounds, drift);
    expect(Math.abs(something.rate - power)).toBeLessThan(0.02);
    const foreseen = must(groupSequentialPower(plan, { fractions: looks, drift }));
    expect(something.ended).toBeCloseTo(foreseen.expectedFraction, 2);
    expect(something.ended).toBeLessThan(most.ended);
  });

  test("a confidence sequence keeps the error rate with looks to come, and pays with power", () => {
    const units = 10_000;
    const rho = tunedRho(alpha, units);
    const bounds = looks.map((time) => mixtureBound(time * units * rho * rho, alpha));
    const nothing = experiments(bounds, 0);
    expect(nothing.rate).toBeLessThanOrEqual(alpha + nothing.error);
    expect(nothing.rate).toBeLessThan(0.025);
    expect(experiments(bounds, once).rate).toBeGreaterThan(0.45);
  });

  test("a plain test at every look does not", () => {
    expect(
      experiments(
        looks.map(() => 1.96),
        0,
      ).rate,
    ).toBeGreaterThan(6 * alpha);
  });
});

describe("tests find what their plan foresees, within 2 points", () => {
  const runs = 2_000;

  /** The share of experiments, of the units that the plan asks for, in which a test finds the effect. */
  function found(
    plan: ExperimentPlan,
    effect: number,
    isFound: (units: { readonly control: number; readonly treatment: number }) => boolean,
  ): number {
    const units = must(requiredUnits(plan, { effect, power }));
    let count = 0;
    for (let run = 0; run < runs; run++) if (isFound(units)) count += 1;
    return count / runs;
  }

  test("two rates in uneven arms", () => {
    const plan = { metric: { kind: "proportion", share: 0.2 }, alpha, treatmentShare: 0.4 } as const;
    const unit = seededUnits(1);
    const arm = (trials: number, share: number) => ({ trials, successes: drawn(unit, trials, share) });
    const rate = found(plan, 0.1, ({ control, treatment }) => {
      const arms = { control: arm(control, 0.2), treatment: arm(treatment, 0.3) };
      return must(twoProportionTest({ ...arms, alpha })).pValue < alpha;
    });
    expect(Math.abs(rate - power)).toBeLessThan(0.02);
  });

  test("no inferior rate", () => {
    const metricOfRate = { kind: "proportion", share: 0.85 } as const;
    const plan = {
      metric: metricOfRate,
      alpha: 0.025,
      alternative: "greater",
      nullDifference: -0.1,
    } as const;
    const unit = seededUnits(2);
    const question = { margin: 0.1, alpha: 0.025, higherIsBetter: true };
    const rate = found(plan, 0, (units) => {
      const control = { trials: units.control, successes: drawn(unit, units.control, 0.85) };
      const treatment = { trials: units.treatment, successes: drawn(unit, units.treatment, 0.85) };
      return must(nonInferiorProportion({ control, treatment }, question)).nonInferior;
    });
    expect(Math.abs(rate - power)).toBeLessThan(0.02);
  });

  test("a lift of a mean", () => {
    // A larger lift has a power above its plan: its error grows with the estimate, which steadies their ratio.
    const metric = { kind: "mean", mean: 2, variance: 1 } as const;
    const plan = { metric, scale: "relative", alpha, alternative: "greater" } as const;
    const normal = normals(seededUnits(3));
    // Mean and variance of so many normal values, the latter by its own normal approximation.
    const arm = (count: number, mean: number) => ({
      count,
      mean: mean + normal() / Math.sqrt(count),
      variance: 1 + normal() * Math.sqrt(2 / (count - 1)),
    });
    const rate = found(plan, 0.05, ({ control, treatment }) => {
      const arms = { control: arm(control, 2), treatment: arm(treatment, 2.1) };
      const asked = { ...arms, alpha, scale: "relative", alternative: "greater" } as const;
      return must(welchTest(asked)).pValue < alpha;
    });
    expect(Math.abs(rate - power)).toBeLessThan(0.02);
  });
});

function drawn(unit: () => number, trials: number, share: number): number {
  let successes = 0;
  for (let trial = 0; trial < trials; trial++) if (unit() < share) successes += 1;
  return successes;
}
