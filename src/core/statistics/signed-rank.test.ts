import fc from "fast-check";
import { expect, test } from "vitest";
import { must, refusalOf } from "../../../test/support/must.ts";
import { correlationOf, crossMomentsOf, noCrossMoments } from "./cross-moments.ts";
import { pairedSample, pairedTest } from "./paired-test.ts";
import { signedRankTest } from "./signed-rank.ts";

test("the exact p-value counts all signs", () => {
  const sizes = [1, 2, 3, 4, 5, 6];
  const sums = Array.from({ length: 64 }, (_, signs) =>
    sizes.reduce((sum, size, place) => ((signs >> place) & 1 ? sum + size : sum), 0),
  );
  for (let signs = 0; signs < 64; signs += 1) {
    const differences = sizes.map((size, place) => ((signs >> place) & 1 ? size : -size));
    const { above, below, pExact } = must(signedRankTest(differences));
    expect(above).toBe(sums[signs]);
    const asFar = sums.filter((sum) => Math.min(sum, 21 - sum) <= Math.min(above, below)).length;
    expect(pExact).toBeCloseTo(asFar / 64, 12);
  }
});

test("ties share their ranks, zeros are left out, and the other sign gives the same p", () => {
  expect(must(signedRankTest([0, 1, -1, 2]))).toMatchObject({ above: 4.5, below: 1.5, pExact: undefined });
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 1 }), (differences) => {
      fc.pre(differences.some((difference) => difference !== 0));
      const found = must(signedRankTest(differences));
      const turned = must(signedRankTest(differences.map((difference) => -difference)));
      expect(turned.above).toBe(found.below);
      expect(turned.pValue).toBeCloseTo(found.pValue, 12);
      expect(found.pValue).toBeLessThanOrEqual(1);
    }),
  );
});

test("differences from moments are those of the pairs, also at epoch milliseconds", () => {
  const step = fc.integer({ min: -50, max: 50 });
  fc.assert(
    fc.property(fc.array(fc.tuple(step, step), { minLength: 2 }), (pairs) => {
      const offset = 1_764_000_000_000;
      const moments = must(
        crossMomentsOf(
          pairs.map(([x]) => x + offset),
          pairs.map(([, y]) => y + offset),
        ),
      );
      const { mean, variance } = must(pairedSample(moments));
      const plain = must(
        pairedSample(
          must(
            crossMomentsOf(
              pairs.map(([x]) => x),
              pairs.map(([, y]) => y),
            ),
          ),
        ),
      );
      expect(mean).toBeCloseTo(plain.mean, 3);
      expect(variance).toBeCloseTo(plain.variance, 1);
    }),
  );
});

test("what has no differences is refused", () => {
  expect(refusalOf(signedRankTest([]))).toBe("too-few");
  expect(refusalOf(signedRankTest([0, 0]))).toBe("too-few");
  expect(refusalOf(signedRankTest([1, Infinity]))).toBe("not-finite");
  expect(refusalOf(pairedSample(noCrossMoments))).toBe("too-few");
  const shifted = must(pairedSample(must(crossMomentsOf([0.1, 0.2, 0.7], [1.1, 1.2, 1.7]))));
  expect(refusalOf(pairedTest({ differences: shifted, alpha: 0.05 }))).toBe("no-variance");
  expect(refusalOf(pairedTest({ differences: { ...shifted, variance: 1 }, alpha: 2 }))).toBe("bad-level");
  expect(refusalOf(correlationOf(noCrossMoments))).toBe("too-few");
  expect(refusalOf(correlationOf(must(crossMomentsOf([1, 1], [1, 2]))))).toBe("no-variance");
});
