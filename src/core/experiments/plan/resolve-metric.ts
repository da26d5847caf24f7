import { failed, ok, type Result } from "#core/kernel/result.ts";
import { betterByName, type Aggregation, type MetricPlan, type Role } from "./analysis-plan.ts";
import { builtInMetric } from "./built-in-metrics.ts";
import { isOfUnits, type EventMetric } from "./event-metric.ts";
import type { Margin } from "./margin.ts";
import { eventMetricOf, type WrittenMetric } from "./metric-schema.ts";
import type { WrittenPlan } from "./plan-schema.ts";

/** What is wrong with one place of a plan. */
export interface PlanComplaint {
  readonly path: readonly string[];
  readonly wanted: string;
  readonly actual: string;
}

/** The metrics that there are. */
export interface AvailableMetrics {
  /** Those that can be listed. */
  readonly names: readonly string[];
  /** How one is made where nobody says it; undefined where there is none of that name. */
  readonly kindOf: (name: string) => "mean" | "ratio" | undefined;
  /** Whether its values are known one by one. */
  readonly hasQuantiles: (name: string) => boolean;
  /** Which way is better; undefined where its name has to tell. */
  readonly betterOf?: (name: string) => MetricPlan["better"] | undefined;
  /** Set where metrics can be made of what is said about units. */
  readonly hasEvents?: true;
  /** Set where all values are known one by one, and a share of them can be cut off. */
  readonly winsorises?: true;
  /** What to write in the place of a name that there is not; absent is one of `names`. */
  readonly wantedFor?: (name: string) => string;
}

/** A metric that a plan names, and where. */
export interface Wish {
  readonly name: string;
  readonly role: Role;
  readonly path: readonly string[];
  /** A guardrail's margin or a goal's smallest effect. */
  readonly change: Margin | undefined;
  /** Which way is better, by what it is worth; undefined where nothing says it. */
  readonly better?: MetricPlan["better"] | undefined;
}

/** A metric as an analysis takes it, or what is wrong with it. */
export function metricPlan(
  { name, role, path, change, better: byWorth }: Wish,
  { metrics = {} }: WrittenPlan,
  available: AvailableMetrics,
): Result<MetricPlan, PlanComplaint> {
  const defined = metrics[name];
  const misfit = misfitOf(name, defined, available);
  if (misfit) return failed(misfit);
  const made = aggregationOf(name, defined, available);
  if (!made) {
    const column = defined?.of ?? name;
    const known = available.wantedFor?.(column) ?? `one of the metrics ${available.names.join(", ")}`;
    return failed({ path, wanted: known, actual: `"${column}"` });
  }
  const better =
    defined?.better ??
    betterBySign(role, change) ??
    available.betterOf?.(made.column) ??
    byWorth ??
    betterByName(name);
  const wrong = change && contradiction(role, better, change);
  if (wrong !== undefined) return failed({ path, wanted: wrong, actual: "the other sign" });
  return ok({
    name,
    role,
    better,
    ...made,
    ...(role === "guardrail" && change && { margin: change }),
    ...(role === "primary" && change && { minimumEffect: change }),
    ...(defined?.winsorise !== undefined && { winsorised: defined.winsorise }),
  });
}

/** What is written of a metric and does not go with what it could be made of. */
function misfitOf(
  name: string,
  defined: WrittenMetric | undefined,
  { hasEvents, winsorises }: AvailableMetrics,
): PlanComplaint | undefined {
  const path = ["metrics", name];
  if (defined?.event !== undefined && !hasEvents)
    return {
      path: [...path, "event"],
      wanted: "a column or a built-in metric (`of`), as nothing is said about these units",
      actual: `"${defined.event}"`,
    };
  if (defined?.event !== undefined && builtInMetric(name))
    return { path, wanted: "a name that is no built-in metric", actual: `"${name}"` };
  if (defined?.winsorise !== undefined && !winsorises)
    return {
      path: [...path, "winsorise"],
      wanted: "no share of values, which is of files; `cap` of an event",
      actual: "one",
    };
  return undefined;
}

/** The quantile that a name ends with: `latency_p95`, `latency_p99.9`. */
const quantileName = /^(.+)_p(\d{1,2}(?:\.\d+)?)$/;

function aggregationOf(
  name: string,
  defined: WrittenMetric | undefined,
  available: AvailableMetrics,
): Pick<MetricPlan, "column" | "aggregation" | "event"> | undefined {
  const event = defined && eventMetricOf(defined);
  if (event) return { column: event.event, aggregation: eventAggregation(event, defined.quantile), event };
  const column = defined?.of ?? name;
  const [, base = "", percent = ""] = quantileName.exec(column) ?? [];
  const probability = Number(percent) / 100;
  if (defined?.quantile === undefined && probability > 0 && available.hasQuantiles(base))
    return { column: base, aggregation: { kind: "quantile", probability } };
  if (defined?.quantile !== undefined) {
    return available.hasQuantiles(column)
      ? { column, aggregation: { kind: "quantile", probability: defined.quantile } }
      : undefined;
  }
  const kind = available.kindOf(column);
  return kind && { column, aggregation: { kind } };
}

function eventAggregation(event: EventMetric, probability = 0): Aggregation {
  if (event.aggregation === "quantile") return { kind: "quantile", probability };
  return { kind: isOfUnits(event) ? "mean" : "ratio" };
}

/** A guardrail's sign is the way of harm, a goal's the way of gain. */
function betterBySign(role: Role, change: Margin | undefined): MetricPlan["better"] | undefined {
  if (!change) return undefined;
  return change.value > 0 === (role === "primary") ? "higher" : "lower";
}

function contradiction(role: Role, better: MetricPlan["better"], change: Margin): string | undefined {
  if (betterBySign(role, change) === better) return undefined;
  const sign = (role === "primary") === (better === "higher") ? "+" : "-";
  const what = role === "primary" ? "an improvement" : "a margin of harm";
  return `${what} that begins with "${sign}", since ${better} is better`;
}
