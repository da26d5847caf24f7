import { expect, test } from "vitest";
import { feedbackArm, feedbackOf } from "./metric-moments.ts";

/** A thousand units, of which some said 1 and as many 0. */
function said(values: number) {
  const units = 1_000;
  const [yes, any] = [values / 2 / units, values / units];
  const spread = (share: number) => units * share * (1 - share);
  return {
    variant: "argon",
    units,
    means: [yes, any],
    deviations: [
      [spread(yes), units * yes * (1 - any)],
      [units * yes * (1 - any), spread(any)],
    ],
  };
}

test("a mean of feedback wants as many values as units, a sum for each unit ten", () => {
  const asked = { isPerUnit: false, unitsMin: 100 };
  expect(feedbackArm(said(98), asked).refusal).toEqual({
    code: "too-few",
    reason: "argon has 98 values of feedback, 100 are needed",
  });
  const enough = feedbackArm(said(100), asked);
  expect(enough).not.toHaveProperty("refusal");
  expect(enough.sample.mean).toBeCloseTo(0.5, 12);
  const perUnit = feedbackArm(said(98), { isPerUnit: true, unitsMin: 100 });
  expect(perUnit).not.toHaveProperty("refusal");
  expect(perUnit.sample.mean).toBeCloseTo(0.049, 12);
  expect(feedbackArm(said(8), { isPerUnit: true, unitsMin: 100 }).refusal?.code).toBe("too-few");
});

test("nothing said at all is too few, not a division by nothing", () => {
  expect(feedbackArm(said(0), { isPerUnit: false, unitsMin: 100 }).refusal?.code).toBe("too-few");
});

test("a name tells whether the mean of values or their sum for each unit is asked for", () => {
  expect(feedbackOf("resolved")).toEqual({ name: "resolved", isPerUnit: false });
  expect(feedbackOf("resolved_per_unit")).toEqual({ name: "resolved", isPerUnit: true });
});
