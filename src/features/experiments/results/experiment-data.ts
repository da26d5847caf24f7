import type { AnalysisData } from "#core/experiments/analyse.ts";
import type { AnalysisPlan, MetricPlan } from "#core/experiments/analysis-plan.ts";
import { builtInMetric } from "#core/experiments/built-in-metrics.ts";
import type { Finding } from "#core/experiments/finding.ts";
import type { MetricArm, MetricArms } from "#core/experiments/metric-arm.ts";
import { metricFindings } from "#core/experiments/metric-findings.ts";
import type { UnitMeasure } from "#core/experiments/unit-measures.ts";
import type { FeedbackStore, RequestLogStore, VariantMoments } from "#features/traffic/index.ts";
import {
  builtInArm,
  feedbackArm,
  feedbackOf,
  measuresOf,
  quantileArm,
  quantileErrorAlpha,
} from "./metric-moments.ts";
import { liveFindings, type TrafficLog } from "./live-findings.ts";
import { momentCovariance } from "./moment-covariance.ts";

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

/** Where results are read from: what requests came to by unit, what was said of units, and single requests for quantiles. */
export interface ResultStores {
  readonly log: Pick<RequestLogStore, "experimentMoments" | "experimentQuantile"> & TrafficLog;
  readonly feedback: Pick<FeedbackStore, "feedbackMoments">;
}

/** What the log says of a phase: from sums by unit, so that the cost does not grow with requests. */
export async function experimentData(stores: ResultStores, question: PhaseQuestion): Promise<AnalysisData> {
  const { experiment, phase, plan, days, isOver } = question;
  const measures = measuresOf(
    plan.metrics.flatMap(({ column, aggregation }) => (aggregation.kind === "quantile" ? [] : [column])),
  );
  const moments = await stores.log.experimentMoments({ experiment, phase, stable: true, measures });
  const unstable = await stores.log.experimentMoments({ experiment, phase, stable: false, measures: [] });
  const live = await liveFindings(stores.log, { experiment, phase, days });
  const metrics = new Map<string, MetricArms>();
  for (const metric of plan.metrics) {
    const arms = await metricArms(stores, { question, metric, moments, measures });
    metrics.set(metric.name, { arms: new Map(arms.map((arm) => [arm.variant, arm])) });
  }
  const all = new Map(moments.map(({ variant, units }) => [variant, units]));
  return {
    counts: { all, bySegment: new Map(), days },
    isAdaptive: false,
    isOver,
    metrics,
    ...(plan.utility && { covariance: momentCovariance(plan, moments, measures) }),
    findings: [...live, ...unstableFindings(unstable), ...metricFindings(plan, metrics)],
  };
}

/** One after the other: the embedded database has one connection, and requests are kept over it, too. */
async function metricArms(
  { log, feedback }: ResultStores,
  {
    question: { experiment, phase, plan },
    metric: { column, aggregation },
    moments,
    measures,
  }: {
    readonly question: PhaseQuestion;
    readonly metric: MetricPlan;
    readonly moments: readonly VariantMoments[];
    readonly measures: readonly UnitMeasure[];
  },
): Promise<readonly MetricArm[]> {
  const about = { experiment, phase, stable: true };
  const builtIn = builtInMetric(column);
  if (builtIn?.values !== undefined && aggregation.kind === "quantile") {
    const { values: measure } = builtIn;
    const { probability: level } = aggregation;
    const found = await log.experimentQuantile({ ...about, measure, level, alpha: quantileErrorAlpha });
    return found.map((one) => quantileArm(one, level));
  }
  if (builtIn) return moments.map((one) => builtInArm(builtIn, one, measures));
  const { name, isPerUnit } = feedbackOf(column);
  const said = await feedback.feedbackMoments({ ...about, name });
  return said.map((one) => feedbackArm(one, { isPerUnit, unitsMin: plan.minimum.units }));
}

/** Requests that could not be kept in one variant: each is a unit of its own, and none of them is compared. */
function unstableFindings(unstable: readonly { readonly units: number }[]): readonly Finding[] {
  const units = unstable.reduce((sum, one) => sum + one.units, 0);
  if (units === 0) return [];
  const text = `${units} requests named no unit that lasts: each was assigned by itself, and they are left out`;
  return [{ code: "unstable-units", severity: "warning", text }];
}
