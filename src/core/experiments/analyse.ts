import type { Result } from "#core/kernel/result.ts";
import { adjustedPValues } from "#core/statistics/multiplicity.ts";
import { liftPrior, normalPosterior, type NormalPosterior } from "#core/statistics/normal-posterior.ts";
import type { Refusal } from "#core/statistics/refusal.ts";
import type { AnalysisPlan, Design, MetricPlan } from "#core/experiments/plan/analysis-plan.ts";
import {
  decidingReading,
  fixedReading,
  type DesignState,
  type Reading,
} from "#core/experiments/comparisons/comparison.ts";
import type { Finding } from "#core/experiments/findings/finding.ts";
import {
  bothScales,
  judgedGoal,
  judgedGuardrail,
  type JudgedReadings,
  type Judgement,
} from "#core/experiments/comparisons/judgement.ts";
import type { MetricArms } from "#core/experiments/comparisons/metric-arm.ts";
import type {
  AdjustedComparison,
  AnalysedMetric,
  Comparison,
} from "#core/experiments/comparisons/analysed-metric.ts";
import { outlookOf, type Outlook } from "#core/experiments/units/outlook.ts";
import { pairOf, varianceReduction, type Pair } from "#core/experiments/comparisons/pair.ts";
import {
  perProtocolOf,
  type PerProtocol,
  type PerProtocolData,
} from "#core/experiments/comparisons/per-protocol.ts";
import { sampleFindings } from "#core/experiments/findings/sample-findings.ts";
import { noveltyFindings, segmentFindings } from "#core/experiments/findings/segment-findings.ts";
import {
  groupDifferences,
  segmentAnalysis,
  type SegmentAnalysis,
  type UnitGroup,
} from "#core/experiments/comparisons/segments.ts";
import { seriesOf, type MetricSeries, type SeriesMoment } from "#core/experiments/comparisons/series.ts";
import { paretoAnalysis, type ParetoAnalysis } from "#core/experiments/trade-offs/pareto.ts";
import { progressOf, type UnitCounts } from "#core/experiments/units/unit-counts.ts";
import { utilityAnalysis, type UtilityAnalysis } from "#core/experiments/trade-offs/utility.ts";
import type { ValueCovariance } from "#core/experiments/trade-offs/utility-arms.ts";
import { verdictOf, type Verdict } from "./verdict.ts";

/** What is to be analysed: per metric what each variant's units say. */
export interface AnalysisData {
  readonly counts: UnitCounts;
  /** Whether the chance of a variant changed from unit to unit: sizes then say nothing of the assignment. */
  readonly isAdaptive: boolean;
  /** Whether no more units come: what is too little then stays too little. */
  readonly isOver: boolean;
  /**
   * Units of each variant as they came, none left out since, where data are looked at while they grow: their sizes are then tested
   * for all looks together. Absent where data are looked at once.
   */
  readonly arrived?: UnitCounts["all"];
  readonly metrics: ReadonlyMap<string, MetricArms>;
  /** How the metrics of a utility go together; absent where nothing is known of it. */
  readonly covariance?: ValueCovariance;
  /** Primary metrics by segment; absent where units have none. */
  readonly segments?: readonly UnitGroup[];
  /** Primary metrics of the units that came in the first half of the time and in the second; absent where times are not known. */
  readonly halves?: readonly UnitGroup[];
  /** What was known of primary metrics as units came; absent where times are not known. */
  readonly series?: ReadonlyMap<string, readonly SeriesMoment[]>;
  /** Units that their assigned variant always answered; absent where it is not known, or it answered all. */
  readonly perProtocol?: PerProtocolData;
  /** What was found while the data were read. */
  readonly findings: readonly Finding[];
}

/** All that is said of a comparison. */
export interface Analysis {
  readonly metrics: readonly AnalysedMetric[];
  /** Absent where the plan says nothing of what changes are worth. */
  readonly utility?: UtilityAnalysis;
  /** Absent where the plan names no metrics that are compared all at once. */
  readonly pareto?: ParetoAnalysis;
  /** Absent where units have no segments. */
  readonly segments?: SegmentAnalysis;
  /** Absent where units are not known by who answered them, or a fallback answered none. */
  readonly perProtocol?: PerProtocol;
  /** Running differences of primary metrics; none where times are not known. */
  readonly series: readonly MetricSeries[];
  /** What primary metrics can tell by now. */
  readonly outlook: readonly Outlook[];
  readonly findings: readonly Finding[];
  readonly verdict: Verdict;
}

/** Reads data by a plan. */
export function analyse(plan: AnalysisPlan, data: AnalysisData): Analysis {
  const treatments = [...plan.shares.keys()].filter((variant) => variant !== plan.control);
  const goals = plan.metrics.filter(({ role }) => role === "primary").length * treatments.length;
  const rules = {
    plan,
    goals,
    state: { design: plan.design, progress: progressOf(plan.design, data.counts) },
  };
  const drafts = plan.metrics.flatMap((metric) => {
    const arms = data.metrics.get(metric.name);
    return arms
      ? [{ metric, arms, drafts: treatments.map((variant) => draft(rules, metric, arms, variant)) }]
      : [];
  });
  const primaries = drafts.filter(({ metric }) => metric.role === "primary").flatMap((one) => one.drafts);
  const adjusted = primaryPValues(primaries, plan.design);
  const metrics = drafts.map(({ metric, arms, drafts: compared }): AnalysedMetric => ({
    plan: metric,
    arms,
    comparisons: compared.map((one) => comparison(plan, metric, one, adjusted.get(one))),
  }));
  const segments = data.segments && segmentAnalysis(plan, rules.state, data.segments);
  const findings = [
    ...sampleFindings(plan, data),
    ...data.findings,
    ...(segments ? segmentFindings(plan, segments) : []),
    ...noveltyFindings(plan, groupDifferences(plan, data.halves ?? [])),
  ];
  const verdict = verdictOf(plan, { metrics, findings, counts: data.counts });
  const series = seriesOf(plan, data.series ?? new Map());
  const outlook = outlookOf(plan, metrics, data);
  const tradeOffs = tradeOffsOf(plan, data, rules.state);
  const perProtocol = data.perProtocol && perProtocolOf(plan, rules.state, data.perProtocol);
  const beside = { ...tradeOffs, ...(perProtocol && { perProtocol }) };
  return { metrics, ...beside, ...(segments && { segments }), series, outlook, findings, verdict };
}

/** What is weighed against what, beside the verdict. */
function tradeOffsOf(
  plan: AnalysisPlan,
  { metrics, covariance }: AnalysisData,
  state: DesignState,
): Pick<Analysis, "utility" | "pareto"> {
  const { utility, pareto } = plan;
  const known = { metrics, ...(covariance && { covariance }) };
  return {
    ...(utility && { utility: utilityAnalysis(plan, utility, { state, known }) }),
    ...(pareto && { pareto: paretoAnalysis(plan, pareto, { state, metrics }) }),
  };
}

/** The readings of one comparison, not yet judged. */
type Draft = Pick<Comparison, "variant" | "deciding" | "fixed" | "posterior" | "explained" | "adjusted">;

/** By what drafts are made. */
interface Rules {
  readonly plan: AnalysisPlan;
  /** Primary comparisons. */
  readonly goals: number;
  readonly state: DesignState;
}

function draft(rules: Rules, metric: MetricPlan, arms: MetricArms, variant: string): Draft {
  const { plan, state } = rules;
  const pair = pairOf(arms, plan.control, variant);
  const alpha = decidingAlpha(rules, metric);
  const fixed = bothScales(pair, (given, scale) => fixedReading(given, { scale, alpha: plan.alpha }));
  const explained = varianceReduction(pair);
  const posterior = posteriorOf(fixed.relative, plan.alpha, metric.better);
  const read = (given: Pair): JudgedReadings =>
    bothScales(given, (of, scale) => decidingReading(state, of, { scale, alpha }));
  const adjusted = withoutAdjustment(arms, read, { control: plan.control, variant });
  return {
    variant,
    deciding: read(pair),
    fixed,
    ...(posterior && { posterior }),
    ...(explained !== undefined && { explained }),
    ...(adjusted && { adjusted }),
  };
}

/** How a comparison would stand without what it is adjusted by. */
function withoutAdjustment(
  arms: MetricArms,
  read: (pair: Pair) => JudgedReadings,
  { control, variant }: { readonly control: string; readonly variant: string },
): AdjustedComparison | undefined {
  const { adjusted, ...plain } = arms;
  if (!adjusted) return undefined;
  const unadjusted = adjusted.by === "judge" ? adjusted.judged : plain;
  return { by: adjusted.by, unadjusted: read(pairOf(unadjusted, control, variant)) };
}

/**
 * The level of a deciding interval. A guardrail's bound is one-sided. Bounds of planned looks are made for one level, so that
 * primaries share it evenly (Bonferroni); p-values of other designs are corrected by Holm's method.
 */
function decidingAlpha({ plan, goals }: Rules, { role }: MetricPlan): number {
  if (role === "guardrail") return 2 * plan.guardrailAlpha;
  return role === "primary" && plan.design.kind === "group-sequential" ? plan.alpha / goals : plan.alpha;
}

/** What is believed of the lift after the data, with the prior that most changes are small. */
function posteriorOf(
  relative: Result<Reading, Refusal>,
  alpha: number,
  better: MetricPlan["better"],
): NormalPosterior | undefined {
  if (!relative.ok) return undefined;
  const posterior = normalPosterior(relative.value, {
    alpha,
    prior: liftPrior,
    higherIsBetter: better === "higher",
  });
  return posterior.ok ? posterior.value : undefined;
}

/** Adjusted p-values of the primary comparisons: the family of which one error rate is promised. */
function primaryPValues(drafts: readonly Draft[], { kind }: Design): ReadonlyMap<Draft, number> {
  const known = drafts.flatMap((one) =>
    one.deciding.absolute.ok ? [{ one, pValue: one.deciding.absolute.value.pValue }] : [],
  );
  const adjusted = adjustedPValues(
    known.map(({ pValue }) => pValue),
    kind === "group-sequential" ? "bonferroni" : "holm",
  );
  return new Map(
    known.map(({ one, pValue }, index) => [one, adjusted.ok ? (adjusted.value[index] ?? 1) : pValue]),
  );
}

function comparison(
  plan: AnalysisPlan,
  metric: MetricPlan,
  read: Draft,
  adjusted: number | undefined,
): Comparison {
  return {
    ...read,
    judgement: judgementOf(plan, metric, read, adjusted),
    ...(adjusted !== undefined && { adjustedPValue: adjusted }),
  };
}

function judgementOf(
  { alpha }: AnalysisPlan,
  metric: MetricPlan,
  { deciding }: Draft,
  adjusted: number | undefined,
): Judgement {
  if (metric.role === "guardrail")
    return metric.margin ? judgedGuardrail(metric.margin, deciding) : "unknown";
  if (!deciding.absolute.ok) return "unknown";
  const reading = deciding.absolute.value;
  return judgedGoal(metric, {
    reading,
    isSignificant: (adjusted ?? reading.pValue) <= alpha,
    readings: deciding,
  });
}
