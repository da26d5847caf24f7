import { htmlPage, type Tone } from "#core/reports/html-page.ts";
import { tradeOffCharts } from "#core/reports/trade-off-chart.ts";
import { reportParts, type ReportInput } from "./analysis-report.ts";
import { changeChart } from "./change-chart.ts";
import { seriesChart } from "./series-chart.ts";

const tones = {
  ship: "good",
  "do-not-ship": "bad",
  "keep-running": "open",
  invalid: "bad",
} as const satisfies Readonly<Record<ReportInput["analysis"]["verdict"]["decision"], Tone>>;

/** An analysis as one HTML page. */
export function analysisHtml(input: ReportInput): string {
  const { verdict, metrics, pareto, series } = input.analysis;
  return htmlPage({
    title: input.title,
    verdict: { text: verdict.sentence, tone: tones[verdict.decision] },
    charts: [changeChart(metrics), ...(pareto ? [tradeOffCharts(pareto)] : []), ...series.map(seriesChart)],
    parts: reportParts(input),
  });
}
