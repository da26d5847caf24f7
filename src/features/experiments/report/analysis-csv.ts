import type { AnalysedMetric, Comparison } from "#core/experiments/comparisons/analysed-metric.ts";
import type { Analysis } from "#core/experiments/analyse.ts";
import type { AnalysisPlan } from "#core/experiments/plan/analysis-plan.ts";
import type { JudgedReadings } from "#core/experiments/comparisons/judgement.ts";
import type { MetricArms } from "#core/experiments/comparisons/metric-arm.ts";
import type { SegmentComparison } from "#core/experiments/comparisons/segments.ts";
import type { MetricSeries } from "#core/experiments/comparisons/series.ts";
import { csvLine, type CsvCell } from "#core/kernel/csv-line.ts";
import { isoTime } from "../iso-time.ts";
import { readingCells, readingColumns, type Rows } from "./csv-cells.ts";
import { paretoRows, utilityRows } from "./trade-off-csv.ts";

/** What of an analysis a table is of: each has one header and one kind of row. */
export const csvTables = ["metrics", "findings", "segments", "series", "utility", "pareto"] as const;

/** One of `csvTables`. */
export type CsvTable = (typeof csvTables)[number];

/** A table of an analysis as CSV, all rows of it; numbers as they were computed, shares from 0 to 1. */
export function analysisCsv(
  { plan, analysis }: { readonly plan: AnalysisPlan; readonly analysis: Analysis },
  table: CsvTable,
): string {
  return tables[table](plan, analysis).map(csvLine).join("");
}

const tables: Readonly<Record<CsvTable, (plan: AnalysisPlan, analysis: Analysis) => Rows>> = {
  metrics: metricRows,
  findings: findingRows,
  segments: segmentRows,
  series: seriesRows,
  utility: utilityRows,
  pareto: paretoRows,
};

const armColumns = ["variant", "control", "variant_units", "control_units", "variant_value", "control_value"];

const relativeColumns = ["relative_difference", "relative_lower", "relative_upper"];

/** A row for each metric and variant, with what is to be done with that variant. */
function metricRows(plan: AnalysisPlan, { metrics, verdict }: Analysis): Rows {
  const header = [
    "metric",
    "role",
    "better",
    "wanted_change",
    "wanted_change_scale",
    ...armColumns,
    ...readingColumns,
    "adjusted_p_value",
    ...relativeColumns,
    "chance_to_win",
    "judgement",
    "verdict",
    "reason",
    "adjusted_by",
    "unadjusted_difference",
  ];
  const decisions = new Map(verdict.byVariant.map(({ variant, decision }) => [variant, decision]));
  const rows = metrics.flatMap((metric) =>
    metric.comparisons.map((comparison) => [
      ...metricCells(metric),
      ...armCells(metric.arms, { variant: comparison.variant, control: plan.control }),
      ...comparisonCells(comparison),
      comparison.posterior?.chanceToWin,
      comparison.judgement,
      decisions.get(comparison.variant),
      reasonOf(comparison.deciding),
      ...adjustedCells(comparison),
    ]),
  );
  return [header, ...rows];
}

/** The wanted change is a guardrail's margin, a primary's smallest change that matters. */
function metricCells({ plan }: AnalysedMetric): readonly CsvCell[] {
  const wanted = plan.margin ?? plan.minimumEffect;
  return [plan.name, plan.role, plan.better, wanted?.value, wanted?.scale];
}

function comparisonCells({
  deciding,
  adjustedPValue,
}: Pick<Comparison, "deciding" | "adjustedPValue">): readonly CsvCell[] {
  const [value, lower, upper] = readingCells(deciding.relative);
  return [...readingCells(deciding.absolute), adjustedPValue, value, lower, upper];
}

/** By what the difference is adjusted, and what it is without; empty cells where it stands as it is. */
function adjustedCells({ adjusted }: Pick<Comparison, "adjusted">): readonly CsvCell[] {
  if (!adjusted) return [undefined, undefined];
  const { absolute } = adjusted.unadjusted;
  return [adjusted.by, absolute.ok ? absolute.value.value : undefined];
}

/** What has to be known of the data, the verdict first. */
function findingRows(_plan: AnalysisPlan, { findings, verdict }: Analysis): Rows {
  const { decision, variant, sentence } = verdict;
  return [
    ["severity", "code", "about", "text"],
    ["verdict", decision, variant, sentence],
    ...findings.map(({ severity, code, about, text }) => [severity, code, about, text]),
  ];
}

/** A row for each segment, primary metric and variant. */
function segmentRows({ control }: AnalysisPlan, { segments }: Analysis): Rows {
  const header = [
    "segment",
    "metric",
    ...armColumns,
    ...readingColumns,
    "adjusted_p_value",
    ...relativeColumns,
    "judgement",
    "reason",
  ];
  return [header, ...(segments?.comparisons ?? []).map((one) => segmentCells(one, control))];
}

function segmentCells(comparison: SegmentComparison, control: string): readonly CsvCell[] {
  const { segment, metric, arms, variant, readings, judgement } = comparison;
  return [
    segment,
    metric.name,
    ...armCells(arms, { variant, control }),
    ...comparisonCells({ ...comparison, deciding: readings }),
    judgement,
    reasonOf(readings),
  ];
}

/** A row for each moment of a primary metric and a variant. */
function seriesRows(_plan: AnalysisPlan, { series }: Analysis): Rows {
  return [["metric", "variant", "time", "units", ...readingColumns, "reason"], ...series.flatMap(momentRows)];
}

function momentRows({ metric, variant, points }: MetricSeries): Rows {
  return points.map(({ timeMs, units, reading }) => [
    metric.name,
    variant,
    isoTime(timeMs),
    units,
    ...readingCells(reading),
    reading.ok ? undefined : reading.error.reason,
  ]);
}

function armCells(
  { arms }: MetricArms,
  { variant, control }: { readonly variant: string; readonly control: string },
): readonly CsvCell[] {
  const pair = [arms.get(variant), arms.get(control)];
  return [
    variant,
    control,
    ...pair.map((arm) => arm?.sample.count ?? 0),
    ...pair.map((arm) => (arm && !arm.refusal && arm.sample.count > 0 ? arm.sample.mean : undefined)),
  ];
}

function reasonOf({ absolute }: JudgedReadings): CsvCell {
  return absolute.ok ? undefined : absolute.error.reason;
}
