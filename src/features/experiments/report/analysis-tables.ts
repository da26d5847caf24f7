import type { AnalysedMetric, Comparison } from "#core/experiments/comparisons/analysed-metric.ts";
import type { Analysis } from "#core/experiments/analyse.ts";
import type { AnalysisPlan } from "#core/experiments/plan/analysis-plan.ts";
import { changeText, changeUnit, numberText } from "#core/experiments/comparisons/change-text.ts";
import type { SegmentAnalysis, SegmentComparison } from "#core/experiments/comparisons/segments.ts";
import { pValueText } from "#core/reports/p-value-text.ts";
import type { Table } from "#core/reports/report-part.ts";
import type { UnitCounts } from "#core/experiments/units/unit-counts.ts";

/** The variants and their sizes, as a table. */
export function variantTable(plan: AnalysisPlan, counts: UnitCounts): Table {
  const rows = [...plan.shares].map(([name, share]) => [
    name === plan.control ? `${name} (control)` : name,
    `${numberText(share * 100)} %`,
    (counts.all.get(name) ?? 0).toLocaleString("en-US"),
  ]);
  return [["variant", "share", "units"], ...rows];
}

/** What every variant has of every metric, and how it differs from the control, as a table. */
export function metricTable({ metrics }: Analysis, { control }: AnalysisPlan): Table {
  const header = [
    "metric",
    "role",
    "variant",
    "value",
    "change (interval)",
    "relative",
    "p",
    "chance to win",
    "judged",
  ];
  return [header, ...metrics.flatMap((metric) => metricRows(metric, control))];
}

function metricRows(metric: AnalysedMetric, control: string): Table {
  const { name, role } = metric.plan;
  return [
    [name, role, control, valueText(metric, control), "", "", "", "", ""],
    ...metric.comparisons.map((comparison) => [
      name,
      role,
      comparison.variant,
      valueText(metric, comparison.variant),
      ...comparisonCells(metric, comparison),
    ]),
  ];
}

/** What a variant has of a metric, as a person reads it. */
export function valueText(metric: Pick<AnalysedMetric, "arms">, variant: string): string {
  const arm = metric.arms.arms.get(variant);
  if (!arm || arm.refusal || arm.sample.count === 0) return "none";
  const isRate = changeUnit(metric) === "pp";
  return isRate ? `${numberText(arm.sample.mean * 100)} %` : numberText(arm.sample.mean);
}

function comparisonCells(metric: AnalysedMetric, comparison: Comparison): readonly string[] {
  const { absolute, relative } = comparison.deciding;
  if (!absolute.ok) return [absolute.error.reason, "", "", "", comparison.judgement];
  return [
    changeText(absolute.value, changeUnit(metric)),
    relative.ok ? changeText(relative.value, "%") : "",
    pValueText(comparison.adjustedPValue ?? absolute.value.pValue),
    comparison.posterior ? `${(100 * comparison.posterior.chanceToWin).toFixed(1)} %` : "",
    comparison.judgement,
  ];
}

/** Rows of a table of segments, at most; JSON has all. */
const segmentRowsMax = 60;

/** Primary metrics by segment, as a table; its header alone where there is nothing to show. */
export function segmentTable({ comparisons }: SegmentAnalysis, { control }: AnalysisPlan): Table {
  const header = ["segment", "metric", "variant", "value", control, "change (interval)", "p", "judged"];
  const hidden = comparisons.length - segmentRowsMax;
  return [
    header,
    ...comparisons.slice(0, segmentRowsMax).map((comparison) => segmentRow(comparison, control)),
    ...(hidden > 0 ? [[`and ${hidden} more`, ...header.slice(1).map(() => "")]] : []),
  ];
}

function segmentRow(comparison: SegmentComparison, control: string): readonly string[] {
  const { segment, metric, variant, readings, adjustedPValue, judgement } = comparison;
  const { absolute } = readings;
  return [
    segment,
    metric.name,
    variant,
    valueText(comparison, variant),
    valueText(comparison, control),
    absolute.ok ? changeText(absolute.value, changeUnit(comparison)) : absolute.error.reason,
    adjustedPValue === undefined ? "" : pValueText(adjustedPValue),
    judgement,
  ];
}
