import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { goldenInterval, testGolden } from "../../../test/support/golden.ts";
import { must, refusalOf } from "../../../test/support/must.ts";
import { bayesianProportions } from "./bayesian-proportions.ts";

describe("golden values", () => {
  const arm = z
    .object({ successes: z.number(), n: z.number() })
    .transform(({ successes, n }) => ({ successes, trials: n }));
  const prior = { priorAlpha: z.number(), priorBeta: z.number() };
  const exact = testGolden(
    "beta_binomial.json",
    {
      input: z.object({ control: arm, treatment: arm, ...prior }),
      expected: z.object({
        chanceToWin: z.number(),
        expectedLossTreatment: z.number(),
        expectedLossControl: z.number(),
        posteriorMeanControl: z.number(),
        posteriorMeanTreatment: z.number(),
        treatmentInterval95: goldenInterval,
      }),
    },
    ({ input: { control, treatment, priorAlpha, priorBeta }, expected, close }) => {
      const found = must(
        bayesianProportions({
          control,
          treatment,
          alpha: 0.05,
          prior: { successes: priorAlpha, failures: priorBeta },
        }),
      );
      close(found.chanceToWin, expected.chanceToWin);
      close(found.expectedLoss.treatment, expected.expectedLossTreatment);
      close(found.expectedLoss.control, expected.expectedLossControl);
      close(found.control.mean, expected.posteriorMeanControl);
      close(found.treatment.mean, expected.posteriorMeanTreatment);
      close(found.treatment.interval, expected.treatmentInterval95);
    },
  );
  const numbers = z.array(z.number());
  const intervals = testGolden(
    "beta_binomial.json",
    {
      input: z.object({ successes: numbers, n: numbers }),
      expected: z.object({ lower: numbers, upper: numbers }),
    },
    ({ input, expected, close }) => {
      const found = input.successes.map((successes, index) => {
        const rate = { successes, trials: input.n[index] ?? 0 };
        return must(bayesianProportions({ control: rate, treatment: rate, alpha: 0.05 })).control.interval;
      });
      close(
        found.map(([lower]) => lower),
        expected.lower,
      );
      close(
        found.map(([, upper]) => upper),
        expected.upper,
      );
    },
  );
  const simulated = testGolden(
    "beta_binomial.json",
    {
      input: z.object({ control: arm, treatment: arm }),
      expected: z.object({
        difference: z.number(),
        chanceToWin: z.number(),
        level1PotentialLoss: z.number(),
        level2PotentialLoss: z.number(),
        ci: goldenInterval,
      }),
    },
    ({ input, expected, close }) => {
      const found = must(bayesianProportions({ ...input, alpha: 0.05 }));
      close(found.treatment.mean - found.control.mean, expected.difference);
      close(found.chanceToWin, expected.chanceToWin);
      close(found.expectedLoss.control, -expected.level1PotentialLoss);
      close(found.expectedLoss.treatment, -expected.level2PotentialLoss);
      close(found.interval, expected.ci);
    },
  );

  test("every case is run", () => expect(exact + intervals + simulated).toBe(12));
});

const rate = fc
  .record({ trials: fc.integer({ min: 1, max: 100_000 }), share: fc.double({ min: 0, max: 1, noNaN: true }) })
  .map(({ trials, share }) => ({ trials, successes: Math.round(trials * share) }));

describe("laws", () => {
  test("losses differ by the means, arms change places, the interval holds the mean", () => {
    fc.assert(
      fc.property(rate, rate, (control, treatment) => {
        const found = must(bayesianProportions({ control, treatment, alpha: 0.05 }));
        const difference = found.treatment.mean - found.control.mean;
        expect(found.expectedLoss.control - found.expectedLoss.treatment).toBeCloseTo(difference, 10);
        const swapped = must(
          bayesianProportions({ control: treatment, treatment: control, alpha: 0.05, higherIsBetter: false }),
        );
        expect(swapped.chanceToWin).toBeCloseTo(found.chanceToWin, 10);
        expect(swapped.expectedLoss.control).toBeCloseTo(found.expectedLoss.control, 10);
        expect(swapped.interval[0]).toBeCloseTo(-found.interval[1], 9);
        expect(found.interval[0]).toBeLessThan(found.interval[1]);
        const within = found.interval[0] <= 0 && found.interval[1] >= 0;
        if (Math.abs(found.chanceToWin - 0.5) < 0.47) expect(within).toBe(true);
        if (Math.abs(found.chanceToWin - 0.5) > 0.48) expect(within).toBe(false);
      }),
      { numRuns: 10 },
    );
  });

  test("the interval of the difference has its probability: for a failure each it is in closed form", () => {
    const arm = { successes: 0, trials: 1 };
    const prior = { successes: 1, failures: 1 };
    // For T and C of Beta(1, 2), P(T - C > d) = (1-d)^3 (1 + d/3) / 2.
    const [low, high] = must(
      bayesianProportions({ control: arm, treatment: arm, alpha: 0.1, prior }),
    ).interval;
    expect(low).toBeCloseTo(-high, 10);
    expect((1 - high) ** 3 * (1 + high / 3)).toBeCloseTo(0.1, 10);
  });
});

test("what cannot be read is refused with the reason", () => {
  const arm = { successes: 1, trials: 2 };
  const arms = { control: arm, treatment: arm, alpha: 0.05 };
  expect(refusalOf(bayesianProportions({ ...arms, alpha: 0 }))).toBe("bad-level");
  expect(refusalOf(bayesianProportions({ ...arms, control: { successes: 3, trials: 2 } }))).toBe("bad-count");
  expect(refusalOf(bayesianProportions({ ...arms, control: { successes: 0, trials: 0 } }))).toBe("too-few");
  const prior = { successes: 0, failures: 1 };
  expect(refusalOf(bayesianProportions({ ...arms, prior }))).toBe("bad-value");
});
