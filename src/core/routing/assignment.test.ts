import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sampleRatio } from "#core/statistics/index.ts";
import { chiSquareSurvival } from "#core/statistics/special-functions.ts";
import { must } from "../../../test/support/must.ts";
import { assign, shareOf } from "./assignment.ts";
import { exampleExperiment } from "./example.fixture.ts";
import type { RunningExperiment } from "./experiment.ts";

const units = Array.from({ length: 20_000 }, (_, index) => `unit-${index}`);
/** What chance alone exceeds once in a thousand runs, all comparisons of a test together. */
const significance = 0.001;

/** The variant that a unit is assigned, else why it is outside. */
function placeOf(experiment: RunningExperiment, unit: string): string {
  const assignment = assign(experiment, unit);
  return assignment.kind === "assigned" ? assignment.variant : `outside: ${assignment.reason}`;
}

function countsOf(experiment: RunningExperiment): Map<string, number> {
  const counts = new Map<string, number>();
  for (const unit of units) {
    const place = placeOf(experiment, unit);
    counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  return counts;
}

const named = (weights: readonly number[]) =>
  weights.map((weight, index) => ({ variant: `variant-${index}`, weight }));
const weight = fc.double({ min: 0.01, max: 10, noNaN: true });
/** Two to six variants. */
const variants = fc.array(weight, { minLength: 2, maxLength: 6 }).map(named);
const experiments = fc
  .record({
    variants,
    salt: fc.string(),
    coverage: fc.double({ min: 0.01, max: 1, noNaN: true }),
    holdout: fc.double({ min: 0, max: 0.5, noNaN: true }),
  })
  .map(exampleExperiment);

describe("an assignment", () => {
  test("is the same each time, and its propensity is the variant's share", () => {
    fc.assert(
      fc.property(experiments, fc.string(), (experiment, unit) => {
        const assignment = assign(experiment, unit);
        expect(assign(experiment, unit)).toEqual(assignment);
        if (assignment.kind === "outside") return;
        const { variant, propensity } = assignment;
        expect(propensity).toBe(shareOf(experiment, variant));
        expect(propensity).toBeGreaterThan(0);
      }),
    );
  });

  test("does not change with the years", () => {
    const experiment = exampleExperiment({
      coverage: 0.5,
      holdout: 0.1,
      layer: { name: "all", from: 0, to: 0.8 },
    });
    const places = ["ann", "bob", "cid", "dora", "eve", "fay", "Zoë", "gil"].map((unit) =>
      placeOf(experiment, unit),
    );
    // By Python, as rendezvous.test.ts has it: the same fractions, and the largest ln(u) / weight.
    expect(places).toEqual([
      "outside: layer",
      "outside: layer",
      "treatment",
      "outside: holdout",
      "treatment",
      "outside: holdout",
      "outside: coverage",
      "treatment",
    ]);
  });

  test("a raise of one share only moves units into that variant", () => {
    fc.assert(
      fc.property(experiments, fc.nat(), weight, fc.string(), (experiment, place, more, unit) => {
        const raised = experiment.variants[place % experiment.variants.length]?.variant ?? "";
        const after = experiment.variants.map((one) =>
          one.variant === raised ? { ...one, weight: one.weight + more } : one,
        );
        const [was, is] = [placeOf(experiment, unit), placeOf({ ...experiment, variants: after }, unit)];
        expect(is === was || is === raised).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test("a raise of the coverage only adds units and moves nobody", () => {
    fc.assert(
      fc.property(
        experiments,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.string(),
        (experiment, more, unit) => {
          const wider = { ...experiment, coverage: Math.min(1, experiment.coverage + more) };
          const [was, is] = [placeOf(experiment, unit), placeOf(wider, unit)];
          expect(is === was || was === "outside: coverage").toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });

  test("when one variant leaves, only its units move", () => {
    fc.assert(
      fc.property(experiments, fc.nat(), fc.string(), (experiment, place, unit) => {
        fc.pre(experiment.variants.length > 2);
        const gone = experiment.variants[place % experiment.variants.length]?.variant;
        const left = experiment.variants.filter(({ variant }) => variant !== gone);
        const was = placeOf(experiment, unit);
        if (was !== gone) expect(placeOf({ ...experiment, variants: left }, unit)).toBe(was);
      }),
      { numRuns: 500 },
    );
  });

  test("no unit is in two experiments of a layer, and each unit in one of those that share all of it", () => {
    const parts = [0, 0.2, 0.55, 1];
    const layered = [0, 1, 2].map((index) =>
      exampleExperiment({
        name: `experiment-${index}`,
        salt: `salt-${index}`,
        layer: { name: "checkout", from: parts[index] ?? 0, to: parts[index + 1] ?? 1 },
      }),
    );
    for (const unit of units.slice(0, 5_000)) {
      const places = layered.map((experiment) => placeOf(experiment, unit));
      expect(places.filter((place) => !place.startsWith("outside"))).toHaveLength(1);
    }
  });

  test("the holdout is the same units for all experiments, and a raise of it only adds some", () => {
    const held = (experiment: RunningExperiment) =>
      units.filter((unit) => placeOf(experiment, unit) === "outside: holdout");
    const one = held(exampleExperiment({ holdout: 0.02 }));
    const other = held(exampleExperiment({ holdout: 0.02, name: "other", salt: "other", coverage: 0.3 }));
    expect(other).toEqual(one);
    expect(new Set(held(exampleExperiment({ holdout: 0.05 })))).toEqual(
      new Set([...one, ...held(exampleExperiment({ holdout: 0.05 }))]),
    );
    expect(one.length / units.length).toBeCloseTo(0.02, 2);
  });

  test("a phase with a salt of its own shares out anew", () => {
    const moved = units.filter(
      (unit) =>
        placeOf(exampleExperiment({ salt: "first" }), unit) !==
        placeOf(exampleExperiment({ salt: "second", phase: 2 }), unit),
    );
    expect(Math.abs(moved.length / units.length - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / units.length));
  });

  test("one name typed in two ways is one unit", () => {
    fc.assert(
      fc.property(experiments, (experiment) => {
        expect(placeOf(experiment, "Zoe\u0308")).toBe(placeOf(experiment, "Zoë"));
      }),
    );
  });
});

describe("what comes out", () => {
  test.each([[[0.5, 0.5]], [[0.9, 0.1]], [[0.98, 0.01, 0.01]], [[5, 4, 3, 2, 1, 1]]])(
    "are the shares %j",
    (weights) => {
      const experiment = exampleExperiment({ variants: named(weights), coverage: 0.8, holdout: 0.05 });
      const takesPart = 0.95 * 0.8;
      const counts = countsOf(experiment);
      const arms = experiment.variants.map(({ variant, weight }) => ({
        units: counts.get(variant) ?? 0,
        weight,
      }));
      expect(must(sampleRatio(arms)).pValue).toBeGreaterThan(significance);
      const taking = arms.reduce((sum, arm) => sum + arm.units, 0);
      const part = [
        { units: taking, weight: takesPart },
        { units: units.length - taking, weight: 1 - takesPart },
      ];
      expect(must(sampleRatio(part)).pValue).toBeGreaterThan(significance);
    },
  );

  test("one experiment says nothing of another, nor of its coverage: 20 of them, each with each", () => {
    const many = Array.from({ length: 20 }, (_, index) =>
      exampleExperiment({
        name: `experiment-${index}`,
        salt: `salt-${index % 7}`,
        coverage: index < 10 ? 1 : 0.5,
      }),
    );
    const treated = many.map((experiment) => units.map((unit) => placeOf(experiment, unit)));
    let worst = 1;
    let pairs = 0;
    for (const [place, one] of treated.entries()) {
      for (const other of treated.slice(place + 1)) {
        pairs++;
        worst = Math.min(worst, independenceOf(one, other));
      }
    }
    expect(pairs).toBe(190);
    expect(worst).toBeGreaterThan(significance / pairs);
  });
});

/** The p-value of Pearson's test that two labels of the same units have nothing to do with each other. */
function independenceOf(one: readonly string[], other: readonly string[]): number {
  const count = (labels: readonly string[]) => {
    const counts = new Map<string, number>();
    for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
    return counts;
  };
  const [rows, columns] = [count(one), count(other)];
  const cells = count(one.map((label, index) => `${label}|${other[index] ?? ""}`));
  let chiSquare = 0;
  for (const [row, inRow] of rows) {
    for (const [column, inColumn] of columns) {
      const expected = (inRow * inColumn) / one.length;
      chiSquare += ((cells.get(`${row}|${column}`) ?? 0) - expected) ** 2 / expected;
    }
  }
  return chiSquareSurvival(chiSquare, (rows.size - 1) * (columns.size - 1));
}
