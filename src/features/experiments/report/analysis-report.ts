import type { Analysis } from "#core/experiments/analyse.ts";
import type { AnalysisPlan } from "#core/experiments/analysis-plan.ts";
import type { UnitCounts } from "#core/experiments/unit-counts.ts";
import { metricTable, variantTable, type Table } from "./analysis-tables.ts";

/** What a report tells. */
export interface ReportInput {
  readonly title: string;
  readonly plan: AnalysisPlan;
  readonly analysis: Analysis;
  readonly counts: UnitCounts;
}

/** A part of a report, whatever it is written in. */
export type ReportPart =
  | { readonly kind: "list"; readonly heading: string; readonly items: readonly string[] }
  | { readonly kind: "table"; readonly heading: string; readonly table: Table };

/** The parts of a report after its title and the verdict's sentence; none is empty. */
export function reportParts({ plan, analysis, counts }: ReportInput): readonly ReportPart[] {
  const { verdict, findings } = analysis;
  const parts: readonly ReportPart[] = [
    { kind: "list", heading: "What would change it", items: verdict.wouldChange },
    {
      kind: "list",
      heading: "Findings",
      items: findings.map(({ severity, text }) => `${severity}: ${text}`),
    },
    { kind: "table", heading: "Variants", table: variantTable(plan, counts) },
    { kind: "table", heading: "Metrics", table: metricTable(analysis, plan) },
    { kind: "list", heading: "Assumed", items: plan.assumed },
  ];
  return parts.filter((part) => part.kind === "table" || part.items.length > 0);
}
