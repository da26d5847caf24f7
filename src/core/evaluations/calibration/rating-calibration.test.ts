import { describe, expect, test } from "vitest";
import { cohenKappa } from "#core/statistics/agreement.ts";
import { newcombeInterval } from "#core/statistics/two-proportions.ts";
import { must } from "../../../../test/support/must.ts";
import { judgedTable } from "./judged.test-support.ts";
import { judgedRatings } from "./judgements.ts";
import { ratingCalibration } from "./rating-calibration.ts";

const alpha = 0.05;

function calibrated(
  ...groups: readonly { count: number; passed: boolean; human: boolean; length?: number }[]
) {
  const all = groups.flatMap(({ count, length = 100, ...one }) =>
    Array.from({ length: count }, () => ({ ...one, length })),
  );
  const table = judgedTable(all.map((one, at) => ({ item: `q${at}`, ...one })));
  return ratingCalibration(judgedRatings(table, "judge"), alpha);
}

describe("a judge of single answers", () => {
  test("agrees with humans as the table of both says", () => {
    const found = calibrated(
      { count: 45, passed: true, human: true },
      { count: 5, passed: false, human: true },
      { count: 10, passed: true, human: false },
      { count: 40, passed: false, human: false },
    );
    expect(found.accuracy?.value).toBe(0.85);
    const kappa = must(
      cohenKappa(
        [
          [40, 10],
          [5, 45],
        ],
        { alpha },
      ),
    );
    expect(found.kappa).toMatchObject({ value: kappa.kappa, interval: kappa.interval });
    expect(found.judgePasses?.value).toBeCloseTo(0.55, 12);
    expect(found.humanPasses?.value).toBe(0.5);
    expect(found.errorRates.sensitivity).toMatchObject({ value: 0.9, trials: 50 });
    expect(found.errorRates.specificity).toMatchObject({ value: 0.8, trials: 50 });
  });

  test("that lets long wrong answers pass has a length bias, with Newcombe's interval", () => {
    const found = calibrated(
      { count: 18, passed: true, human: false, length: 900 },
      { count: 12, passed: false, human: false, length: 800 },
      { count: 6, passed: true, human: false, length: 100 },
      { count: 24, passed: false, human: false, length: 200 },
      { count: 50, passed: true, human: true, length: 5 },
    );
    expect(found.lengthBias?.towards).toMatchObject({ value: 0.6, items: 30 });
    expect(found.lengthBias?.against).toMatchObject({ value: 0.2, items: 30 });
    expect(found.lengthBias?.bias.value).toBeCloseTo(0.4, 12);
    const expected = must(
      newcombeInterval({
        control: { successes: 6, trials: 30 },
        treatment: { successes: 18, trials: 30 },
        alpha,
      }),
    );
    expect(found.lengthBias?.bias.interval?.[0]).toBeCloseTo(expected[0], 12);
    expect(found.lengthBias?.bias.interval?.[1]).toBeCloseTo(expected[1], 12);
  });

  test("of which humans let everything pass has no specificity", () => {
    const found = calibrated({ count: 5, passed: true, human: true });
    expect(found.errorRates).toMatchObject({ specificity: undefined });
    expect(found.lengthBias).toBeUndefined();
  });
});
