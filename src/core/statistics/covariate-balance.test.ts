import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { must, refusalOf } from "../../../test/support/must.ts";
import { covariateBalance } from "./covariate-balance.ts";
import { jointMomentsOf } from "./joint-moments.ts";
import { momentsOf } from "./moments.ts";
import { sampleOf } from "./sample.ts";
import { studentSurvival } from "./special-functions.ts";
import { effectSize } from "./effect-size.ts";

const list = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 8, maxLength: 20 });

describe("laws", () => {
  test("one covariate: Student's t of one variance", () => {
    fc.assert(
      fc.property(list, list, (before, after) => {
        const [control, treatment] = [must(jointMomentsOf([before])), must(jointMomentsOf([after]))];
        fc.pre((control.products[0]?.[0] ?? 0) > 0.01 && (treatment.products[0]?.[0] ?? 0) > 0.01);
        const found = must(covariateBalance({ control, treatment, covariates: [{ mean: 0 }] }));
        const sample = (values: readonly number[]) => must(sampleOf(must(momentsOf(values))));
        const { cohenD } = must(effectSize(sample(before), sample(after)));
        expect(found.standardized[0]).toBeCloseTo(cohenD, 9);
        const units = before.length + after.length;
        const t = Math.abs(cohenD) * Math.sqrt((before.length * after.length) / units);
        expect(found.pValue).toBeCloseTo(2 * studentSurvival(t, units - 2), 9);
      }),
    );
  });

  test("covariates that are mixed into each other have the same p-value", () => {
    fc.assert(
      fc.property(list, list, (before, after) => {
        const wave = (values: readonly number[]) => values.map((_, place) => ((place * 7) % 5) - 2);
        const balance = (mix: (values: readonly number[]) => readonly (readonly number[])[]) =>
          must(
            covariateBalance({
              control: must(jointMomentsOf(mix(before))),
              treatment: must(jointMomentsOf(mix(after))),
              covariates: [{ mean: 0 }, { mean: 1 }],
            }),
          );
        fc.pre((must(jointMomentsOf([before])).products[0]?.[0] ?? 0) > 1);
        const plain = balance((values) => [values, wave(values)]);
        const mixed = balance((values) => {
          const waves = wave(values);
          return [
            values.map((value, place) => value + (waves[place] ?? 0)),
            waves.map((value) => 1e6 * value),
          ];
        });
        expect(mixed.pValue).toBeCloseTo(plain.pValue, 6);
      }),
    );
  });
});

test("what cannot be compared is refused", () => {
  const arm = must(
    jointMomentsOf([
      [1, 2, 3],
      [1, 1, 1],
      [2, 4, 6],
      [-1, 0, 1],
    ]),
  );
  const ask = (covariates: Parameters<typeof covariateBalance>[0]["covariates"], control = arm) =>
    refusalOf(covariateBalance({ control, treatment: arm, covariates }));
  expect(must(covariateBalance({ control: arm, treatment: arm, covariates: [{ mean: 0 }] }))).toEqual({
    standardized: [0],
    pValue: 1,
  });
  expect(ask([])).toBe("too-few");
  expect(ask([0, 1, 2, 3, 0].map((mean) => ({ mean })))).toBe("too-few");
  expect(ask([{ mean: 0 }], { ...arm, count: 1 })).toBe("too-few");
  expect(ask([{ mean: 0 }], { ...arm, count: -1 })).toBe("bad-count");
  expect(ask([{ mean: 1 }])).toBe("no-variance");
  expect(ask([{ mean: 0 }, { mean: 2 }])).toBe("no-variance");
  expect(ask([{ mean: 4 }])).toBe("bad-value");
  expect(ask([{ numerator: 0, denominator: 3 }])).toBe("zero-baseline");
});
