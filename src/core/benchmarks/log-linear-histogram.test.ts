import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LogLinearHistogram } from "./log-linear-histogram.ts";

function of(values: readonly number[]): LogLinearHistogram {
  const histogram = new LogLinearHistogram();
  for (const value of values) histogram.record(value);
  return histogram;
}

/** The exact quantile by nearest rank. */
function exact(values: readonly number[], share: number): number {
  const rising = values.toSorted((a, b) => a - b);
  return rising[Math.max(1, Math.ceil(rising.length * share)) - 1] ?? Number.NaN;
}

describe("a log-linear histogram", () => {
  test("has nothing to tell without values", () => {
    const { count, min, max, mean, deviation } = of([]);
    expect([count, min, max, mean, deviation, of([]).quantile(0.5)]).toEqual([
      0,
      ...Array(5).fill(undefined),
    ]);
  });

  test("tells count, sum, least, greatest, mean and deviation exactly", () => {
    const { count, sum, min, max, mean, deviation } = of([1, 2, 3, 4]);
    expect({ count, sum, min, max, mean }).toEqual({ count: 4, sum: 10, min: 1, max: 4, mean: 2.5 });
    expect(deviation).toBeCloseTo(Math.sqrt(1.25), 12);
  });

  test("law: quantiles are within 0.05 % or a thousandth of the exact ones", () => {
    const value = fc.oneof(
      fc.double({ min: 0, max: 1e6, noNaN: true }),
      fc.integer({ min: 0, max: 4_000_000 }),
    );
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 300 }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (values, share) => {
          const wanted = exact(values, share);
          const found = of(values).quantile(share) ?? Number.NaN;
          expect(Math.abs(found - wanted)).toBeLessThanOrEqual(Math.max(0.001, wanted * 0.000_5));
        },
      ),
    );
  });

  test("law: two added tell what one of all values tells", () => {
    const values = fc.array(fc.double({ min: 0, max: 1e5, noNaN: true }), { maxLength: 100 });
    fc.assert(
      fc.property(values, values, (left, right) => {
        const added = of(left);
        added.add(of(right));
        const all = of([...left, ...right]);
        for (const share of [0.1, 0.5, 0.99, 1]) expect(added.quantile(share)).toBe(all.quantile(share));
        expect(added.count).toBe(all.count);
      }),
    );
  });

  test("counts what is above its range as the most there is", () => {
    const histogram = of([1, 10_000_000]);
    expect(histogram.quantile(1)).toBeCloseTo(4_294_967, -4);
    expect(histogram.max).toBe(10_000_000);
  });
});
