import type { Analysis } from "#core/experiments/analyse.ts";
import type { AnalysisPlan } from "#core/experiments/plan/analysis-plan.ts";
import { changeText, changeUnit } from "#core/experiments/comparisons/change-text.ts";
import type { JudgedReadings } from "#core/experiments/comparisons/judgement.ts";
import type { SegmentAnalysis } from "#core/experiments/comparisons/segments.ts";
import type { UnitCounts } from "#core/experiments/units/unit-counts.ts";
import type { ReportPart } from "#core/reports/report-part.ts";
import { metricTable, segmentTable, variantTable } from "./analysis-tables.ts";
import { definitionOf } from "./analysis-view.ts";
import { perProtocolParts } from "./per-protocol-parts.ts";

import { tradeOffParts } from "./trade-off-parts.ts";

/** What a report tells. */
export interface ReportInput {
  readonly title: string;
  readonly plan: AnalysisPlan;
  readonly analysis: Analysis;
  readonly counts: UnitCounts;
}

/** The parts of a report after its title and the verdict's sentence; none is empty. */
export function reportParts({ plan, analysis, counts }: ReportInput): readonly ReportPart[] {
  const { verdict, findings, segments, outlook } = analysis;
  const parts: readonly ReportPart[] = [
    { kind: "list", heading: "What would change it", items: verdict.wouldChange },
    {
      kind: "list",
      heading: "Findings",
      items: findings.map(({ severity, text }) => `${severity}: ${text}`),
    },
    { kind: "table", heading: "Variants", table: variantTable(plan, counts) },
    { kind: "table", heading: "Metrics", table: metricTable(analysis, plan) },
    { kind: "list", heading: "What it can tell by now", items: outlook.map(({ text }) => text) },
    { kind: "list", heading: "What is adjusted, and how it stands without", items: adjustedTexts(analysis) },
    { kind: "list", heading: "What metrics are made of", items: definitions(plan) },
    ...tradeOffParts(analysis),
    ...perProtocolParts(analysis, plan),
    ...(segments ? segmentParts(plan, segments) : []),
    { kind: "list", heading: "Assumed", items: plan.assumed },
  ];
  return parts.filter((part) => part.kind === "table" || part.items.length > 0);
}

const adjustments = { strata: "inside strata", judge: "corrected by what humans said" } as const;

function adjustedTexts({ metrics }: Analysis): readonly string[] {
  return metrics.flatMap((metric) =>
    metric.comparisons.flatMap(({ variant, deciding, adjusted }) => {
      if (!adjusted) return [];
      const unit = changeUnit(metric);
      const text = ({ absolute }: JudgedReadings) =>
        absolute.ok ? changeText(absolute.value, unit) : absolute.error.reason;
      return [
        `${metric.plan.name}, ${variant}: ${adjustments[adjusted.by]} ${text(deciding)}; as it stands ${text(adjusted.unadjusted)}`,
      ];
    }),
  );
}

function definitions({ metrics }: AnalysisPlan): readonly string[] {
  return metrics.flatMap((metric) => {
    const definition = definitionOf(metric);
    return definition === undefined ? [] : [`${metric.name}: ${definition}`];
  });
}

function segmentParts(plan: AnalysisPlan, segments: SegmentAnalysis): readonly ReportPart[] {
  if (segments.comparisons.length === 0) return [];
  const items = segments.differences.map(({ by, variant, metric, found, adjustedPValue = 1 }) =>
    found.ok
      ? `${metric.name}, ${variant}: p = ${adjustedPValue.toPrecision(2)} of one effect in all segments${by === undefined ? "" : ` by ${by}`}`
      : `${metric.name}, ${variant}: ${found.error.reason}`,
  );
  return [
    { kind: "table", heading: "Segments", table: segmentTable(segments, plan) },
    { kind: "list", heading: "Do segments differ", items },
  ];
}
