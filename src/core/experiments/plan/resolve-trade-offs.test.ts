import { expect, test } from "vitest";
import { z } from "zod";
import { must } from "../../../../test/support/must.ts";
import { planShape } from "./plan-schema.ts";
import { resolvePlan } from "./resolve-plan.ts";

const schema = z.strictObject(planShape);
const names = ["resolved", "latency", "cost", "stars"];

function resolved(written: z.input<typeof schema>) {
  return resolvePlan(schema.parse(written), {
    control: "flash",
    shares: new Map([
      ["flash", 0.5],
      ["argon", 0.5],
    ]),
    available: {
      names,
      kindOf: (name) => (names.includes(name) ? "mean" : undefined),
      hasQuantiles: () => false,
    },
  });
}

function complaintsOf(written: z.input<typeof schema>) {
  const plan = resolved(written);
  return plan.ok ? expect.unreachable("a plan that is wrong was taken") : plan.error;
}

test("rates become what one more of each metric is worth, in the unit of one of them", () => {
  const plan = must(
    resolved({
      primary: "resolved",
      utility: { in: "cost", worth: { resolved: "$0.002 per +1pp", latency: "$0.0001 per -100ms" } },
    }),
  );
  expect(plan.utility?.unit).toBe("cost");
  expect([...(plan.utility?.weights ?? [])]).toEqual([
    ["resolved", 0.2],
    ["latency", -0.000001],
    ["cost", -1],
  ]);
  expect(plan.pareto).toEqual(["resolved", "latency", "cost"]);
});

test("what is weighed and has no other role is shown beside, the way it is worth something", () => {
  const plan = must(
    resolved({
      guardrails: { cost: "+15%" },
      utility: { in: "resolved", worth: { stars: "1pp per -0.5" } },
      pareto: ["cost", "latency"],
    }),
  );
  expect(plan.metrics.map(({ name, role, better }) => [name, role, better])).toEqual([
    ["cost", "guardrail", "lower"],
    ["resolved", "secondary", "higher"],
    ["stars", "secondary", "lower"],
    ["latency", "secondary", "lower"],
  ]);
  expect(plan.utility?.weights.get("resolved")).toBe(1);
  expect(plan.pareto).toEqual(["cost", "latency"]);
  // What it is worth says which way is better: that is not assumed.
  expect(plan.assumed).toEqual([
    "secondary metric resolved: higher is better",
    "secondary metric latency: lower is better",
  ]);
});

test("a change for the worse, a metric that there is not, and one twice are refused where they stand", () => {
  expect(
    complaintsOf({
      primary: { resolved: { minimum_effect: "+2pp" } },
      utility: { in: "cost", worth: { resolved: "$0.002 per -1pp", cost: "1 per -1", speed: "1 per +1" } },
      pareto: ["resolved", "resolved"],
    }),
  ).toEqual([
    {
      path: ["utility", "worth", "speed"],
      wanted: `one of the metrics ${names.join(", ")}`,
      actual: '"speed"',
    },
    {
      path: ["utility", "worth", "resolved"],
      wanted: 'a change for the better, that begins with "+", since higher is better',
      actual: "the other sign",
    },
    {
      path: ["utility", "worth", "cost"],
      wanted: "metrics beside the one that all is told in",
      actual: '"cost"',
    },
    { path: ["pareto"], wanted: "each metric once", actual: "one twice" },
  ]);
});

test("a relative change has no worth, and one metric is no trade-off", () => {
  const wrong = (plan: unknown) => schema.safeParse(plan).error?.issues.map(({ message }) => message);
  expect(wrong({ utility: { in: "cost", worth: { resolved: "$1 per +1%" } } })).toEqual([
    "an amount for a change, such as $0.002 per +1pp or $0.0001 per -100ms",
  ]);
  expect(wrong({ utility: { in: "cost", worth: {} } })).toEqual(["1 to 7 metrics"]);
  expect(wrong({ pareto: ["resolved"] })).toEqual(["2 to 8 metrics"]);
});
