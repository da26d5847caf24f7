import { describe, expect, test } from "vitest";
import { z } from "zod";
import { must } from "../../../../test/support/must.ts";
import { planShape } from "./plan-schema.ts";
import { assumedPlan, resolvePlan } from "./resolve-plan.ts";

const schema = z.strictObject(planShape);
const kinds: ReadonlyMap<string, "mean" | "ratio"> = new Map([
  ["resolved", "mean"],
  ["latency", "mean"],
  ["cost", "ratio"],
  ["error_rate", "mean"],
]);
const context = {
  control: "flash",
  shares: new Map([
    ["flash", 0.5],
    ["argon", 0.5],
  ]),
  available: {
    names: ["resolved", "latency", "cost", "error_rate"],
    kindOf: (name: string) => kinds.get(name),
    hasQuantiles: (name: string) => kinds.get(name) === "mean",
  },
};

function resolved(written: z.input<typeof schema>) {
  return resolvePlan(schema.parse(written), context);
}

function complaintsOf(written: z.input<typeof schema>) {
  const plan = resolved(written);
  return plan.ok ? expect.unreachable("a plan that is wrong was taken") : plan.error;
}

describe("a plan", () => {
  test("names metrics with their way, by the sign, else by the name", () => {
    const plan = must(
      resolved({
        primary: { resolved: { minimum_effect: "+2pp" } },
        secondary: ["latency"],
        guardrails: { error_rate: "+1pp", latency_p95: "+20%", cost: "+15%" },
      }),
    );
    expect(
      plan.metrics.map(({ name, role, better, column, aggregation }) => [
        name,
        role,
        better,
        column,
        aggregation.kind,
      ]),
    ).toEqual([
      ["resolved", "primary", "higher", "resolved", "mean"],
      ["latency", "secondary", "lower", "latency", "mean"],
      ["error_rate", "guardrail", "lower", "error_rate", "mean"],
      ["latency_p95", "guardrail", "lower", "latency", "quantile"],
      ["cost", "guardrail", "lower", "cost", "ratio"],
    ]);
    expect(plan.assumed).toEqual(["secondary metric latency: lower is better"]);
    expect(plan).toMatchObject({
      alpha: 0.05,
      guardrailAlpha: 0.025,
      power: 0.8,
      minimum: { units: 100, days: 0 },
    });
    expect(plan.design).toEqual({ kind: "always-valid" });
  });

  test("says by which design it is looked at", () => {
    const designOf = (design: z.input<typeof schema>["design"]) =>
      must(resolved({ primary: "resolved", design })).design;
    expect(designOf("fixed")).toEqual({ kind: "fixed" });
    expect(designOf({ units: "20k" })).toEqual({ kind: "fixed", units: 20_000 });
    expect(designOf({ planned: "14d", looks: 5 })).toEqual({
      kind: "group-sequential",
      days: 14,
      looks: 5,
      spending: "obrien-fleming",
    });
  });

  test("may define a metric by another column", () => {
    const plan = must(
      resolved({
        primary: { slowest: { minimum_effect: "-10%" } },
        metrics: { slowest: { of: "latency", quantile: "99%" } },
      }),
    );
    expect(plan.metrics).toEqual([
      {
        name: "slowest",
        role: "primary",
        better: "lower",
        column: "latency",
        aggregation: { kind: "quantile", probability: 0.99 },
        minimumEffect: { scale: "relative", value: -0.1 },
      },
    ]);
  });

  test("is told all that is wrong with it", () => {
    expect(
      complaintsOf({
        primary: { resolvd: {}, latency: {} },
        guardrails: { latency: "+10%", error_rate: "-1pp" },
        metrics: { error_rate: { better: "lower" }, tokens: { better: "lower" } },
      }),
    ).toEqual([
      { path: ["guardrails", "latency"], wanted: "each metric in one role", actual: '"latency" again' },
      {
        path: ["metrics", "tokens"],
        wanted: "metrics that stand under primary, secondary or guardrails",
        actual: '"tokens"',
      },
      {
        path: ["primary", "resolvd"],
        wanted: "one of the metrics resolved, latency, cost, error_rate",
        actual: '"resolvd"',
      },
      {
        path: ["guardrails", "error_rate"],
        wanted: 'a margin of harm that begins with "+", since lower is better',
        actual: "the other sign",
      },
    ]);
  });

  test("that nobody wrote lets the first metric decide", () => {
    const plan = must(resolvePlan(assumedPlan(context.available), context));
    expect(plan.metrics.map(({ name, role }) => [name, role])).toEqual([
      ["resolved", "primary"],
      ["latency", "secondary"],
      ["cost", "secondary"],
      ["error_rate", "secondary"],
    ]);
  });
});
