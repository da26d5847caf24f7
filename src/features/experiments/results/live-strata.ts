import type { AnalysisPlan, MetricPlan } from "#core/experiments/plan/analysis-plan.ts";
import type { MetricArms } from "#core/experiments/comparisons/metric-arm.ts";
import {
  joinedStrata,
  stratifiedArms,
  strataProblem,
  strataText,
  type NamedStratum,
} from "#core/experiments/comparisons/strata.ts";
import type { Finding } from "#core/experiments/findings/finding.ts";
import type { VariantMoments } from "#features/traffic/index.ts";
import type { AdjustedMetrics } from "./adjusted-metrics.ts";
import type { Read } from "./mean-arms.ts";
import { crossOf } from "./metric-moments.ts";
import { formIn } from "./placed-form.ts";
import type { ResultStores } from "./result-stores.ts";
import { mergedParts, readParts } from "./unit-part-arms.ts";

/** Values of the tag that can be strata of their own, at most: units with others are one group. */
const valuesMax = 50;

/** What is asked of strata. */
interface StrataQuestion {
  readonly plan: Pick<AnalysisPlan, "shares">;
  readonly units: Read["units"];
  readonly nowMs: number;
  /** The tag by whose values units are strata, as the first request of a unit has it. */
  readonly tag: string;
  /** What is to be compared inside them; of quantiles nothing is. */
  readonly metrics: readonly MetricPlan[];
}

/** Metrics inside strata of a tag, all of them read at once, part by part. */
export async function liveStrata(
  stores: ResultStores,
  { plan, units, nowMs, tag, metrics }: StrataQuestion,
  arms: ReadonlyMap<string, MetricArms>,
): Promise<AdjustedMetrics> {
  const values = await stores.log.experimentSegments({ ...units, tag, limit: valuesMax });
  const asked = metrics.filter(({ aggregation }) => aggregation.kind !== "quantile");
  const variants = [...plan.shares.keys()];
  const by = `tags.${tag}`;
  if (values.length === 0) return { metrics: new Map(), findings: notAtAll(by, strataProblem(0)) };
  const read = await readParts(stores, { metrics: asked, units, parts: { tag, values }, nowMs });
  const strata = joinedStrata(countsOf([...values, ""], variants, read.moments));
  const problem = strataProblem(strata.length);
  if (problem !== undefined) return { metrics: new Map(), findings: notAtAll(by, problem) };
  const groups = strata.map(({ name, places }) => {
    const parts = new Set(places);
    return { name, read: mergedParts(read, (part) => parts.has(part)) };
  });
  const outcomes = asked.map((metric) => {
    const inside = groups.map((group) => ({ name: group.name, arms: momentsIn(metric, group.read) }));
    const adjusted = stratifiedArms(arms.get(metric.name) ?? { arms: new Map() }, inside, variants);
    return { metric, adjusted };
  });
  const stratified = outcomes.flatMap(({ metric, adjusted }) =>
    adjusted.ok ? [[metric.name, adjusted.value] as const] : [],
  );
  const names = stratified.map(([name]) => name).join(", ");
  const text = `Compared inside ${strataText(strata)} by ${by}, each weighted by its share of the units: ${names}`;
  const note: Finding = { code: "stratified", severity: "note", text };
  return {
    metrics: new Map(stratified),
    findings: [
      ...(stratified.length > 0 ? [note] : []),
      ...outcomes.flatMap(({ metric, adjusted }) =>
        adjusted.ok || metric.role === "secondary" ? [] : [asItStands(metric.name, adjusted.error)],
      ),
    ],
  };
}

function notAtAll(by: string, reason = ""): readonly Finding[] {
  const text = `Nothing is compared inside strata by ${by}: ${reason}`;
  return [{ code: "not-adjusted", severity: "warning", text }];
}

function asItStands(about: string, reason: string): Finding {
  const text = `${about} is not compared inside strata: ${reason}`;
  return { code: "not-adjusted", severity: "warning", about, text };
}

/** Units of each value, by variant; the last ones have any other, or none. */
function countsOf(names: readonly string[], variants: readonly string[], moments: readonly VariantMoments[]) {
  const units = new Map(
    moments.map(({ variant, part = 0, units: count }) => [JSON.stringify([part, variant]), count]),
  );
  return names.map((name, part) => ({
    name,
    units: variants.map((variant) => units.get(JSON.stringify([part, variant])) ?? 0),
  }));
}

/** What a metric is made of, in one stratum. */
function momentsIn(metric: MetricPlan, read: Read): NamedStratum["arms"] {
  const sets = [{ measures: read.measures, sums: [], moments: read.moments }, ...read.events];
  for (const set of sets) {
    const form = formIn(set, metric);
    if (form) return new Map(set.moments.map((one) => [one.variant, crossOf(one, form)]));
  }
  return new Map();
}
