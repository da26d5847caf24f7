import type { MetricPlan } from "#core/experiments/plan/analysis-plan.ts";
import type { Finding } from "#core/experiments/findings/finding.ts";
import type { MetricArms } from "#core/experiments/comparisons/metric-arm.ts";
import type { Adjusted } from "./adjusted.ts";
import type { Clustering } from "./clusters.ts";
import type { PlannedFile } from "./file-plan.ts";
import { judgedArms } from "./judged-arms.ts";
import { metricArms } from "./metric-arms.ts";
import type { ResultRows } from "./result-rows.ts";
import { strataArms } from "./strata-arms.ts";

/** What rows of a file say of a metric, adjusted where the file or its plan asks for it, and what is to be said of that. */
export interface AdjustedArms {
  readonly arms: MetricArms;
  readonly findings: readonly Finding[];
}

/** A judge's metric is corrected by what humans said; another one is compared inside strata, where there are some. */
export function adjustedArms(
  rows: ResultRows,
  clustering: Clustering,
  { metric, strata, judges }: { readonly metric: MetricPlan } & Pick<PlannedFile, "strata" | "judges">,
): AdjustedArms {
  const arms = metricArms(rows, clustering, metric);
  const columns = rows.columns.metrics.get(metric.column);
  const about = { metric, arms };
  const correction = judges?.[metric.column] ?? "prediction_powered";
  if (columns?.kind === "mean" && columns.human !== undefined && correction !== "none") {
    const asked = { ...about, judge: columns.value, human: columns.human, correction };
    return told(judgedArms(rows, clustering, asked), about, "judge-corrected");
  }
  const named = strata && rows[strata];
  // Of quantiles nothing is said: nobody asked for strata of just them.
  if (!named || metric.aggregation.kind === "quantile") return { arms, findings: [] };
  return told(strataArms(rows, clustering, { ...about, named }), about, "stratified");
}

function told(
  adjusted: Adjusted,
  { metric: { name }, arms }: { readonly metric: MetricPlan; readonly arms: MetricArms },
  code: "judge-corrected" | "stratified",
): AdjustedArms {
  if (adjusted.ok) {
    const { text } = adjusted.value;
    return { arms: adjusted.value.arms, findings: [{ code, severity: "note", about: name, text }] };
  }
  const what = code === "stratified" ? "compared inside strata" : "corrected by what humans said";
  const text = `${name} is not ${what}: ${adjusted.error}`;
  return { arms, findings: [{ code: "not-adjusted", severity: "warning", about: name, text }] };
}
