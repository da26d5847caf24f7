import type { AnalysisData } from "#core/experiments/analyse.ts";
import type { MetricPlan } from "#core/experiments/plan/analysis-plan.ts";
import { builtInMetric, winRate, type BuiltInMetric } from "#core/experiments/plan/built-in-metrics.ts";
import type { Finding } from "#core/experiments/findings/finding.ts";
import type { MetricArm, MetricArms } from "#core/experiments/comparisons/metric-arm.ts";
import { metricFindings } from "#core/experiments/findings/metric-findings.ts";
import { duelFindings } from "#core/experiments/findings/duel-findings.ts";
import { duelReadings, type DuelReading } from "#core/experiments/comparisons/duels.ts";
import type { UnitMeasure } from "#core/experiments/plan/unit-measures.ts";
import { linearMetrics, metricCovariances, type JointMetric } from "#core/statistics/joint-metric.ts";
import { mergedJointMoments, noJointMoments, type JointMoments } from "#core/statistics/joint-moments.ts";
import type { VariantMoments } from "#features/traffic/index.ts";
import type { PairVariable, ShadowStore } from "../shadows/store.ts";
import { dropFindings } from "./drop-findings.ts";
import { treatmentDuels } from "./treatment-duels.ts";
import type { PhaseQuestion } from "./experiment-data.ts";
import { armOf, builtInArm, measuresOf } from "./metric-moments.ts";
import { uncheckedFindings } from "./unchecked-findings.ts";

/** Where pairs are read from. */
export type PairStore = Pick<ShadowStore, "moments" | "dropped" | "unstable" | "duelCounts" | "unitDuels">;

/** What pairs come to. */
export interface PairedData {
  readonly data: AnalysisData;
  /** Of each treatment; none where nothing was judged. */
  readonly duels: readonly DuelReading[];
}

/**
 * What a phase found that compares off-line: for each metric the control's and each treatment's answers to the same requests, by
 * unit, with how they go together, so that what is alike in both (how hard a request is) drops out of their difference.
 */
export async function pairedData(store: PairStore, question: PhaseQuestion): Promise<PairedData> {
  const { experiment, phase, plan, days, isOver } = question;
  const about = { experiment, phase };
  const measures = measuresOf(plan.metrics.map(({ column }) => column));
  const treatments = await store.moments(about, variablesOf(measures));
  const metrics = new Map(
    plan.metrics.map((metric): [string, MetricArms] => [
      metric.name,
      armsOf({ control: plan.control, metric, measures, treatments }),
    ]),
  );
  const units = new Map(treatments.map((one) => [one.variant, one.units]));
  const all = treatments.reduce((sum, one) => sum + one.units, 0);
  const isJudged = plan.metrics.some(({ column }) => column === winRate);
  const duels = isJudged ? duelReadings(plan.control, await treatmentDuels(store, about), plan.alpha) : [];
  const data: AnalysisData = {
    counts: { all: new Map([[plan.control, all], ...units]), bySegment: new Map(), days },
    // The control has every unit, whatever the treatments' shares are.
    isAdaptive: true,
    isOver,
    metrics,
    findings: [
      ...unstableFindings(await store.unstable(about)),
      ...dropFindings(await store.dropped(about)),
      ...duelFindings(duels),
      ...uncheckedFindings(plan.metrics, sidesOf(plan.control, treatments, measures.length), measures),
      ...metricFindings(plan, metrics),
    ],
  };
  return { data, duels };
}

/** The measures of the control, those of the treatment, and how duels ended: the places of a pair's variables. */
function variablesOf(measures: readonly UnitMeasure[]): readonly PairVariable[] {
  return [
    ...measures.map((measure) => ({ side: "control", measure }) as const),
    ...measures.map((measure) => ({ side: "treatment", measure }) as const),
    "judged",
    "score",
  ];
}

/** What the arms of a metric are made from. */
interface ArmsInput {
  readonly control: string;
  readonly metric: MetricPlan;
  readonly measures: readonly UnitMeasure[];
  /** By treatment, variables as `variablesOf` has them. */
  readonly treatments: readonly VariantMoments[];
}

function armsOf(input: ArmsInput): MetricArms {
  const { control, metric, treatments } = input;
  const builtIn = metric.column === winRate ? undefined : builtInMetric(metric.column);
  const sides = builtIn ? measuredSides(input, builtIn) : duelSides(input);
  const arms = new Map(treatments.map((one): [string, MetricArm] => [one.variant, sides.treatment(one)]));
  const byName = new Map(treatments.map((one) => [one.variant, one]));
  return {
    arms: new Map([[control, sides.control(named(pooled(treatments), control))], ...arms]),
    covariance: (_control, treatment) => covariance(byName.get(treatment), sides),
    controlBeside(treatment) {
      const moments = byName.get(treatment);
      return moments && sides.control(named(moments, control));
    },
  };
}

/** How one metric is read from a pair's moments: as the arm of either side, and as a form of the variables. */
interface Sides {
  readonly control: (moments: VariantMoments) => MetricArm;
  readonly treatment: (moments: VariantMoments) => MetricArm;
  readonly metrics: readonly [control: JointMetric, treatment: JointMetric];
  /** From the variables' units to the metric's; below 0 where the control's metric is 1 less the form. */
  readonly scales: readonly [control: number, treatment: number];
}

function measuredSides({ measures }: ArmsInput, metric: BuiltInMetric): Sides {
  const { length } = measures;
  const numerator = measures.indexOf(metric.numerator);
  const denominator = metric.denominator && measures.indexOf(metric.denominator);
  const metricAt = (first: number): JointMetric =>
    denominator === undefined
      ? { mean: first + numerator }
      : { numerator: first + numerator, denominator: first + denominator };
  return {
    control: (moments) => builtInArm(metric, moments, measures),
    treatment: (moments) => builtInArm(metric, without(moments, length), measures),
    metrics: [metricAt(0), metricAt(length)],
    scales: [metric.scale, metric.scale],
  };
}

/** Of each duel one half goes to either where it is a tie: what the control wins is what the treatment does not. */
function duelSides({ measures }: ArmsInput): Sides {
  const judged = 2 * measures.length;
  const score = judged + 1;
  const won = (moments: VariantMoments) =>
    armOf(moments, { numerator: score, denominator: judged, scale: 1 });
  return {
    treatment: won,
    control(moments) {
      const arm = won(moments);
      return { ...arm, sample: { ...arm.sample, mean: arm.refusal ? 0 : 1 - arm.sample.mean } };
    },
    metrics: [
      { numerator: score, denominator: judged },
      { numerator: score, denominator: judged },
    ],
    scales: [-1, 1],
  };
}

/** Of the values of both sides, over the units of one treatment. */
function covariance(moments: VariantMoments | undefined, { metrics, scales }: Sides): number {
  if (!moments || moments.units < 2) return 0;
  const joint = jointOf(moments);
  const linear = linearMetrics(metrics, joint);
  if (!linear.ok) return 0;
  const [row] = metricCovariances([{ joint, metrics: linear.value, weight: 1 }]);
  return ((row?.[1] ?? 0) * scales[0] * scales[1]) / moments.units;
}

/** What each variant did: the control in all pairs, each treatment in its own. */
function sidesOf(
  control: string,
  treatments: readonly VariantMoments[],
  length: number,
): readonly VariantMoments[] {
  return [named(pooled(treatments), control), ...treatments.map((one) => without(one, length))];
}

function pooled(treatments: readonly VariantMoments[]): VariantMoments {
  const { count, means, products } = treatments.reduce<JointMoments>(
    (merged, one) => mergedJointMoments(merged, jointOf(one)),
    noJointMoments,
  );
  return { variant: "", units: count, means, deviations: products };
}

function jointOf({ units, means, deviations }: VariantMoments): JointMoments {
  return { count: units, means, products: deviations };
}

function named(moments: VariantMoments, variant: string): VariantMoments {
  return { ...moments, variant };
}

/** Without the first variables. */
function without({ variant, units, means, deviations }: VariantMoments, first: number): VariantMoments {
  return {
    variant,
    units,
    means: means.slice(first),
    deviations: deviations.slice(first).map((row) => row.slice(first)),
  };
}

function unstableFindings(pairs: number): readonly Finding[] {
  if (pairs === 0) return [];
  const text = `${pairs} requests named no unit that lasts: each counts as a unit by itself`;
  return [{ code: "unstable-units", severity: "note", text }];
}
