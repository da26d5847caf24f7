import { failed, ok, type Result } from "#core/kernel/result.ts";
import {
  planDefaults,
  type AnalysisPlan,
  type Design,
  type MetricPlan,
  type MinimumSample,
} from "./analysis-plan.ts";
import type { WrittenPlan } from "./plan-schema.ts";
import { metricPlan, type AvailableMetrics, type PlanComplaint, type Wish } from "./resolve-metric.ts";
import { resolvedTradeOffs, tradedMetrics, tradeOffComplaints } from "./resolve-trade-offs.ts";

/** What a plan is resolved against. */
export interface PlanContext {
  readonly control: string;
  readonly shares: ReadonlyMap<string, number>;
  readonly available: AvailableMetrics;
  /** Where the plan says nothing; absent is `planDefaults.minimum`. */
  readonly minimum?: MinimumSample;
}

const dayMs = 86_400_000;

/** The plan that was written, with what it leaves out filled in; or all that is wrong with it. */
export function resolvePlan(
  written: WrittenPlan,
  { control, shares, available, minimum = planDefaults.minimum }: PlanContext,
): Result<AnalysisPlan, readonly PlanComplaint[]> {
  const wishes = wishesOf(written);
  const complaints = [...repeatedNames(wishes), ...unknownDefinitions(written, wishes)];
  const metrics: MetricPlan[] = [];
  for (const wish of wishes) {
    const metric = metricPlan(wish, written, available);
    if (metric.ok) metrics.push(metric.value);
    else complaints.push(metric.error);
  }
  complaints.push(...tradeOffComplaints(written, metrics));
  if (complaints.length > 0) return failed(complaints);
  return ok({
    control,
    shares,
    metrics,
    design: designOf(written.design),
    alpha: written.alpha ?? planDefaults.alpha,
    guardrailAlpha: planDefaults.guardrailAlpha,
    power: written.power ?? planDefaults.power,
    minimum: {
      units: written.minimum?.units ?? minimum.units,
      days: written.minimum?.days ?? minimum.days,
    },
    ...resolvedTradeOffs(written, metrics),
    assumed: metrics.flatMap((metric) => assumption(metric, written) ?? []),
  });
}

/** What is named, with what is weighed against something and has no other role: it is shown beside. */
function wishesOf(written: WrittenPlan): readonly Wish[] {
  const traded = tradedMetrics(written);
  const ways = new Map(traded.flatMap(({ name, better }) => (better ? [[name, better]] : [])));
  const named = rolesOf(written).map((wish): Wish => ({ ...wish, better: ways.get(wish.name) }));
  const known = new Set(named.map(({ name }) => name));
  const more = traded.filter(({ name }) => !known.has(name) && known.add(name));
  return [
    ...named,
    ...more.map(({ name, path }): Wish => ({
      name,
      role: "secondary",
      path,
      change: undefined,
      better: ways.get(name),
    })),
  ];
}

function rolesOf({ primary = {}, secondary = [], guardrails = {} }: WrittenPlan): readonly Wish[] {
  return [
    ...Object.entries(primary).map(([name, goal]): Wish => ({
      name,
      role: "primary",
      path: ["primary", name],
      change: goal.minimum_effect,
    })),
    ...secondary.map((name, index): Wish => ({
      name,
      role: "secondary",
      path: ["secondary", String(index)],
      change: undefined,
    })),
    ...Object.entries(guardrails).map(([name, change]): Wish => ({
      name,
      role: "guardrail",
      path: ["guardrails", name],
      change,
    })),
  ];
}

function repeatedNames(wishes: readonly Wish[]): PlanComplaint[] {
  const seen = new Set<string>();
  return wishes.flatMap(({ name, path }) => {
    if (!seen.has(name)) {
      seen.add(name);
      return [];
    }
    return [{ path, wanted: "each metric in one role", actual: `"${name}" again` }];
  });
}

function unknownDefinitions(
  { metrics = {} }: WrittenPlan,
  wishes: readonly Wish[],
): readonly PlanComplaint[] {
  return Object.keys(metrics)
    .filter((name) => !wishes.some((wish) => wish.name === name))
    .map((name) => ({
      path: ["metrics", name],
      wanted: "metrics that stand under primary, secondary or guardrails",
      actual: `"${name}"`,
    }));
}

function designOf(design: WrittenPlan["design"]): Design {
  if (design === undefined || design === "always_valid") return { kind: "always-valid" };
  if (design === "fixed") return { kind: "fixed" };
  const { units, planned, looks = 1, spending = "obrien-fleming" } = design;
  const horizon = {
    ...(units !== undefined && { units }),
    ...(planned !== undefined && { days: planned / dayMs }),
  };
  return looks === 1
    ? { kind: "fixed", ...horizon }
    : { kind: "group-sequential", looks, spending, ...horizon };
}

function assumption(
  { name, better, role, margin, minimumEffect }: MetricPlan,
  { metrics = {}, utility }: WrittenPlan,
): string | undefined {
  if (metrics[name]?.better !== undefined || margin || minimumEffect) return undefined;
  if (utility && name in utility.worth) return undefined;
  return `${role} metric ${name}: ${better} is better`;
}

/** The plan where nobody wrote one: the first metric decides, the others are shown beside. */
export function assumedPlan({ names }: AvailableMetrics): WrittenPlan {
  const [first, ...others] = names;
  return { ...(first !== undefined && { primary: { [first]: {} } }), secondary: others };
}
