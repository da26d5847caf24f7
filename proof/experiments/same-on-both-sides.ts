import { sampleRatio } from "#core/statistics/sample-ratio.ts";
import { momentsOf } from "#core/statistics/moments.ts";
import { sampleOf } from "#core/statistics/sample.ts";
import { welchTest } from "#core/statistics/welch-test.ts";
import { assign } from "#core/routing/assignment.ts";
import type { RunningExperiment } from "#core/routing/experiment.ts";
import { SeededChance } from "../../test/support/seeded-chance.ts";

/** What many experiments of a variant against itself say. */
export interface SameOnBothSides {
  /** Of the metric, one an experiment. */
  readonly pValues: readonly number[];
  /** Of the sizes. */
  readonly ratioPValues: readonly number[];
}

/**
 * Experiments of two variants that are the same, over the same units: each assigns them by its own salt, as the gateway does,
 * and compares what the units did, which no experiment has any part in.
 */
export function sameOnBothSides(experiments: number, units: number): SameOnBothSides {
  const chance = new SeededChance(7, "same on both sides");
  const values = Array.from({ length: units }, () => (chance.happens(0.3) ? 1 : 0) + chance.unit());
  const pValues: number[] = [];
  const ratioPValues: number[] = [];
  for (let number = 0; number < experiments; number++) {
    const experiment = experimentOf(number, Buffer.from(chance.bytes(16)).toString("hex"));
    const sides: { readonly one: number[]; readonly other: number[] } = { one: [], other: [] };
    for (const [unit, value] of values.entries()) {
      const assignment = assign(experiment, `unit ${unit}`);
      if (assignment.kind === "assigned") sides[assignment.variant === "one" ? "one" : "other"].push(value);
    }
    pValues.push(pValueOf(sides));
    const ratio = sampleRatio([sides.one, sides.other].map((side) => ({ units: side.length, weight: 1 })));
    if (ratio.ok) ratioPValues.push(ratio.value.pValue);
  }
  return { pValues, ratioPValues };
}

function experimentOf(number: number, salt: string): RunningExperiment {
  return {
    name: `same-${number}`,
    phase: 1,
    salt,
    unit: "user",
    coverage: 1,
    holdout: 0,
    variants: [
      { variant: "one", weight: 1 },
      { variant: "other", weight: 1 },
    ],
  };
}

function pValueOf(sides: { readonly one: readonly number[]; readonly other: readonly number[] }): number {
  const [control, treatment] = [sides.one, sides.other].map((values) => {
    const moments = momentsOf(values);
    const sample = moments.ok ? sampleOf(moments.value) : moments;
    if (!sample.ok) throw new Error(`Cannot compare: ${sample.error.reason}`);
    return sample.value;
  });
  if (!control || !treatment) throw new Error("Cannot compare: two sides are wanted");
  const test = welchTest({ control, treatment, alpha: 0.05 });
  if (!test.ok) throw new Error(`Cannot compare: ${test.error.reason}`);
  return test.value.pValue;
}
