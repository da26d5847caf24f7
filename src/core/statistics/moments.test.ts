import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { must, refusalOf } from "../../../test/support/must.ts";
import {
  covarianceOf,
  crossMomentsFromSums,
  crossMomentsOf,
  mergedCrossMoments,
  noCrossMoments,
} from "./cross-moments.ts";
import {
  mergedMoments,
  momentsFromSums,
  momentsOf,
  momentsOfProportion,
  noMoments,
  varianceOf,
} from "./moments.ts";

const values = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { maxLength: 30 });

function expectClose(actual: number, expected: number, scale: number): void {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-9 * Math.max(scale, 1e-300));
}

describe("moments", () => {
  test("a small spread around a large offset keeps its digits", () => {
    const offset = 1_795_000_000_000;
    expect(must(varianceOf(must(momentsOf([1, 2, 3, 4].map((value) => offset + value)))))).toBe(5 / 3);
    expect(must(varianceOf(must(momentsOf([0.1, 0.1, 0.1]))))).toBe(0);
  });

  test("tiny scales do not vanish", () => {
    const variance = must(varianceOf(must(momentsOf([1, 2, 3].map((value) => value * 1e-9)))));
    expectClose(variance, 1e-18, 1e-18);
  });

  test("merging is pooling, in any order", () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        const [left, right, pooled] = [must(momentsOf(a)), must(momentsOf(b)), must(momentsOf([...a, ...b]))];
        for (const merged of [mergedMoments(left, right), mergedMoments(right, left)]) {
          expect(merged.count).toBe(pooled.count);
          expectClose(merged.mean, pooled.mean, 1e3);
          expectClose(merged.squaredDeviations, pooled.squaredDeviations, 1e8);
        }
      }),
    );
    const some = must(momentsOf([1, 2]));
    expect(mergedMoments(noMoments, some)).toEqual(some);
  });

  test("sums tell the same as values; where rounding ate the spread, there is none", () => {
    expect(must(momentsFromSums({ count: 4, sum: 10, sumSquares: 30 }))).toEqual(
      must(momentsOf([1, 2, 3, 4])),
    );
    const flat = { count: 100, sum: 10, sumSquares: 1 + 2 ** -52 };
    expect(must(momentsFromSums(flat)).squaredDeviations).toBe(0);
  });

  test("a proportion has the moments of its ones and zeros", () => {
    const counted = must(momentsOfProportion({ successes: 2, count: 5 }));
    const listed = must(momentsOf([1, 1, 0, 0, 0]));
    expect(counted.mean).toBeCloseTo(listed.mean, 15);
    expect(counted.squaredDeviations).toBeCloseTo(listed.squaredDeviations, 14);
  });

  test("what no values have is refused", () => {
    expect(refusalOf(momentsFromSums({ count: 2, sum: 100, sumSquares: 1 }))).toBe("bad-value");
    expect(refusalOf(momentsFromSums({ count: 1.5, sum: 1, sumSquares: 1 }))).toBe("bad-count");
    expect(refusalOf(momentsFromSums({ count: 0, sum: 1, sumSquares: 1 }))).toBe("bad-value");
    expect(refusalOf(momentsFromSums({ count: 1, sum: Number.NaN, sumSquares: 1 }))).toBe("not-finite");
    expect(refusalOf(momentsOf([1, Number.NaN]))).toBe("not-finite");
    expect(refusalOf(momentsOf([1e200, -1e200]))).toBe("not-finite");
    expect(refusalOf(momentsOfProportion({ successes: 3, count: 2 }))).toBe("bad-count");
    expect(refusalOf(varianceOf(must(momentsOf([1]))))).toBe("too-few");
  });
});

describe("cross moments", () => {
  const sums = { count: 3, sumX: 6, sumY: 12, sumSquaresX: 14, sumSquaresY: 56, sumProducts: 28 };

  test("the covariance of a line is its slope times the variance", () => {
    expect(must(covarianceOf(must(crossMomentsOf([1, 2, 3], [2, 4, 6]))))).toBe(2);
    expect(must(covarianceOf(must(crossMomentsFromSums(sums))))).toBe(2);
  });

  test("merging is pooling", () => {
    const pairs = fc.array(fc.tuple(fc.integer({ min: -99, max: 99 }), fc.integer({ min: -99, max: 99 })));
    const of = (list: readonly (readonly [number, number])[]) =>
      must(
        crossMomentsOf(
          list.map(([x]) => x),
          list.map(([, y]) => y),
        ),
      );
    fc.assert(
      fc.property(pairs, pairs, (a, b) => {
        const merged = mergedCrossMoments(of(a), of(b));
        expectClose(merged.productDeviations, of([...a, ...b]).productDeviations, 1e5);
      }),
    );
    expect(mergedCrossMoments(noCrossMoments, of([[1, 2]]))).toEqual(of([[1, 2]]));
  });

  test("what no pairs have is refused", () => {
    expect(refusalOf(crossMomentsOf([1], [1, 2]))).toBe("bad-value");
    expect(refusalOf(crossMomentsFromSums({ ...sums, sumProducts: 99 }))).toBe("bad-value");
    expect(refusalOf(crossMomentsFromSums({ ...sums, count: -1 }))).toBe("bad-count");
    expect(refusalOf(covarianceOf(must(crossMomentsOf([1], [1]))))).toBe("too-few");
  });
});
