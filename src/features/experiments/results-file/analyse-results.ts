import type { AnalysisPlan } from "#core/experiments/analysis-plan.ts";
import { analyse, type Analysis } from "#core/experiments/analyse.ts";
import { metricFindings } from "#core/experiments/metric-findings.ts";
import { clusteringOf, type Clustering } from "./clusters.ts";
import { filePlan } from "./file-plan.ts";
import { fileCovariance } from "./influences.ts";
import { metricArms } from "./metric-arms.ts";
import { metricSeries } from "./metric-series.ts";
import { readResults } from "./read-results.ts";
import type { ResultRows } from "./result-rows.ts";
import { rowFindings } from "./row-findings.ts";
import { segmentGroups } from "./segment-groups.ts";
import { timeHalves } from "./time-halves.ts";

/** A file of results, analysed. */
export interface AnalysedResults {
  readonly file: string;
  readonly rows: ResultRows;
  readonly plan: AnalysisPlan;
  readonly clustering: Clustering;
  readonly analysis: Analysis;
}

/**
 * Analyses a CSV file of results by a plan, or by an assumed one.
 * @throws AppError `invalid-request` for a file that cannot be read, `invalid-configuration` for a plan that is wrong
 */
export async function analyseResults(file: string, plan?: string): Promise<AnalysedResults> {
  const rows = await readResults(file);
  return analysedRows(file, rows, await filePlan(plan, rows));
}

function analysedRows(file: string, rows: ResultRows, plan: AnalysisPlan): AnalysedResults {
  const clustering = clusteringOf(rows);
  const metrics = new Map(plan.metrics.map((metric) => [metric.name, metricArms(rows, clustering, metric)]));
  const { segments, ...segmented } = segmentGroups(rows, clustering, plan);
  const halves = timeHalves(rows, clustering, plan);
  const covariance = fileCovariance(rows, clustering, plan);
  const analysis = analyse(plan, {
    counts: clustering.counts,
    isAdaptive: clustering.isWeighted,
    isOver: true,
    metrics,
    ...(covariance && { covariance }),
    ...(segments && { segments }),
    ...(halves && { halves }),
    series: metricSeries(rows, clustering, plan.metrics),
    findings: [
      ...clustering.findings,
      ...segmented.findings,
      ...rowFindings(rows),
      ...metricFindings(plan, metrics),
    ],
  });
  return { file, rows, plan, clustering, analysis };
}
