import { describe, expect, test } from "vitest";
import { z } from "zod";
import { goldenInterval, testGolden } from "../../../test/support/golden.ts";
import { must } from "../../../test/support/must.ts";
import type { Estimate } from "./confidence-sequence.ts";
import { normalTest } from "./difference.ts";
import { requiredUnits } from "./experiment-plan.ts";
import { momentsFromSums } from "./moments.ts";
import { adjustedPValues } from "./multiplicity.ts";
import { nonInferiorMean } from "./non-inferiority.ts";
import type { Proportion } from "./proportion.ts";
import { sampleRatio } from "./sample-ratio.ts";
import { sampleOf } from "./sample.ts";
import { normalQuantile } from "./special-functions.ts";
import { twoProportionTest, waldInterval } from "./two-proportions.ts";
import { meanOf, welchTest } from "./welch-test.ts";

const file = "spotify_confidence.json";

const rate = z
  .object({ successes: z.number(), n: z.number() })
  .transform(({ successes, n }): Proportion => ({ successes, trials: n }));

/** Sums of values, as the peer takes them. */
const arm = z
  .object({ n: z.number(), sum: z.number(), sumSquares: z.number() })
  .transform(({ n, sum, sumSquares }) =>
    must(sampleOf(must(momentsFromSums({ count: n, sum, sumSquares })))),
  );

const found = { difference: z.number(), ci: goldenInterval, pValue: z.number() };

/** A share with Wald's error. */
function estimateOf({ successes, trials }: Proportion): Estimate {
  const share = successes / trials;
  return { value: share, standardError: Math.sqrt((share * (1 - share)) / trials) };
}

describe("golden values of Spotify Confidence", () => {
  const rates = testGolden(
    file,
    {
      input: z.object({
        test: z.literal("chiSquared"),
        control: rate,
        treatment: rate,
        absolute: z.boolean(),
        alpha: z.number(),
      }),
      expected: z.object(found),
    },
    ({ input, expected, close }) => {
      const tested = must(twoProportionTest(input));
      close(tested.pValue, expected.pValue);
      const interval = must(waldInterval(input));
      const baseline = input.control.successes / input.control.trials;
      if (input.absolute) {
        close(tested.difference, expected.difference);
        close(interval, expected.ci);
        return;
      }
      // The peer divides the absolute interval by the control's share as if that had no error of its own.
      close(
        interval.map((bound) => bound / baseline),
        expected.ci,
      );
      const [control, treatment] = [estimateOf(input.control), estimateOf(input.treatment)];
      const relative = must(normalTest({ control, treatment, alpha: input.alpha, scale: "relative" }));
      close(relative.difference, expected.difference);
      const ratio = treatment.value / baseline;
      const error =
        ratio * Math.hypot(treatment.standardError / treatment.value, control.standardError / baseline);
      const margin = -normalQuantile(input.alpha / 2) * error;
      close(relative.interval, [ratio - 1 - margin, ratio - 1 + margin]);
      expect(relative.interval[1] - relative.interval[0]).toBeGreaterThan(expected.ci[1] - expected.ci[0]);
    },
  );

  const corrected = testGolden(
    file,
    {
      input: z.object({ order: z.array(z.tuple([z.string(), z.string()])), pValues: z.array(z.number()) }),
      expected: z.object({
        adjusted: z.array(z.number()),
        adjustedLower: z.array(z.number()),
        adjustedUpper: z.array(z.number()),
      }),
    },
    ({ input: { order, pValues }, expected, close }) => {
      close(must(adjustedPValues(pValues, "bonferroni")), expected.adjusted);
      // The counts of its test; all are compared to the control of the US.
      const counts: Readonly<Record<string, Proportion>> = {
        "gb control": { successes: 40, trials: 100 },
        "gb test": { successes: 50, trials: 100 },
        "gb test2": { successes: 100, trials: 150 },
        "us test": { successes: 500, trials: 1009 },
        "us test2": { successes: 1005, trials: 1502 },
      };
      const treatment = { successes: 42, trials: 104 };
      const intervals = order.map(([country, name]) => {
        const control = counts[`${country} ${name}`] ?? { successes: 0, trials: 0 };
        return must(waldInterval({ control, treatment, alpha: 0.05 / order.length }));
      });
      close(
        intervals.map(([lower]) => lower),
        expected.adjustedLower,
      );
      close(
        intervals.map(([, upper]) => upper),
        expected.adjustedUpper,
      );
    },
  );

  const assignments = testGolden(
    file,
    {
      input: z.object({ observed: z.array(z.number()), expectedProportions: z.array(z.number()) }),
      expected: z.object({ pValue: z.number() }),
    },
    ({ input: { observed, expectedProportions }, expected, close }) => {
      const { pValue } = must(
        sampleRatio(observed.map((units, place) => ({ units, weight: expectedProportions[place] ?? 0 }))),
      );
      close(pValue, expected.pValue);
      // 1 - cdf is 0 there.
      expect(pValue).toBeGreaterThan(0);
    },
  );

  const means = testGolden(
    file,
    {
      input: z.object({
        test: z.enum(["studentsTTest", "zTest"]),
        control: arm,
        treatment: arm,
        alpha: z.number(),
      }),
      expected: z.object(found),
    },
    ({ input: { test: name, control, treatment, alpha }, expected, close }) => {
      const tested = must(
        name === "zTest"
          ? normalTest({ control: meanOf(control), treatment: meanOf(treatment), alpha })
          : welchTest({ control, treatment, alpha }),
      );
      close(tested.difference, expected.difference);
      close(tested.interval, expected.ci);
      close(tested.pValue, expected.pValue);
      expect(tested.pValue / expected.pValue).toBeCloseTo(1, 6);
    },
  );

  const margins = testGolden(
    file,
    {
      input: z.object({
        control: arm,
        treatment: arm,
        nim: z.number().nullable(),
        preferred: z.enum(["increase", "decrease"]),
        alpha: z.number(),
      }),
      expected: z.object({ ...found, nullHypothesis: z.number(), significant: z.boolean() }),
    },
    ({ input: { control, treatment, nim, preferred, alpha }, expected, close }) => {
      const higherIsBetter = preferred === "increase";
      const margin = (nim ?? 0) * Math.abs(control.mean);
      const nullDifference = higherIsBetter ? -margin : margin;
      close(nullDifference, expected.nullHypothesis);
      const tested = must(
        normalTest({
          control: meanOf(control),
          treatment: meanOf(treatment),
          alpha,
          alternative: higherIsBetter ? "greater" : "less",
          nullDifference,
        }),
      );
      close(tested.difference, expected.difference);
      close(tested.pValue, expected.pValue);
      close(tested.interval, expected.ci);
      if (nim === null) return;
      // Ours is Student's: of a thousand units a bit more cautious than z, with the same verdict.
      const ours = must(nonInferiorMean({ control, treatment }, { margin: nim, alpha, higherIsBetter }));
      expect(ours.nonInferior).toBe(expected.significant);
      expect(ours.pValue / expected.pValue).toBeCloseTo(1, 2);
      close(ours.statistic, Math.abs(tested.difference - nullDifference) / tested.standardError);
    },
  );

  const plans = testGolden(
    file,
    {
      input: z.object({
        binary: z.boolean(),
        average: z.number(),
        variance: z.number(),
        relativeMde: z.number().nullable(),
        relativeNim: z.number().nullable(),
        weights: z.tuple([z.number(), z.number()]),
        intervalSize: z.number(),
        power: z.number(),
      }),
      expected: z.object({ requiredSampleSize: z.number(), optimalSampleSize: z.number() }),
    },
    ({ input, expected, close }) => {
      const { binary, average: mean, variance, relativeMde, relativeNim, weights, power } = input;
      const unitsWith = (treatmentShare: number): number =>
        must(
          requiredUnits(
            {
              metric: binary ? { kind: "proportion", share: mean } : { kind: "mean", mean, variance },
              alpha: 1 - input.intervalSize,
              alternative: relativeNim === null ? "two-sided" : "greater",
              nullDifference: -(relativeNim ?? 0) * mean,
              treatmentShare,
            },
            { effect: (relativeMde ?? 0) * mean, power },
          ),
        ).units;
      close(unitsWith(weights[1] / (weights[0] + weights[1])), expected.requiredSampleSize);
      // Of one variance in both arms, halves are best.
      close(unitsWith(1 / 2), expected.optimalSampleSize);
    },
  );

  test("every case is run", () => expect(rates + corrected + assignments + means + margins + plans).toBe(20));
});
