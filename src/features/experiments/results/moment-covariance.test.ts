import { expect, test } from "vitest";
import type { MetricPlan } from "#core/experiments/plan/analysis-plan.ts";
import { eventMetricByName } from "#core/experiments/plan/event-metric.ts";
import { eventForm } from "./event-arms.ts";
import { momentCovariance } from "./moment-covariance.ts";

const metric = (name: string): MetricPlan => ({
  name,
  role: "secondary",
  better: "lower",
  column: name,
  aggregation: { kind: "ratio" },
});

/** Requests, failures and pico-dollars of four units. */
const units = [
  [1, 0, 2e12],
  [2, 1, 3e12],
  [4, 3, 9e12],
  [1, 1, 1e12],
] as const;
const means = [0, 1, 2].map((place) => units.reduce((sum, unit) => sum + (unit[place] ?? 0), 0) / 4);
const apart = (place: number) => units.map((unit) => (unit[place] ?? 0) - (means[place] ?? 0));
const deviations = [0, 1, 2].map((one) =>
  [0, 1, 2].map((other) => apart(one).reduce((sum, mine, unit) => sum + mine * (apart(other)[unit] ?? 0), 0)),
);
const covariance = momentCovariance(
  { metrics: ["error_rate", "cost_per_request", "cost_per_unit", "resolved"].map(metric) },
  [
    {
      measures: ["requests", "failed", "picoDollars"],
      sums: [],
      moments: [{ variant: "argon", units: 4, means, deviations }],
    },
  ],
);
const of = (name: string) => ({ metric: name, variant: "argon" });

test("two built-in metrics go together as what each unit adds to both does", () => {
  const [requests = 1, failed = 0, picoDollars = 0] = means;
  const adds = units.map(([n, f, p]) => ({
    errors: (f - (failed / requests) * n) / requests,
    dollars: (p - (picoDollars / requests) * n) / requests / 1e12,
    ofUnit: p / 1e12,
  }));
  const sum = (product: (one: (typeof adds)[number]) => number) =>
    adds.reduce((total, one) => total + product(one), 0) / 3 / 4;
  expect(covariance(of("error_rate"), of("cost_per_request"))).toBeCloseTo(
    sum(({ errors, dollars }) => errors * dollars),
    12,
  );
  expect(covariance(of("error_rate"), of("cost_per_unit"))).toBeCloseTo(
    sum(({ errors, ofUnit }) => errors * ofUnit),
    12,
  );
});

test("feedback goes together with what units did where both were read at once", () => {
  const [form] = [eventForm(eventMetricByName("resolved_per_unit"))];
  // In the place of the costs: what was said of the units.
  const joint = momentCovariance({ metrics: ["requests_per_unit", "resolved_per_unit"].map(metric) }, [
    {
      measures: ["requests"],
      sums: [],
      moments: [{ variant: "argon", units: 4, means: [2], deviations: [[6]] }],
    },
    {
      measures: ["requests", "failed"],
      sums: [form.numerator],
      moments: [{ variant: "argon", units: 4, means, deviations }],
    },
  ]);
  expect(joint(of("requests_per_unit"), of("resolved_per_unit"))).toBeCloseTo(
    (deviations[0]?.[2] ?? 0) / 3 / 4,
    3,
  );
});

test("variants share no unit, and of feedback it is not known", () => {
  expect(covariance(of("error_rate"), { metric: "cost_per_unit", variant: "flash" })).toBe(0);
  expect(covariance(of("error_rate"), of("resolved"))).toBeUndefined();
});
