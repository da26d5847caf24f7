import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { must, refusalOf } from "../../../test/support/must.ts";
import { seededUnits } from "../../../test/support/seeded-draws.ts";
import { crossMomentsOf, noCrossMoments } from "./cross-moments.ts";
import { correctedRate, type JudgedRate } from "./judged-rate.ts";
import { momentsOf, noMoments } from "./moments.ts";
import {
  predictionPoweredDifference,
  predictionPoweredMean,
  type JudgedSample,
} from "./prediction-powered.ts";

const alpha = 0.05;
const runs = 2_000;
/** Three standard errors of a share near 95 % over the runs. */
const monteCarloError = 3 * Math.sqrt((alpha * (1 - alpha)) / runs);

describe("a judge's pass rate", () => {
  test.each([
    { rate: 0.5, sensitivity: 0.9, specificity: 0.8 },
    { rate: 0.95, sensitivity: 0.98, specificity: 0.7 },
    { rate: 0.03, sensitivity: 0.7, specificity: 0.97 },
  ])("holds the humans' rate $rate in 95 % of experiments, unlike the judge's own", (truth) => {
    const unit = seededUnits(20_261_127);
    const seen = (share: number, trials: number) => {
      let passed = 0;
      for (let trial = 0; trial < trials; trial += 1) if (unit() < share) passed += 1;
      return { share: passed / trials, trials };
    };
    const passRate = truth.rate * truth.sensitivity + (1 - truth.rate) * (1 - truth.specificity);
    let [held, refused] = [0, 0];
    for (let run = 0; run < runs; run += 1) {
      const found = correctedRate({
        judged: seen(passRate, 200),
        sensitivity: seen(truth.sensitivity, 40),
        specificity: seen(truth.specificity, 40),
        alpha,
      });
      if (!found.ok) refused += 1;
      else if (found.value.interval[0] <= truth.rate && truth.rate <= found.value.interval[1]) held += 1;
    }
    expect(refused).toBe(0);
    expect(held / runs).toBeGreaterThan(0.95 - monteCarloError);
  });

  const share = fc.record({
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    trials: fc.integer({ min: 1, max: 1_000 }),
  });

  test("a judge without error changes nothing, and the interval is within [0, 1] around the rate", () => {
    fc.assert(
      fc.property(share, share, share, (judged, sensitivity, specificity) => {
        const perfect = { share: 1, trials: 1_000 };
        const plain = must(correctedRate({ judged, sensitivity: perfect, specificity: perfect, alpha }));
        expect(plain.rate).toBeCloseTo(judged.share, 12);
        const found = correctedRate({ judged, sensitivity, specificity, alpha });
        if (!found.ok) return;
        expect(found.value.interval[0]).toBeGreaterThanOrEqual(0);
        expect(found.value.interval[0]).toBeLessThanOrEqual(found.value.interval[1]);
        expect(found.value.interval[1]).toBeLessThanOrEqual(1);
      }),
    );
  });

  test("a judge that may be no better than chance holds all rates; one that is not is refused", () => {
    const few = { share: 0.6, trials: 5 };
    const ask: JudgedRate = { judged: few, sensitivity: few, specificity: few, alpha };
    expect(must(correctedRate(ask)).interval).toEqual([0, 1]);
    const refusal = (changes: Partial<JudgedRate>) => refusalOf(correctedRate({ ...ask, ...changes }));
    expect(refusal({ specificity: { share: 0.4, trials: 5 } })).toBe("bad-value");
    expect(refusal({ judged: { share: 1.1, trials: 5 } })).toBe("bad-value");
    expect(refusal({ judged: { share: Number.NaN, trials: 5 } })).toBe("bad-value");
    expect(refusal({ judged: { share: 1, trials: 0 } })).toBe("too-few");
    expect(refusal({ judged: { share: 1, trials: 1.5 } })).toBe("bad-count");
    expect(refusal({ alpha: 0 })).toBe("bad-level");
  });
});

/** Twelve labels of a judge that is 0.3 too kind, and 100 of its other scores; the mean human score is 0.5. */
function drawnSample(unit: () => number): JudgedSample {
  const scores = () => {
    const human = unit();
    return [human, 0.3 + 0.7 * human + 0.3 * (unit() - 0.5)] as const;
  };
  const labels = Array.from({ length: 12 }, scores);
  return {
    labelled: must(
      crossMomentsOf(
        labels.map(([human]) => human),
        labels.map(([, judge]) => judge),
      ),
    ),
    unlabelled: must(momentsOf(Array.from({ length: 100 }, () => scores()[1]))),
  };
}

describe("prediction-powered inference", () => {
  test("holds the humans' mean and the difference in 95 % of experiments, with half the error of the labels", () => {
    const unit = seededUnits(20_261_127);
    let [held, heldTuned, heldDifference, error, labelsError] = [0, 0, 0, 0, 0];
    for (let run = 0; run < runs; run += 1) {
      const [control, treatment] = [drawnSample(unit), drawnSample(unit)];
      const { interval, standardError, labelsOnly } = must(
        predictionPoweredMean({ ...control, trust: 1 }, alpha),
      );
      if (interval[0] <= 0.5 && 0.5 <= interval[1]) held += 1;
      error += standardError;
      labelsError += labelsOnly.standardError;
      const tuned = must(predictionPoweredMean(control, alpha)).interval;
      if (tuned[0] <= 0.5 && 0.5 <= tuned[1]) heldTuned += 1;
      const arms = { control: { ...control, trust: 1 }, treatment: { ...treatment, trust: 1 }, alpha };
      if (must(predictionPoweredDifference(arms)).pValue >= alpha) heldDifference += 1;
    }
    expect(held / runs).toBeGreaterThan(0.95 - monteCarloError);
    expect(heldDifference / runs).toBeGreaterThan(0.95 - monteCarloError);
    expect(error).toBeLessThan(0.55 * labelsError);
    // A trust that the twelve labels chose themselves flatters them a little, as the documentation says.
    expect(heldTuned / runs).toBeGreaterThan(0.93 - monteCarloError);
  });

  test("without trust it is the mean of the labels, and trust never makes the error larger than that by much", () => {
    const sample = drawnSample(seededUnits(1));
    const none = must(predictionPoweredMean({ ...sample, trust: 0 }, alpha));
    expect(none.mean).toBe(none.labelsOnly.mean);
    expect(none.standardError).toBeCloseTo(none.labelsOnly.standardError, 12);
    expect(none.degreesOfFreedom).toBeCloseTo(11, 9);
    const contrary = must(crossMomentsOf([1, 2, 3, 4], [4, 3, 2, 1]));
    const found = must(predictionPoweredMean({ ...sample, labelled: contrary }, alpha));
    expect(found.trust).toBe(0);
    const silent = must(momentsOf([1, 1, 1]));
    const labelled = must(crossMomentsOf([1, 2, 3], [1, 1, 1]));
    expect(must(predictionPoweredMean({ labelled, unlabelled: silent }, alpha)).trust).toBe(0);
  });

  test("what cannot be said is refused", () => {
    const sample = drawnSample(seededUnits(1));
    expect(refusalOf(predictionPoweredMean(sample, 0))).toBe("bad-level");
    expect(refusalOf(predictionPoweredMean({ ...sample, trust: 2 }, alpha))).toBe("bad-value");
    expect(refusalOf(predictionPoweredMean({ ...sample, labelled: noCrossMoments }, alpha))).toBe("too-few");
    const unlabelled = { ...sample, unlabelled: noMoments };
    expect(refusalOf(predictionPoweredMean(unlabelled, alpha))).toBe("too-few");
    expect(refusalOf(predictionPoweredDifference({ control: sample, treatment: unlabelled, alpha }))).toBe(
      "too-few",
    );
    const still = {
      labelled: must(crossMomentsOf([1, 1], [1, 1])),
      unlabelled: must(momentsOf([1, 1])),
    };
    expect(refusalOf(predictionPoweredMean(still, alpha))).toBe("no-variance");
  });
});
