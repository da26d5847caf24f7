import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { testGolden } from "../../../test/support/golden.ts";
import { must, refusalOf } from "../../../test/support/must.ts";
import { achievedPower } from "./achieved-power.ts";
import { detectableEffect, plannedPower, requiredUnits, type ExperimentPlan } from "./experiment-plan.ts";
import { pairedVariance, plannedDesignEffect } from "./planned-variance.ts";
import { proportionUnits } from "./proportion-units.ts";
import { expectedRunTime } from "./run-time.ts";
import { studentPower, studentUnits } from "./student-power.ts";

const number = z.number();
const file = "power_sample_size.json";

describe("golden values", () => {
  const means = testGolden(
    file,
    {
      input: z.object({ delta: number, sd: number, alpha: number, power: number, ratio: number }),
      expected: z.object({ nControl: number, nControlCeil: number, nControlExactT: number }),
    },
    ({ input: { delta: effect, sd, alpha, power, ratio }, expected, close }) => {
      const treatmentShare = ratio / (1 + ratio);
      const metric = { kind: "mean", mean: 0, variance: sd * sd } as const;
      const found = must(requiredUnits({ metric, alpha, treatmentShare }, { effect, power }));
      close(found.units * (1 - treatmentShare), expected.nControl);
      expect(found.control).toBe(expected.nControlCeil);
      const exact = must(studentUnits({ effectSize: effect / sd, alpha, power, ratio }));
      close(exact, expected.nControlExactT);
    },
  );
  const proportions = testGolden(
    file,
    {
      input: z.object({ p1: number, p2: number, alpha: number, power: number, ratio: number }),
      expected: z.object({
        nControlUnpooled: number,
        nControlPooledNull: number,
        cohenH: number,
        nControlArcsine: number,
      }),
    },
    ({ input: { p1: control, p2: treatment, alpha, power, ratio }, expected, close }) => {
      const found = must(proportionUnits({ control, treatment, alpha, power, ratio }));
      close(found.unpooled, expected.nControlUnpooled);
      close(found.pooled, expected.nControlPooledNull);
      close(found.arcsine, expected.nControlArcsine);
      close(Math.abs(found.cohenH), Math.abs(expected.cohenH));
      const treatmentShare = ratio / (1 + ratio);
      const plan = { metric: { kind: "proportion", share: control }, alpha, treatmentShare } as const;
      const { units } = must(requiredUnits(plan, { effect: treatment - control, power }));
      close(units * (1 - treatmentShare), expected.nControlUnpooled);
    },
  );
  const powers = testGolden(
    file,
    {
      input: z.object({ delta: number, standardError: number, alpha: number }),
      expected: z.object({ power: number, mde80: number }),
    },
    ({ input: { delta: effect, standardError, alpha }, expected, close }) => {
      close(must(achievedPower({ alpha }, { effect, standardError, units: 2 })), expected.power);
      const metric = { kind: "mean", mean: 0, variance: standardError * standardError } as const;
      close(must(detectableEffect({ metric, alpha }, { units: 4, power: 0.8 })), expected.mde80);
    },
  );
  const exact = testGolden(
    file,
    {
      input: z.object({ n1: number, n2: number, effectSize: number, alpha: number }),
      expected: z.object({ power: number }),
    },
    ({ input: { n1: control, n2: treatment, effectSize, alpha }, expected, close }) => {
      close(must(studentPower({ control, treatment, effectSize, alpha })), expected.power);
    },
  );
  const paired = testGolden(
    file,
    {
      input: z.object({
        omega2: number,
        sigma2A: number,
        sigma2B: number,
        kA: number,
        kB: number,
        delta: number,
        alpha: number,
        power: number,
      }),
      expected: z.object({ nPrompts: number, nPromptsCeil: number }),
    },
    ({ input, expected, close }) => {
      const varianceOfDifferences = must(
        pairedVariance({
          betweenPrompts: input.omega2,
          control: { variance: input.sigma2A, samples: input.kA },
          treatment: { variance: input.sigma2B, samples: input.kB },
        }),
      );
      const metric = { kind: "paired", mean: 0, varianceOfDifferences } as const;
      const question = { effect: input.delta, power: input.power };
      const found = must(requiredUnits({ metric, alpha: input.alpha }, question));
      close(found.units, expected.nPrompts);
      expect([found.control, found.treatment]).toEqual([expected.nPromptsCeil, expected.nPromptsCeil]);
    },
  );
  const clusters = testGolden(
    file,
    {
      input: z.object({ nMessages: number, messagesPerCluster: number, icc: number }),
      expected: z.object({ designEffect: number, effectiveN: number }),
    },
    ({ input: { nMessages, messagesPerCluster: meanSize, icc: correlation }, expected, close }) => {
      const found = must(plannedDesignEffect({ meanSize, correlation }));
      close([found, nMessages / found], [expected.designEffect, expected.effectiveN]);
    },
  );
  const runTimes = testGolden(
    file,
    {
      input: z.object({ eligibleUnitsPerDay: number, allocation: number, requiredUnits: number }),
      expected: z.object({ days: number, daysRoundedToWeeks: number }),
    },
    ({ input, expected }) => {
      const { eligibleUnitsPerDay: unitsPerDay, allocation: share, requiredUnits: units } = input;
      const found = must(expectedRunTime({ units, unitsPerDay, share }));
      expect(found.days).toBe(expected.days);
      expect(found.daysOfWholeWeeks).toBe(expected.daysRoundedToWeeks);
    },
  );
  const spotifyUnits = testGolden(
    file,
    {
      input: z.object({
        mde: number,
        variance: number.optional(),
        baseline: number.optional(),
        alpha: number,
        power: number,
      }),
      expected: z.object({ nTotal: number }),
    },
    ({ input: { mde, variance, baseline: share = 0, alpha, power }, expected, close }) => {
      const metric =
        variance === undefined
          ? ({ kind: "proportion", share } as const)
          : ({ kind: "mean", mean: 0, variance } as const);
      close(must(requiredUnits({ metric, alpha }, { effect: mde, power })).units, expected.nTotal);
    },
  );
  const spotifyPowers = testGolden(
    file,
    {
      input: z.object({ mde: number, variance: number, alpha: number, n1: number, n2: number }),
      expected: z.object({ power: number }),
    },
    ({ input: { mde: effect, variance, alpha, n1, n2 }, expected, close }) => {
      const units = n1 + n2;
      const metric = { kind: "mean", mean: 0, variance } as const;
      const found = must(plannedPower({ metric, alpha, treatmentShare: n2 / units }, { effect, units }));
      close(found, expected.power);
    },
  );

  test("every case is run", () => {
    const plain = means + proportions + powers + exact + paired + clusters + runTimes;
    expect(plain + spotifyUnits + spotifyPowers).toBe(32);
  });
});

const metrics = fc.oneof(
  fc.record({
    kind: fc.constant("mean" as const),
    mean: fc.constantFrom(-3, 0.5, 20),
    variance: fc.double({ min: 0.01, max: 100, noNaN: true }),
  }),
  fc.record({
    kind: fc.constant("proportion" as const),
    share: fc.double({ min: 0.05, max: 0.9, noNaN: true }),
  }),
);
const plans = fc.record({
  metric: metrics,
  scale: fc.constantFrom("absolute" as const, "relative" as const),
  alternative: fc.constantFrom("two-sided" as const, "greater" as const),
  alpha: fc.double({ min: 0.001, max: 0.2, noNaN: true }),
  treatmentShare: fc.double({ min: 0.1, max: 0.9, noNaN: true }),
  inflation: fc.constantFrom(0.7, 1, 2.5),
});
const power = fc.double({ min: 0.6, max: 0.99, noNaN: true });

describe("laws", () => {
  test("the effect that units detect takes these units, and has the power", () => {
    const units = fc.integer({ min: 5000, max: 10_000_000 });
    const looks = fc.constantFrom({}, { rho: 0.02 });
    fc.assert(
      fc.property(plans, looks, units, power, (base, look, count, wanted) => {
        const plan: ExperimentPlan = { ...base, ...look };
        const effect = detectableEffect(plan, { units: count, power: wanted });
        fc.pre(effect.ok);
        const found = must(requiredUnits(plan, { effect: must(effect), power: wanted }));
        expect(found.units / count).toBeCloseTo(1, 7);
        expect(found.control + found.treatment - found.units).toBeLessThan(2);
        const achieved = must(plannedPower(plan, { effect: must(effect), units: count }));
        expect(achieved).toBeGreaterThanOrEqual(wanted - 1e-9);
        expect(achieved).toBeLessThan(wanted + 0.01);
      }),
    );
  });

  test("a margin is an effect that is there already, and no effect has the error rate as its power", () => {
    fc.assert(
      fc.property(plans, power, (plan, wanted) => {
        fc.pre(plan.metric.kind === "mean" && plan.scale === "absolute");
        const margin = { ...plan, alternative: "greater", nullDifference: -0.5 } as const;
        const { units } = must(requiredUnits(margin, { effect: 0, power: wanted }));
        const superior = must(
          requiredUnits({ ...plan, alternative: "greater" }, { effect: 0.5, power: wanted }),
        );
        expect(units).toBeCloseTo(superior.units, 6);
        expect(must(plannedPower(plan, { effect: 0, units }))).toBeCloseTo(plan.alpha, 9);
      }),
    );
  });

  test("for many units the exact t-test asks for as many as the normal one", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.005, max: 0.05, noNaN: true }), power, (effectSize, wanted) => {
        const question = { effectSize, alpha: 0.05, power: wanted, ratio: 2 };
        const metric = { kind: "mean", mean: 0, variance: 1 } as const;
        const plan = { metric, alpha: 0.05, treatmentShare: 2 / 3 };
        const { units } = must(requiredUnits(plan, { effect: effectSize, power: wanted }));
        const exact = must(studentUnits(question));
        expect(exact / (units / 3)).toBeCloseTo(1, 3);
      }),
      { numRuns: 20 },
    );
  });
});

test("downwards is the mirror of upwards, and a relative effect may be beyond what units find", () => {
  const metric = { kind: "mean", mean: 1, variance: 4 } as const;
  const ask = (plan: Partial<ExperimentPlan>, units: number) =>
    detectableEffect({ metric, alpha: 0.025, ...plan }, { units, power: 0.8 });
  const down = must(ask({ alternative: "less" }, 1000));
  expect(down).toBeCloseTo(-must(ask({ alternative: "greater" }, 1000)), 12);
  expect(refusalOf(ask({ scale: "relative" }, 50))).toBe("too-few");
  expect(refusalOf(ask({ metric: { kind: "proportion", share: 0.9 } }, 20))).toBe("too-few");
});

test("clusters of uneven sizes need more units", () => {
  const even = must(plannedDesignEffect({ meanSize: 4, correlation: 0.2 }));
  expect(must(plannedDesignEffect({ meanSize: 4, correlation: 0.2, sizeVariation: 1 }))).toBeGreaterThan(
    even,
  );
});

test("what cannot be planned is refused with the reason", () => {
  const metric = { kind: "mean", mean: 0, variance: 1 } as const;
  const units = (changes: Partial<ExperimentPlan>, effect = 0.1, wanted = 0.8) =>
    refusalOf(requiredUnits({ metric, alpha: 0.05, ...changes }, { effect, power: wanted }));
  expect(units({ alpha: 0 })).toBe("bad-level");
  expect(units({}, 0.1, 1)).toBe("bad-level");
  expect(units({}, 0.1, 0.02)).toBe("bad-value");
  expect(units({}, 0)).toBe("bad-value");
  expect(units({}, Number.NaN)).toBe("not-finite");
  expect(units({ alternative: "less" })).toBe("bad-value");
  expect(units({}, 1e-200)).toBe("not-finite");
  expect(units({ scale: "relative" })).toBe("zero-baseline");
  expect(units({ metric: { ...metric, variance: 0 } })).toBe("no-variance");
  expect(units({ metric: { ...metric, mean: Infinity } })).toBe("not-finite");
  expect(units({ metric: { kind: "proportion", share: 0.95 } })).toBe("bad-value");
  expect(units({ metric: { kind: "proportion", share: 1 } })).toBe("bad-value");
  expect(units({ treatmentShare: 1 })).toBe("bad-value");
  expect(units({ inflation: 0 })).toBe("bad-value");
  expect(units({ rho: 0 })).toBe("bad-value");
  expect(units({ nullDifference: Number.NaN })).toBe("bad-value");
  expect(refusalOf(plannedPower({ metric, alpha: 0.05 }, { effect: 1, units: 0 }))).toBe("bad-value");
  const exact = { effectSize: 1, alpha: 0.05 };
  expect(refusalOf(studentPower({ ...exact, control: 1, treatment: 9 }))).toBe("too-few");
  expect(refusalOf(studentPower({ ...exact, control: 1.5, treatment: 9 }))).toBe("bad-count");
  expect(refusalOf(studentUnits({ ...exact, effectSize: 0, power: 0.8 }))).toBe("bad-value");
  expect(refusalOf(studentUnits({ ...exact, effectSize: 1e-9, power: 0.8 }))).toBe("bad-value");
  expect(refusalOf(studentUnits({ ...exact, ratio: 0, power: 0.8 }))).toBe("bad-value");
  expect(refusalOf(plannedDesignEffect({ meanSize: 0.5, correlation: 0 }))).toBe("bad-value");
  expect(refusalOf(plannedDesignEffect({ meanSize: 2, correlation: 2 }))).toBe("bad-value");
  const answers = { variance: 1, samples: 0 };
  const prompts = { betweenPrompts: 1, control: answers, treatment: answers };
  expect(refusalOf(pairedVariance(prompts))).toBe("bad-value");
  expect(refusalOf(pairedVariance({ ...prompts, betweenPrompts: -1 }))).toBe("bad-value");
  const shares = { control: 0.1, treatment: 0.2, alpha: 0.05, power: 0.8 };
  expect(refusalOf(proportionUnits({ ...shares, treatment: 0.1 }))).toBe("bad-value");
  expect(refusalOf(proportionUnits({ ...shares, ratio: 0 }))).toBe("bad-value");
  expect(refusalOf(proportionUnits({ ...shares, power: 0.01 }))).toBe("bad-value");
  expect(refusalOf(expectedRunTime({ units: 10, unitsPerDay: 0 }))).toBe("bad-value");
  expect(refusalOf(expectedRunTime({ units: 10, unitsPerDay: 1, share: 2 }))).toBe("bad-value");
});
