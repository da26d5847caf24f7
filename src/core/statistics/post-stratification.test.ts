import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { must, refusalOf } from "../../../test/support/must.ts";
import { postStratifiedTest, type Stratum } from "./post-stratification.ts";
import type { Sample } from "./sample.ts";
import { welchTest } from "./welch-test.ts";

const sample = fc.record({
  count: fc.integer({ min: 2, max: 500 }),
  mean: fc.double({ min: 1, max: 9, noNaN: true }),
  variance: fc.double({ min: 0.1, max: 9, noNaN: true }),
});
const scale = fc.constantFrom("absolute" as const, "relative" as const);

describe("laws", () => {
  test("one stratum is Welch's test", () => {
    fc.assert(
      fc.property(sample, sample, scale, (control, treatment, kind) => {
        const question = { alpha: 0.05, scale: kind };
        const found = must(postStratifiedTest({ strata: [{ control, treatment }], ...question }));
        const plain = must(welchTest({ control, treatment, ...question }));
        expect(found.difference).toBeCloseTo(plain.difference, 9);
        expect(found.standardError).toBeCloseTo(plain.standardError, 9);
        expect(found.degreesOfFreedom / plain.degreesOfFreedom).toBeCloseTo(1, 9);
        expect(found.pValue).toBeCloseTo(plain.pValue, 9);
      }),
    );
  });

  test("levels that all strata share in both arms move no absolute difference and no error", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(sample, sample), { minLength: 2, maxLength: 5 }), (arms) => {
        const strata = (level: number) =>
          arms.map(([control, treatment], place): Stratum => {
            const moved = (arm: Sample) => ({ ...arm, mean: arm.mean + level * place });
            return { control: moved(control), treatment: moved(treatment) };
          });
        const [near, far] = [0, 1000].map((level) =>
          must(postStratifiedTest({ strata: strata(level), alpha: 0.05 })),
        );
        expect(far?.difference).toBeCloseTo(near?.difference ?? Number.NaN, 6);
        expect(far?.standardError).toBeCloseTo(near?.standardError ?? Number.NaN, 6);
      }),
    );
  });
});

test("two strata by hand: shares 3/4 and 1/4, the relative error by the delta method", () => {
  const arm = (count: number, mean: number, variance: number): Sample => ({ count, mean, variance });
  const strata = [
    { control: arm(40, 2, 4), treatment: arm(20, 3, 4) },
    { control: arm(10, 6, 1), treatment: arm(10, 8, 1) },
  ];
  const found = must(postStratifiedTest({ strata, alpha: 0.05 }));
  expect(found.difference).toBeCloseTo(1.25, 12);
  const inside = (9 / 16) * (4 / 20 + 4 / 40) + (1 / 16) * (1 / 10 + 1 / 10);
  expect(found.standardError ** 2).toBeCloseTo(inside + (0.75 * 0.25 ** 2 + 0.25 * 0.75 ** 2) / 80, 12);
  const share = must(postStratifiedTest({ strata, alpha: 0.05, scale: "relative" }));
  expect(share.difference).toBeCloseTo(1.25 / 3, 12);
  const ratio = 4.25 / 3;
  const within = (9 / 16) * (4 / 20 + (4 / 40) * ratio ** 2) + (1 / 16) * (0.1 + 0.1 * ratio ** 2);
  const [first, second] = [3 - 2 * ratio, 8 - 6 * ratio];
  expect(share.standardError ** 2).toBeCloseTo(
    (within + (0.75 * first ** 2 + 0.25 * second ** 2) / 80) / 9,
    12,
  );
});

test("what cannot be compared is refused, with the stratum", () => {
  const arm: Sample = { count: 5, mean: 1, variance: 1 };
  const ask = (strata: readonly Stratum[], alpha = 0.05) =>
    postStratifiedTest({ strata, alpha, scale: "relative" });
  expect(refusalOf(ask([]))).toBe("too-few");
  expect(refusalOf(ask([], 0))).toBe("bad-level");
  const one = ask([
    { control: arm, treatment: arm },
    { control: arm, treatment: { ...arm, count: 1 } },
  ]);
  expect(one).toMatchObject({ error: { code: "too-few", reason: expect.stringContaining("stratum 2") } });
  expect(refusalOf(ask([{ control: { ...arm, variance: 0 }, treatment: arm }]))).toBe("no-variance");
  expect(refusalOf(ask([{ control: { ...arm, mean: 0 }, treatment: arm }]))).toBe("zero-baseline");
});
