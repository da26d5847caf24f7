import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { median, quantile } from "./quantile.ts";

describe("a quantile", () => {
  test.each([
    [0, 1],
    [0.5, 3],
    [0.8, 4],
    [0.81, 5],
    [0.99, 5],
    [1, 5],
  ])("of five samples, share %f, is %f", (share, wanted) => {
    expect(quantile([5, 1, 4, 2, 3], share)).toBe(wanted);
  });

  test("of nothing is no number", () => {
    expect(quantile([], 0.5)).toBeNaN();
  });

  test("leaves the samples as they were", () => {
    const samples = Float64Array.of(3, 1, 2);
    median(samples);
    expect([...samples]).toEqual([3, 1, 2]);
  });

  test("law: it is one of the samples, and at least its share of them is not above it", () => {
    const samples = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1 });
    fc.assert(
      fc.property(samples, fc.double({ min: 0, max: 1, noNaN: true }), (values, share) => {
        const found = quantile(values, share);
        expect(values).toContain(found);
        const below = values.filter((value) => value <= found).length;
        expect(below).toBeGreaterThanOrEqual(values.length * share);
      }),
    );
  });
});
