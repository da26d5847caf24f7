import type { AnalysedMetric, Comparison } from "#core/experiments/comparisons/analysed-metric.ts";
import type { Analysis } from "#core/experiments/analyse.ts";
import type { AnalysisPlan, Design, MetricPlan } from "#core/experiments/plan/analysis-plan.ts";
import { marginText } from "#core/experiments/comparisons/change-text.ts";
import { eventMetricText } from "#core/experiments/plan/event-metric-text.ts";
import type { Margin } from "#core/experiments/plan/margin.ts";
import type { Outlook } from "#core/experiments/units/outlook.ts";
import type { UnitCounts } from "#core/experiments/units/unit-counts.ts";
import type { Verdict } from "#core/experiments/verdict.ts";
import { present } from "#core/kernel/present.ts";
import type { NormalPosterior } from "#core/statistics/normal-posterior.ts";
import { bounds, readingsView } from "./reading-view.ts";
import { perProtocolView } from "./per-protocol-view.ts";
import { seriesView } from "./series-view.ts";
import { segmentsView } from "./segments-view.ts";
import { paretoView, utilityView } from "./trade-offs-view.ts";

/** An analysis as JSON: numbers with intervals, and the reason where there is none. */
export function analysisView(plan: AnalysisPlan, analysis: Analysis, counts: UnitCounts) {
  return {
    verdict: verdictView(analysis.verdict),
    plan: planView(plan),
    variants: [...plan.shares].map(([name, share]) => ({
      name,
      is_control: name === plan.control,
      share,
      units: counts.all.get(name) ?? 0,
    })),
    ...present({ days: counts.days }),
    findings: [...analysis.findings],
    metrics: analysis.metrics.map((metric) => metricView(metric)),
    outlook: analysis.outlook.map(outlookView),
    ...(analysis.utility && { utility: utilityView(analysis.utility) }),
    ...(analysis.pareto && { pareto: paretoView(analysis.pareto) }),
    ...(analysis.segments && segmentsView(analysis.segments, plan)),
    ...(analysis.perProtocol && { per_protocol: perProtocolView(analysis.perProtocol) }),
    ...(analysis.series.length > 0 && { series: analysis.series.map(seriesView) }),
  };
}

function outlookView({ metric, variant, units, detectable, wanted, text }: Outlook) {
  return {
    metric: metric.name,
    variant,
    units,
    detectable,
    wanted: wanted
      ? {
          change: { text: marginText(wanted.change, ""), ...wanted.change },
          more_units: wanted.moreUnits,
          ...present({ more_days: wanted.moreDays }),
        }
      : null,
    sentence: text,
  };
}

function verdictView({ decision, variant, sentence, reasons, wouldChange, byVariant }: Verdict) {
  return {
    decision,
    variant: variant ?? null,
    sentence,
    reasons: [...reasons],
    would_change: [...wouldChange],
    by_variant: byVariant.map((one) => ({
      variant: one.variant,
      decision: one.decision,
      reasons: [...one.reasons],
      would_change: [...one.wouldChange],
    })),
  };
}

function planView({ control, design, alpha, guardrailAlpha, power, minimum, assumed }: AnalysisPlan) {
  return {
    control,
    design: designView(design),
    alpha,
    guardrail_alpha: guardrailAlpha,
    power,
    minimum,
    assumed: [...assumed],
  };
}

function designView(design: Design) {
  return { ...design, kind: design.kind.replaceAll("-", "_") };
}

function metricView({ plan, arms, comparisons }: AnalysedMetric) {
  return {
    name: plan.name,
    role: plan.role,
    better: plan.better,
    ...aggregationView(plan),
    ...present({ definition: definitionOf(plan) }),
    ...present({ margin: marginView(plan.margin), minimum_effect: marginView(plan.minimumEffect) }),
    variants: [...arms.arms.values()].map(({ variant, sample, refusal, successes, missing }) => ({
      variant,
      units: sample.count,
      value: sample.count > 0 && !refusal ? sample.mean : null,
      standard_error: sample.count > 0 && !refusal ? Math.sqrt(sample.variance / sample.count) : null,
      ...present({ refused: refusal?.code, reason: refusal?.reason }),
      ...present({ events: successes }),
      missing,
    })),
    comparisons: comparisons.map(comparisonView),
  };
}

function aggregationView({ column, aggregation }: MetricPlan) {
  const { kind } = aggregation;
  return { aggregation: kind, of: column, ...(kind === "quantile" && { quantile: aggregation.probability }) };
}

/** What a metric of events is made of, where somebody defined it. */
export function definitionOf({ event, aggregation }: MetricPlan): string | undefined {
  const probability = aggregation.kind === "quantile" ? aggregation.probability : undefined;
  return event && eventMetricText(event, probability);
}

function marginView(margin: Margin | undefined) {
  return margin && { text: marginText(margin, ""), ...margin };
}

function comparisonView({ variant, judgement, ...comparison }: Comparison) {
  const { deciding, fixed, posterior, adjustedPValue, explained, adjusted } = comparison;
  return {
    variant,
    judgement,
    deciding: readingsView(deciding),
    ...present({ adjusted_p_value: adjustedPValue, covariate_takes_off: explained }),
    ...(adjusted && { adjusted_by: adjusted.by, unadjusted: readingsView(adjusted.unadjusted) }),
    fixed_horizon: readingsView(fixed),
    bayesian: posterior ? posteriorView(posterior) : null,
  };
}

function posteriorView({ chanceToWin, expectedLoss, mean, interval }: NormalPosterior) {
  return {
    lift: mean,
    interval: bounds(interval),
    chance_to_win: chanceToWin,
    expected_loss: expectedLoss.treatment,
    expected_loss_of_control: expectedLoss.control,
  };
}
