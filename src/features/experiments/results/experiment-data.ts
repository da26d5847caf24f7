import type { AnalysisData } from "#core/experiments/analyse.ts";
import type { AnalysisPlan } from "#core/experiments/analysis-plan.ts";
import { builtInMetric } from "#core/experiments/built-in-metrics.ts";
import type { Finding } from "#core/experiments/finding.ts";
import type { MetricArms } from "#core/experiments/metric-arm.ts";
import { metricFindings } from "#core/experiments/metric-findings.ts";
import type { RequestLogStore } from "#features/traffic/index.ts";
import { builtInArm, measuresOf } from "./metric-moments.ts";

/** Which phase of which experiment, by which plan. */
export interface PhaseQuestion {
  readonly experiment: string;
  readonly phase: number;
  readonly plan: AnalysisPlan;
  /** Since it began, until now or its end. */
  readonly days: number;
  /** Whether no more units come. */
  readonly isOver: boolean;
}

/** What the request log says of a phase: from sums by unit, so that the cost does not grow with requests. */
export async function experimentData(
  store: Pick<RequestLogStore, "experimentMoments">,
  { experiment, phase, plan, days, isOver }: PhaseQuestion,
): Promise<AnalysisData> {
  const measures = measuresOf(plan.metrics.map(({ column }) => column));
  const [moments, unstable] = await Promise.all([
    store.experimentMoments({ experiment, phase, stable: true, measures }),
    store.experimentMoments({ experiment, phase, stable: false, measures: [] }),
  ]);
  const metrics = new Map<string, MetricArms>();
  for (const { name, column } of plan.metrics) {
    const metric = builtInMetric(column);
    if (!metric) continue;
    const arms = moments.map((one) => [one.variant, builtInArm(metric, one, measures)] as const);
    metrics.set(name, { arms: new Map(arms) });
  }
  const all = new Map(moments.map(({ variant, units }) => [variant, units]));
  return {
    counts: { all, bySegment: new Map(), days },
    isAdaptive: false,
    isOver,
    metrics,
    findings: [...unstableFindings(unstable), ...metricFindings(plan, metrics)],
  };
}

/** Requests that could not be kept in one variant: each is a unit of its own, and none of them is compared. */
function unstableFindings(unstable: readonly { readonly units: number }[]): readonly Finding[] {
  const units = unstable.reduce((sum, one) => sum + one.units, 0);
  if (units === 0) return [];
  const text = `${units} requests named no unit that lasts: each was assigned by itself, and they are left out`;
  return [{ code: "unstable-units", severity: "warning", text }];
}
