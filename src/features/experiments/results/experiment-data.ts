import type { AnalysisData } from "#core/experiments/analyse.ts";
import type { AnalysisPlan, MetricPlan } from "#core/experiments/plan/analysis-plan.ts";
import { builtInMetric } from "#core/experiments/plan/built-in-metrics.ts";
import { eventOf } from "#core/experiments/plan/metric-event.ts";
import type { Finding } from "#core/experiments/findings/finding.ts";
import type { MetricArm, MetricArms } from "#core/experiments/comparisons/metric-arm.ts";
import { metricFindings } from "#core/experiments/findings/metric-findings.ts";
import type { PerProtocolData } from "#core/experiments/comparisons/per-protocol.ts";
import { totalUnits } from "#core/experiments/units/unit-counts.ts";
import type { UnitMeasure } from "#core/experiments/plan/unit-measures.ts";
import { present } from "#core/kernel/present.ts";
import type { JudgePlan } from "#features/configuration/index.ts";
import type { VariantMoments } from "#features/traffic/index.ts";
import { eventMoments, openWindowFindings } from "./event-moments.ts";
import type { AdjustedMetrics } from "./adjusted-metrics.ts";
import { liveJudges } from "./live-judges.ts";
import { liveStrata } from "./live-strata.ts";
import { meanArms, type Read } from "./mean-arms.ts";
import { clusterSizes, measuresOf, quantileArm, quantileErrorAlpha } from "./metric-moments.ts";
import { momentCovariance } from "./moment-covariance.ts";
import { phaseTraffic } from "./phase-traffic.ts";
import type { ResultStores } from "./result-stores.ts";
import { segmentParts } from "./segment-parts.ts";
import { timeParts } from "./time-parts.ts";
import { uncheckedFindings } from "./unchecked-findings.ts";

/** Which phase of which experiment, by which plan. */
export interface PhaseQuestion {
  readonly experiment: string;
  readonly phase: number;
  readonly plan: AnalysisPlan;
  /** Since it began, until now or its end. */
  readonly days: number;
  /** Whether no more units come. */
  readonly isOver: boolean;
  /** Tags by whose values units are also compared. */
  readonly segments?: readonly string[];
  /** The tag by whose values units are strata; absent where metrics are compared as they stand. */
  readonly strata?: string;
  /** How metrics of judges are corrected, by name; absent where none is. */
  readonly judges?: ReadonlyMap<string, JudgePlan>;
  /** By when the time of a unit must be over, where a metric counts what comes within a time; ms since 1970. */
  readonly nowMs: number;
}

const noJudges: ReadonlyMap<string, JudgePlan> = new Map();

/** What the log says of a phase: from sums by unit and by time, so that the cost does not grow with requests. */
export async function experimentData(stores: ResultStores, question: PhaseQuestion): Promise<AnalysisData> {
  const { experiment, phase, plan, days, isOver, nowMs } = question;
  const measures = neededMeasures(plan);
  const about = { experiment, phase, stable: true };
  const asAssigned = await stores.log.experimentMoments({ ...about, measures });
  const unstable = await stores.log.experimentMoments({ ...about, stable: false, measures: [] });
  const variants = [...plan.shares.keys()];
  const sizes = clusterSizes(asAssigned, measures);
  const traffic = await phaseTraffic(stores.log, { ...about, days, variants, clusterSizes: sizes });
  const { without, hasFallbacks } = traffic;
  const units = { ...about, without };
  const moments =
    without.length === 0 ? asAssigned : await stores.log.experimentMoments({ ...units, measures });
  // What is worth what needs how both kinds of metrics go together.
  const beside = plan.utility ? measures : [];
  const asked = { metrics: plan.metrics, measures: beside, nowMs };
  const events = await eventMoments(stores.feedback, units, asked);
  const plain = await metricsOf(stores, question, { units, measures, moments, events });
  const adjusted = await adjustedMetrics(stores, question, { units, plain });
  const metrics = new Map([...plain, ...adjusted.metrics]);
  const perProtocol = hasFallbacks ? await perProtocolData(stores, question, units) : undefined;
  const all = unitsByVariant(moments);
  // Humans said too little of parts to correct a judge there, and what a judge says is another metric.
  const parted = {
    ...plan,
    metrics: plan.metrics.filter(({ name }) => metrics.get(name)?.adjusted?.by !== "judge"),
  };
  const segments = await segmentParts(stores, { plan: parted, units, nowMs, tags: question.segments ?? [] });
  const joint = [{ measures, sums: [], moments }, ...events];
  return {
    counts: { all, bySegment: new Map(segments.map(({ name, counts }) => [name, counts])), days },
    isAdaptive: false,
    isOver,
    arrived: unitsByVariant(asAssigned),
    metrics,
    ...(await timesOf(stores, { plan: parted, units, nowMs, count: totalUnits(all) }, metrics)),
    ...(segments.length > 0 && { segments }),
    ...(perProtocol && { perProtocol }),
    ...(plan.utility && { covariance: momentCovariance(parted, joint) }),
    findings: [
      ...traffic.findings,
      ...unstableFindings(unstable),
      ...uncheckedFindings(plan.metrics, moments, measures),
      ...openWindowFindings(plan.metrics, events, all),
      ...adjusted.findings,
      ...metricFindings(plan, metrics),
    ],
  };
}

/** Metrics that are compared otherwise than as they stand. */
async function adjustedMetrics(
  stores: ResultStores,
  { plan, strata: tag, judges = noJudges, nowMs }: PhaseQuestion,
  { units, plain }: { readonly units: Read["units"]; readonly plain: ReadonlyMap<string, MetricArms> },
): Promise<AdjustedMetrics> {
  const about = { plan, metrics: plan.metrics, units, nowMs };
  const judged = await liveJudges(stores, { ...about, judges }, plain);
  if (tag === undefined) return judged;
  const others = plan.metrics.filter(({ name }) => !judges.has(name));
  const stratified = await liveStrata(stores, { ...about, tag, metrics: others }, plain);
  return {
    metrics: new Map([...judged.metrics, ...stratified.metrics]),
    findings: [...judged.findings, ...stratified.findings],
  };
}

/** Running differences are of metrics as they stand: those that are adjusted have none. */
async function timesOf(
  stores: ResultStores,
  question: Parameters<typeof timeParts>[1],
  metrics: ReadonlyMap<string, MetricArms>,
): ReturnType<typeof timeParts> {
  const { series, ...times } = await timeParts(stores, question);
  const plain = series && new Map([...series].filter(([name]) => !metrics.get(name)?.adjusted));
  return { ...times, ...(plain && { series: plain }) };
}

/** What metrics are made of, and how many requests there are. */
function neededMeasures({ metrics }: Pick<AnalysisPlan, "metrics">): readonly UnitMeasure[] {
  const columns = metrics.flatMap(({ column, aggregation, event }) =>
    event || aggregation.kind === "quantile" ? [] : [column],
  );
  return [...new Set<UnitMeasure>(["requests", ...measuresOf(columns)])];
}

/** Primary metrics of the units that no fallback answered. */
async function perProtocolData(
  stores: ResultStores,
  question: PhaseQuestion,
  asAssigned: Read["units"],
): Promise<PerProtocolData> {
  const metrics = question.plan.metrics.filter(({ role }) => role === "primary");
  const plan = { ...question.plan, metrics };
  const units = { ...asAssigned, perProtocol: true } as const;
  const measures = neededMeasures(plan);
  const moments = await stores.log.experimentMoments({ ...units, measures });
  const asked = { metrics, measures: [], nowMs: question.nowMs };
  const events = await eventMoments(stores.feedback, units, asked);
  const plain = await metricsOf(stores, { ...question, plan }, { units, measures, moments, events });
  const { judges = noJudges, nowMs } = question;
  const judged = await liveJudges(stores, { metrics, judges, units, nowMs }, plain);
  return { units: unitsByVariant(moments), metrics: new Map([...plain, ...judged.metrics]) };
}

function unitsByVariant(moments: readonly VariantMoments[]): ReadonlyMap<string, number> {
  return new Map(moments.map(({ variant, units }) => [variant, units]));
}

/** One after the other: the embedded database has one connection, and requests are kept over it, too. */
async function metricsOf(
  stores: ResultStores,
  question: PhaseQuestion,
  read: Read,
): Promise<ReadonlyMap<string, MetricArms>> {
  const metrics = new Map<string, MetricArms>();
  for (const metric of question.plan.metrics) {
    const arms = await metricArms(stores, { question, metric, read });
    metrics.set(metric.name, { arms: new Map(arms.map((arm) => [arm.variant, arm])) });
  }
  return metrics;
}

/** What is asked of one metric. */
interface MetricQuestion {
  readonly question: PhaseQuestion;
  readonly metric: MetricPlan;
  readonly read: Read;
}

async function metricArms(stores: ResultStores, asked: MetricQuestion): Promise<readonly MetricArm[]> {
  const { metric, read, question } = asked;
  if (metric.aggregation.kind === "quantile")
    return quantileArms(stores, { ...asked, level: metric.aggregation.probability });
  return meanArms(metric, read, question.plan.minimum.units);
}

async function quantileArms(
  { log, feedback }: ResultStores,
  { metric, question, read, level }: MetricQuestion & { readonly level: number },
): Promise<readonly MetricArm[]> {
  const { nowMs } = question;
  const about = { ...read.units, level, alpha: quantileErrorAlpha };
  const event = eventOf(metric);
  if (event) {
    const { event: name, withinMs, sources, labels } = event;
    const found = await feedback.feedbackQuantile({
      ...about,
      name,
      ...present({ sources, labels }),
      ...(withinMs !== undefined && { window: { lengthMs: withinMs, nowMs } }),
    });
    return found.map((one) => quantileArm(one, level));
  }
  const measure = builtInMetric(metric.column)?.values;
  if (measure === undefined) return [];
  const found = await log.experimentQuantile({ ...about, measure });
  return found.map((one) => quantileArm(one, level));
}

/** Requests that could not be kept in one variant: each is a unit of its own, and none of them is compared. */
function unstableFindings(unstable: readonly { readonly units: number }[]): readonly Finding[] {
  const units = unstable.reduce((sum, one) => sum + one.units, 0);
  if (units === 0) return [];
  const text = `${units} requests named no unit that lasts: each was assigned by itself, and they are left out`;
  return [{ code: "unstable-units", severity: "warning", text }];
}
