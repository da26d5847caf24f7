import { describe, expect, test } from "vitest";
import { z } from "zod";
import { testGolden } from "../../../test/support/golden.ts";
import { must, refusalOf } from "../../../test/support/must.ts";
import { achievedPower, additionalShare } from "./achieved-power.ts";
import { detectableEffect, plannedPower } from "./experiment-plan.ts";
import { mixtureBound } from "./normal-mixture.ts";
import { unitVariance } from "./planned-metric.ts";
import { normalQuantile } from "./special-functions.ts";

const number = z.number();

describe("golden values of GrowthBook", () => {
  const prior = z.object({ mean: number, variance: number }).nullable();
  const running = testGolden(
    "growthbook_power.json",
    {
      input: z.object({
        standardError: number,
        n: number,
        alpha: number,
        targetMde: number,
        targetPower: number,
        prior: prior.transform((found) =>
          found ? { prior: { mean: found.mean, standardDeviation: Math.sqrt(found.variance) } } : {},
        ),
        sequential: z.boolean(),
        tuningN: number,
      }),
      expected: z.object({
        scalingFactor: number,
        powerAtScalingFactor: z.record(z.string(), number),
      }),
    },
    ({ input, expected, close }) => {
      const { alpha, targetMde: effect, targetPower: power, n: units } = input;
      const rho = input.sequential ? { rho: rhoOfPeers(alpha, input.tuningN) } : {};
      const judgement = { alpha, ...input.prior, ...rho };
      const powerWith = (share: number) =>
        must(
          achievedPower(judgement, {
            effect,
            standardError: input.standardError / Math.sqrt(1 + share),
            units: units * (1 + share),
          }),
        );
      for (const [share, wanted] of Object.entries(expected.powerAtScalingFactor))
        close(powerWith(Number(share)), wanted);
      // The peer bisects until the power is near by 1e-5; ours has it.
      const { standardError } = input;
      const found = must(additionalShare(judgement, { effect, standardError, units, power }));
      expect(powerWith(found)).toBeCloseTo(power, 12);
      expect(Math.abs(powerWith(expected.scalingFactor) - power)).toBeLessThan(1e-5);
      expect(found / expected.scalingFactor).toBeCloseTo(1, 4);
    },
  );
  const variances = testGolden(
    "growthbook_power.json",
    {
      input: z.object({
        varA: number,
        meanA: number,
        nA: number,
        varB: number,
        meanB: number,
        nB: number,
        relative: z.boolean(),
      }),
      expected: z.object({ variance: number }),
    },
    ({ input, expected, close }) => {
      const scale = input.relative ? "relative" : "absolute";
      const metric = {
        kind: "mean",
        mean: input.meanA,
        variance: input.varA,
        treatmentVariance: input.varB,
      } as const;
      const units = input.nA + input.nB;
      const { constant, linear, square } = unitVariance(metric, { scale, treatmentShare: input.nB / units });
      const effect = (input.meanB - input.meanA) / (input.relative ? input.meanA : 1);
      close((constant + linear * effect + square * effect * effect) / units, expected.variance);
    },
  );
  const metric = z
    .object({ effectSize: number, mean: number, standardDeviation: number })
    .transform(({ effectSize: effect, mean, standardDeviation }) => ({
      effect,
      metric: { kind: "mean", mean, variance: standardDeviation * standardDeviation } as const,
    }));
  const plans = testGolden(
    "growthbook_power.json",
    {
      input: z.object({
        metric,
        power: number.optional(),
        n: number,
        nVariations: number,
        alpha: number,
        sequentialTuningN: number,
      }),
      expected: z.object({ power: number.optional(), mde: number.optional() }),
    },
    ({ input, expected, close }) => {
      const { alpha, power = 0.8, sequentialTuningN } = input;
      const units = (2 * input.n) / input.nVariations;
      const { metric: found, effect } = input.metric;
      const once = { metric: found, scale: "relative", alpha } as const;
      const rho = rhoOfPeers(alpha, sequentialTuningN);
      const isSequential = sequentialTuningN > 0;
      // The peer widens the noise of the estimate too where only the bound is wider, unlike in its own power of a
      // running experiment above: too much power below 50 %, too little above. Ours is P(|estimate| > bound).
      const wider = (mixtureBound(units * rho * rho, alpha) / normalQuantile(1 - alpha / 2)) ** 2;
      const plan = isSequential ? { ...once, inflation: wider } : once;
      if (expected.power !== undefined) {
        close(must(plannedPower(plan, { effect, units })), expected.power);
        if (isSequential) expect(must(plannedPower({ ...once, rho }, { effect, units }))).toBeLessThan(0.08);
      }
      if (expected.mde !== undefined) {
        close(must(detectableEffect(plan, { units, power })), expected.mde);
        const least = must(detectableEffect({ ...once, ...(isSequential && { rho }) }, { units, power }));
        expect(least).toBeLessThanOrEqual(expected.mde + 5e-6);
      }
    },
  );

  test("every case is run", () => expect(running + variances + plans).toBe(9));
});

/** The peers' expansion of tunedRho to two terms. */
function rhoOfPeers(alpha: number, units: number): number {
  const twice = -2 * Math.log(alpha);
  return Math.sqrt((twice + Math.log1p(twice)) / units);
}

test("who has enough needs no more", () => {
  const known = { effect: 1, standardError: 0.1, units: 100, power: 0.8 };
  expect(must(additionalShare({ alpha: 0.05 }, known))).toBe(0);
});

test("what cannot be judged is refused with the reason", () => {
  const known = { effect: 0, standardError: 1, units: 9 };
  expect(refusalOf(achievedPower({ alpha: 0.05 }, { ...known, standardError: 0 }))).toBe("no-variance");
  expect(refusalOf(achievedPower({ alpha: 0.05 }, { ...known, effect: Infinity }))).toBe("not-finite");
  const prior = { mean: 0, standardDeviation: 0 };
  expect(refusalOf(achievedPower({ alpha: 0.05, prior }, known))).toBe("bad-value");
  expect(refusalOf(additionalShare({ alpha: 0.05 }, { ...known, power: 0.8 }))).toBe("bad-value");
});
