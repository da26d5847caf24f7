import { describe, expect, test } from "vitest";
import { eventMetricByName, type EventMetric } from "#core/experiments/plan/event-metric.ts";
import { eventArm, eventForm, formMeasures, placeOf, sumsOf } from "./event-arms.ts";

/** A thousand units, of which some said 1 and as many 0: the sum of the values, their number, and how many were affirmed. */
function said(values: number, units = 1_000) {
  const [yes, any] = [values / 2 / units, values / units];
  const spread = (share: number) => units * share * (1 - share);
  const together = units * yes * (1 - any);
  return {
    variant: "argon",
    units,
    means: [yes, any],
    deviations: [
      [spread(yes), together],
      [together, spread(any)],
    ],
  };
}

function armOf(metric: EventMetric, values: number, units?: number) {
  const form = eventForm(metric);
  const sums = sumsOf([form]);
  const { withinMs } = metric;
  return eventArm(said(values, units), form, {
    placeAt: (wanted) => placeOf({ measures: [], sums }, wanted),
    unitsMin: 100,
    withinMs,
  });
}

const mean = eventMetricByName("resolved");
const perUnit = eventMetricByName("resolved_per_unit");

test("a mean of feedback wants as many values as units, a sum for each unit ten", () => {
  expect(armOf(mean, 98).refusal).toEqual({
    code: "too-few",
    reason: "argon has 98 values of feedback, 100 are needed",
  });
  const enough = armOf(mean, 100);
  expect(enough).not.toHaveProperty("refusal");
  expect(enough.sample.mean).toBeCloseTo(0.5, 12);
  const sum = armOf(perUnit, 98);
  expect(sum).not.toHaveProperty("refusal");
  expect(sum.sample.mean).toBeCloseTo(0.049, 12);
  expect(armOf(perUnit, 8).refusal?.code).toBe("too-few");
});

test("nothing said at all is too few, not a division by nothing", () => {
  expect(armOf(mean, 0).refusal?.code).toBe("too-few");
});

test("a name tells whether the mean of values or their sum for each unit is asked for", () => {
  expect(mean).toEqual({ event: "resolved", aggregation: "mean" });
  expect(perUnit).toEqual({ event: "resolved", aggregation: "sum" });
  expect(eventMetricByName("thumbs_ratio")).toEqual({ event: "thumbs", aggregation: "share" });
});

describe("a metric of events", () => {
  const event = "triage";

  test("is a share of events, or of units, whose few events are known", () => {
    const share = armOf({ event, aggregation: "share", labels: ["good"] }, 400);
    expect(share).toMatchObject({ events: { happened: 200, trials: 400 } });
    const conversion = armOf({ event, aggregation: "conversion" }, 40);
    expect(conversion).toMatchObject({ successes: 20, sample: { count: 1_000, mean: 0.02 } });
  });

  test("is a share of requests, by what units did, which needs no number of values", () => {
    const form = eventForm(eventMetricByName("feedback_rate"));
    const asked = { measures: formMeasures([form]), sums: sumsOf([form]) };
    expect(asked).toEqual({ measures: ["requests"], sums: [{ of: "requests" }] });
    // Of 1,000 units each has two requests, every tenth unit feedback on one of them.
    const rated = {
      variant: "argon",
      units: 1_000,
      means: [2, 0.1],
      deviations: [
        [0, 0],
        [0, 90],
      ],
    };
    const arm = eventArm(rated, form, { placeAt: (wanted) => placeOf(asked, wanted), unitsMin: 100 });
    expect(arm).toMatchObject({ sample: { mean: 0.05 }, events: { happened: 100, trials: 2_000 } });
    expect(arm).not.toHaveProperty("refusal");
    const ofStars = eventForm({ event: "stars", aggregation: "rate", sources: ["human"] });
    expect(ofStars.numerator).toEqual({ of: "requests", name: "stars", sources: ["human"] });
    expect(placeOf(asked, ofStars.numerator)).toBe(-1);
  });

  test("counts nothing while fewer units than a verdict needs are through its time", () => {
    const withinMs = 7 * 86_400_000;
    expect(armOf({ event, aggregation: "conversion", withinMs }, 40, 99).refusal).toEqual({
      code: "too-few",
      reason: "argon has 99 units whose 7d are over, 100 are needed",
    });
    expect(armOf({ event, aggregation: "conversion", withinMs }, 40, 100)).not.toHaveProperty("refusal");
  });

  test("asks for what it is made of, with its filters and caps where they belong", () => {
    const filters = { sources: ["human"], labels: ["good"] } as const;
    expect(eventForm({ event, aggregation: "sum", cap: 500, ...filters })).toMatchObject({
      numerator: { name: "triage", of: "values", unitMax: 500, ...filters },
      valuesMin: 10,
    });
    expect(eventForm({ event, aggregation: "mean", cap: 5 })).toMatchObject({
      numerator: { of: "values", valueMax: 5 },
      denominator: { of: "valued" },
    });
    // Labels of a share say which events are good; all with a label are those that it is of.
    expect(eventForm({ event, aggregation: "share", ...filters })).toMatchObject({
      numerator: { of: "all", ...filters },
      denominator: { name: "triage", of: "labelled", sources: ["human"] },
    });
    expect(eventForm({ event, aggregation: "share", ...filters }).denominator).not.toHaveProperty("labels");
    expect(eventForm({ event: "spent", aggregation: "ratio", per: "visits" })).toMatchObject({
      numerator: { name: "spent", of: "values" },
      denominator: { name: "visits", of: "values" },
    });
  });
});
