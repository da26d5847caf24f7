import type { Analysis } from "#core/experiments/analyse.ts";
import type { AnalysisPlan } from "#core/experiments/plan/analysis-plan.ts";
import { changeText, changeUnit } from "#core/experiments/comparisons/change-text.ts";
import type { JudgedReadings } from "#core/experiments/comparisons/judgement.ts";
import {
  perProtocolCaution,
  type PerProtocol,
  type PerProtocolMetric,
} from "#core/experiments/comparisons/per-protocol.ts";
import type { ReportPart, Table } from "#core/reports/report-part.ts";
import { valueText } from "./analysis-tables.ts";

/** Units that no fallback answered, in parts of a report; none where a fallback answered none. */
export function perProtocolParts(
  { perProtocol, metrics }: Analysis,
  plan: Pick<AnalysisPlan, "control">,
): readonly ReportPart[] {
  if (!perProtocol) return [];
  const header = ["metric", "variant", "units", "value", "change (interval)", "as assigned"];
  const rows = perProtocol.metrics.flatMap((metric) => {
    const assigned = metrics.find((one) => one.plan.name === metric.plan.name);
    return metricRows(metric, { perProtocol, control: plan.control }, (variant) =>
      assigned?.comparisons.find((one) => one.variant === variant),
    );
  });
  return [
    { kind: "table", heading: "Per protocol", table: [header, ...rows] },
    { kind: "list", heading: "Of what is per protocol", items: [perProtocolCaution] },
  ];
}

function metricRows(
  metric: PerProtocolMetric,
  { perProtocol: { units }, control }: { readonly perProtocol: PerProtocol; readonly control: string },
  assigned: (variant: string) => { readonly deciding: JudgedReadings } | undefined,
): Table {
  const unit = changeUnit(metric);
  const change = ({ deciding: { absolute } }: { readonly deciding: JudgedReadings }): string =>
    absolute.ok ? changeText(absolute.value, unit) : absolute.error.reason;
  const cells = (variant: string): readonly string[] => [
    metric.plan.name,
    variant,
    (units.get(variant) ?? 0).toLocaleString("en-US"),
    valueText(metric, variant),
  ];
  return [
    [...cells(control), "", ""],
    ...metric.comparisons.map((comparison) => {
      const all = assigned(comparison.variant);
      return [...cells(comparison.variant), change(comparison), all ? change(all) : ""];
    }),
  ];
}
