import type { MetricComparison } from "#core/evaluations/comparison.ts";
import type { ItemChanges } from "#core/evaluations/changed-items.ts";
import type { RunEstimate } from "#core/evaluations/estimates.ts";
import type { Amount, Distribution } from "#core/evaluations/measured.ts";
import type { ScorerSummary } from "#core/evaluations/scorer-summary.ts";
import type { TargetSummary } from "#core/evaluations/target-summary.ts";
import type { RunTradeOffs } from "#core/evaluations/trade-offs.ts";
import { present } from "#core/kernel/present.ts";
import type { Interval } from "#core/statistics/interval.ts";
import type { JudgeCorrection } from "#features/evaluations/calibrations/correct-scores.ts";
import type { KeptRun } from "#features/evaluations/runs/read-run.ts";
import type { EvaluationReport, ReportedRun } from "./evaluation-report.ts";
import { judgedChange } from "./judged-change.ts";
import { reportNotes } from "./report-notes.ts";
import type { EvaluationReportView } from "./report-schema.ts";
import { reportVerdict } from "./report-verdict.ts";

type TargetView = EvaluationReportView["runs"][number]["targets"][number];
type ComparisonView = EvaluationReportView["compared"][number]["metrics"][number];

/** Ids of a list, at most. */
const idsMax = 20;

/** A report as JSON. */
export function reportView(report: EvaluationReport): EvaluationReportView {
  return {
    verdict: reportVerdict(report).text,
    alpha: report.alpha,
    runs: report.runs.map(runView),
    compared: report.compared.map(({ label, comparisons }) => ({
      label,
      metrics: comparisons.map((one) => comparisonView(one, report.alpha)),
    })),
    gate: report.gate ? { verdict: report.gate.verdict, checks: [...report.gate.checks] } : null,
    notes: [...reportNotes(report)],
  };
}

function runView({
  run,
  baseline,
  targets,
  corpusValues,
  corrections,
  tradeOffs,
}: ReportedRun): EvaluationReportView["runs"][number] {
  return {
    ...keptView(run),
    baseline: baseline ? keptView(baseline) : null,
    unfinished: run.unfinished,
    replaced: run.table.replaced,
    targets: targets.map(targetView),
    corpus_values: [...corpusValues],
    corrected: corrections.map(correctionView),
    trade_offs: tradeOffs ? tradeOffsView(tradeOffs) : null,
  };
}

function correctionView({
  target,
  scorer,
  judge,
  judged,
  errorRates: { sensitivity, specificity },
  corrected,
}: JudgeCorrection): EvaluationReportView["runs"][number]["corrected"][number] {
  return {
    target,
    scorer,
    judge,
    judged: presentEstimate(judged),
    sensitivity: estimateView(sensitivity),
    specificity: estimateView(specificity),
    score: corrected.ok ? presentEstimate(corrected.value) : null,
    ...(corrected.ok ? {} : { why: corrected.error }),
  };
}

function keptView({ folder, manifest: { name, started_at, data } }: KeptRun) {
  return { name, folder, started_at, data };
}

function targetView(summary: TargetSummary): TargetView {
  const { target, repeats, outcomes, judging } = summary;
  return {
    target,
    repeats,
    asked: outcomes.asked,
    answered: outcomes.answered,
    failed: outcomes.failed,
    failures: [...outcomes.failures],
    latency_ms: distributionView(summary.latencyMs),
    gateway_ms: distributionView(summary.gatewayMs),
    cost_usd: amountView(summary.costUsd),
    input_tokens: amountView(summary.inputTokens),
    output_tokens: amountView(summary.outputTokens),
    judging: {
      calls: amountView(judging.calls),
      cost_usd: amountView(judging.costUsd),
      latency_ms: amountView(judging.latencyMs),
    },
    scorers: summary.scorers.map(scorerView),
  };
}

function scorerView(summary: ScorerSummary): TargetView["scorers"][number] {
  const { costPerPass, repeats } = summary;
  return {
    scorer: summary.scorer,
    has_verdicts: summary.hasVerdicts,
    score: estimateView(summary.main),
    errors_as_wrong: estimateView(summary.errorsAsWrong),
    mean_score: estimateView(summary.meanScore),
    scored: summary.scored,
    unscored: [...summary.unscored],
    cost_per_pass: costPerPass
      ? {
          usd: costPerPass.usd ?? null,
          interval: intervalView(costPerPass.interval),
          answers: costPerPass.answers,
        }
      : null,
    detectable: summary.detectable ?? null,
    repeats: repeats
      ? {
          passes: repeats.passes.map(({ k, atLeastOnce, everyTime }) => ({
            k,
            at_least_once: presentEstimate(atLeastOnce),
            every_time: presentEstimate(everyTime),
          })),
          repeated_items: repeats.repeatedItems,
          flaky_count: repeats.flakyCount,
          flaky: [...repeats.flaky],
        }
      : null,
    slices: summary.slices.map(({ tag, slices, more }) => ({
      tag,
      slices: slices.map(({ value, estimate }) => ({ value, score: presentEstimate(estimate) })),
      more,
    })),
  };
}

function comparisonView(one: MetricComparison, alpha: number): ComparisonView {
  const { metric, tested, changed, bootstrap, discordant } = one;
  return {
    metric: one.name,
    of: metric.kind === "pass" ? "passes" : metric.kind === "score" ? "scores" : "measure",
    better: one.better ?? null,
    pairs: one.pairs,
    units: one.units,
    baseline: one.baseline ?? null,
    candidate: one.candidate ?? null,
    judgement: judgedChange(one, alpha),
    change: tested.ok
      ? {
          difference: tested.value.difference,
          standard_error: tested.value.standardError,
          interval: intervalView(tested.value.interval),
          p_value: tested.value.pValue,
          adjusted_p_value: one.adjustedPValue,
          method: tested.value.method,
        }
      : { refused: tested.error.code, reason: tested.error.reason },
    discordant: discordant
      ? { only_baseline: discordant.onlyBaseline, only_candidate: discordant.onlyCandidate }
      : null,
    bootstrap: bootstrap
      ? {
          interval: intervalView(bootstrap.interval),
          p_value: bootstrap.pValue,
          resamples: bootstrap.resamples,
        }
      : null,
    correlation: one.correlation ?? null,
    detectable: one.detectable ?? null,
    regressions: changesView(changed.regressions),
    improvements: changesView(changed.improvements),
    only_baseline: idsView(one.onlyBaseline),
    only_candidate: idsView(one.onlyCandidate),
  };
}

function changesView({ count, items }: ItemChanges): ComparisonView["regressions"] {
  return {
    count,
    items: [...items],
  };
}

function idsView(ids: readonly string[]): ComparisonView["only_candidate"] {
  return { count: ids.length, items: ids.slice(0, idsMax) };
}

function tradeOffsView({
  metrics,
  points,
  dominances,
}: RunTradeOffs): NonNullable<EvaluationReportView["runs"][number]["trade_offs"]> {
  return {
    metrics: [...metrics],
    targets: points.map(({ variant, standing, values }) => ({
      target: variant,
      standing: standing === "perhaps-dominated" ? "perhaps_dominated" : standing,
      values: values.map(({ value, interval }) => ({
        value: value ?? null,
        interval: intervalView(interval),
      })),
    })),
    dominances: dominances.map(({ better, worse, isSure }) => ({ better, worse, is_sure: isSure })),
  };
}

function distributionView(distribution: Distribution | undefined): TargetView["latency_ms"] {
  if (!distribution) return null;
  const { mean, p50, p95 } = distribution;
  return { mean: presentEstimate(mean), p50: presentEstimate(p50), p95: presentEstimate(p95) };
}

function amountView({ total, perItem, known }: Amount): TargetView["cost_usd"] {
  return { total, per_item: estimateView(perItem), known };
}

function estimateView(estimate: RunEstimate | undefined): TargetView["cost_usd"]["per_item"] {
  return estimate ? presentEstimate(estimate) : null;
}

function presentEstimate({
  value,
  interval,
  standardError,
  items,
  units,
  why,
}: RunEstimate): NonNullable<TargetView["cost_usd"]["per_item"]> {
  return {
    value,
    interval: intervalView(interval),
    standard_error: standardError ?? null,
    items,
    units,
    ...present({ why }),
  };
}

function intervalView(interval: Interval | undefined): [number, number] | null {
  return interval ? [interval[0], interval[1]] : null;
}
