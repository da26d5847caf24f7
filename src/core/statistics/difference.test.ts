import fc from "fast-check";
import { expect, test } from "vitest";
import { must, refusalOf } from "../../../test/support/must.ts";
import type { Estimate } from "./confidence-sequence.ts";
import { normalTest } from "./difference.ts";
import { welchTest } from "./welch-test.ts";

const estimate = fc.record({
  value: fc.double({ min: 1, max: 100, noNaN: true }),
  standardError: fc.double({ min: 0.01, max: 5, noNaN: true }),
});

test("is what Welch's test is with units without end", () => {
  const sampleOf = ({ value, standardError }: Estimate) => ({
    count: 1e12,
    mean: value,
    variance: 1e12 * standardError ** 2,
  });
  fc.assert(
    fc.property(estimate, estimate, fc.constantFrom("absolute", "relative"), (control, treatment, scale) => {
      const question = { alpha: 0.05, scale, alternative: "greater", nullDifference: 0.1 } as const;
      const found = must(normalTest({ control, treatment, ...question }));
      const student = must(
        welchTest({ control: sampleOf(control), treatment: sampleOf(treatment), ...question }),
      );
      expect(found.statistic).toBeCloseTo(student.statistic, 6);
      expect(found.pValue).toBeCloseTo(student.pValue, 6);
      expect(found.interval[0]).toBeCloseTo(student.interval[0], 6);
      expect(found.interval[1]).toBe(Infinity);
    }),
  );
});

test("what has no error, no baseline or no level is refused", () => {
  const control: Estimate = { value: 0, standardError: 1 };
  const ask = (changes: Partial<Estimate>, alpha = 0.05) =>
    refusalOf(normalTest({ control, treatment: { ...control, ...changes }, alpha }));
  expect(ask({}, 1)).toBe("bad-level");
  expect(ask({ value: Number.NaN })).toBe("not-finite");
  expect(ask({ standardError: 0 })).toBe("no-variance");
  expect(ask({ standardError: -1 })).toBe("no-variance");
  expect(refusalOf(normalTest({ control, treatment: control, alpha: 0.05, scale: "relative" }))).toBe(
    "zero-baseline",
  );
});
