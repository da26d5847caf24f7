import type { AnalysisPlan } from "#core/experiments/plan/analysis-plan.ts";
import { analyse, type Analysis } from "#core/experiments/analyse.ts";
import type { MetricArms } from "#core/experiments/comparisons/metric-arm.ts";
import { metricFindings } from "#core/experiments/findings/metric-findings.ts";
import { clusteringOf, type Clustering } from "./clusters.ts";
import { adjustedArms } from "./adjusted-arms.ts";
import { filePlan, type PlannedFile } from "./file-plan.ts";
import { fileCovariance } from "./influences.ts";
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

function analysedRows(file: string, rows: ResultRows, planned: PlannedFile): AnalysedResults {
  const { plan } = planned;
  const clustering = clusteringOf(rows);
  const adjusted = plan.metrics.map((metric) => adjustedArms(rows, clustering, { metric, ...planned }));
  const metrics = new Map(plan.metrics.map(({ name }, place) => [name, adjusted[place]?.arms ?? noArms]));
  // Humans said too little of parts to correct a judge there, and what a judge says is another metric.
  const parted = plan.metrics.filter(({ name }) => metrics.get(name)?.adjusted?.by !== "judge");
  const { segments, ...segmented } = segmentGroups(rows, clustering, { metrics: parted });
  const halves = timeHalves(rows, clustering, { metrics: parted });
  const covariance = fileCovariance(rows, clustering, { ...plan, metrics: parted });
  const plain = plan.metrics.filter(({ name }) => !metrics.get(name)?.adjusted);
  const analysis = analyse(plan, {
    counts: clustering.counts,
    isAdaptive: clustering.isWeighted,
    isOver: true,
    metrics,
    ...(covariance && { covariance }),
    ...(segments && { segments }),
    ...(halves && { halves }),
    series: metricSeries(rows, clustering, plain),
    findings: [
      ...clustering.findings,
      ...segmented.findings,
      ...rowFindings(rows),
      ...adjusted.flatMap(({ findings }) => findings),
      ...metricFindings(plan, metrics),
    ],
  });
  return { file, rows, plan, clustering, analysis };
}

const noArms: MetricArms = { arms: new Map() };
