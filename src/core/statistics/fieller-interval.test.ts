import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { goldenInterval, testGolden } from "../../../test/support/golden.ts";
import { must, refusalOf } from "../../../test/support/must.ts";
import { normalTest } from "./difference.ts";
import { fiellerInterval } from "./fieller-interval.ts";
import type { Sample } from "./sample.ts";
import { meanOf } from "./welch-test.ts";

describe("golden values of Fieller's theorem", () => {
  const arm = z
    .object({ mean: z.number(), variance: z.number(), n: z.number() })
    .transform(({ mean, variance, n }): Sample => ({ mean, variance, count: n }));
  const input = z.object({ control: arm, treatment: arm, alpha: z.number() });
  const deltaInterval = (question: z.infer<typeof input>) =>
    must(
      normalTest({
        control: meanOf(question.control),
        treatment: meanOf(question.treatment),
        alpha: question.alpha,
        scale: "relative",
      }),
    ).interval;
  const bounded = testGolden(
    "fieller.json",
    { input, expected: z.object({ g: z.number(), relativeCi: goldenInterval, deltaCi: goldenInterval }) },
    (golden) => {
      const found = must(fiellerInterval(golden.input));
      golden.close(found.baselineNoise, golden.expected.g);
      golden.close(found.interval, golden.expected.relativeCi);
      golden.close(deltaInterval(golden.input), golden.expected.deltaCi);
    },
  );
  const unbounded = testGolden(
    "fieller.json",
    { input, expected: z.object({ wellDefined: z.literal(false), deltaCi: goldenInterval }) },
    (golden) => {
      expect(refusalOf(fiellerInterval(golden.input))).toBe("zero-baseline");
      golden.close(deltaInterval(golden.input), golden.expected.deltaCi);
    },
  );

  test("every case is run", () => expect(bounded + unbounded).toBe(4));
});

const sample = fc.record({
  count: fc.integer({ min: 100, max: 10_000 }),
  mean: fc.double({ min: 1, max: 10, noNaN: true }),
  variance: fc.double({ min: 0.01, max: 4, noNaN: true }),
});

describe("laws", () => {
  test("the bounds are where the tested ratio is z standard errors away", () => {
    fc.assert(
      fc.property(sample, sample, (control, treatment) => {
        const { interval, difference } = must(fiellerInterval({ control, treatment, alpha: 0.05 }));
        for (const bound of interval) {
          const ratio = bound + 1;
          const gap = treatment.mean - ratio * control.mean;
          const error = Math.hypot(meanOf(treatment).standardError, ratio * meanOf(control).standardError);
          expect(Math.abs(gap / error)).toBeCloseTo(1.959963984540054, 6);
        }
        expect(difference).toBeGreaterThan(interval[0]);
        expect(difference).toBeLessThan(interval[1]);
      }),
    );
  });

  test("both means negated, the difference changes its sign", () => {
    fc.assert(
      fc.property(sample, sample, (control, treatment) => {
        const found = must(fiellerInterval({ control, treatment, alpha: 0.1 }));
        const negated = must(
          fiellerInterval({
            control: { ...control, mean: -control.mean },
            treatment: { ...treatment, mean: -treatment.mean },
            alpha: 0.1,
          }),
        );
        expect(negated.difference).toBeCloseTo(-found.difference, 12);
        expect(negated.interval[0]).toBeCloseTo(-found.interval[1], 12);
      }),
    );
  });
});

test("a control that may be 0 is refused, and what no test takes", () => {
  const control: Sample = { count: 100, mean: 1, variance: 1 };
  const ask = (changes: Partial<Sample>, alpha = 0.05) =>
    refusalOf(fiellerInterval({ control: { ...control, ...changes }, treatment: control, alpha }));
  expect(ask({ mean: 0 })).toBe("zero-baseline");
  expect(ask({ mean: 0.1 })).toBe("zero-baseline");
  expect(ask({ variance: 0 })).toBe("no-variance");
  expect(ask({ count: 1 })).toBe("too-few");
  expect(ask({}, 1)).toBe("bad-level");
  expect(
    refusalOf(
      fiellerInterval({
        control: { count: 9, mean: 1e-300, variance: 5e-324 },
        treatment: { count: 9, mean: 1e300, variance: 1 },
        alpha: 0.05,
      }),
    ),
  ).toBe("not-finite");
});
