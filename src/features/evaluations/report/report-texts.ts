import { htmlPage } from "#core/reports/html-page.ts";
import { intervalChart, type IntervalRow } from "#core/reports/interval-chart.ts";
import { markdownPage } from "#core/reports/markdown-page.ts";
import { reportLines } from "#core/reports/report-lines.ts";
import { tradeOffCharts } from "#core/reports/trade-off-chart.ts";
import { signedText } from "#core/experiments/comparisons/change-text.ts";
import type { EvaluationReport } from "./evaluation-report.ts";
import { judgedChange } from "./judged-change.ts";
import { comparisonKind, reportParts } from "./report-parts.ts";
import { reportVerdict } from "./report-verdict.ts";

/** A comment is read, a page is looked up in. */
const few = { itemsMax: 10, slicesMax: 10 };
const many = { itemsMax: 200, slicesMax: 50 };

/** A report for a terminal. */
export function evaluationLines(report: EvaluationReport): readonly string[] {
  return reportLines({ verdict: reportVerdict(report).text, parts: reportParts(report, few) });
}

/** A report in Markdown, short enough for a comment of a pull request. */
export function evaluationMarkdown(report: EvaluationReport): string {
  return markdownPage({
    title: titleOf(report),
    verdict: reportVerdict(report).text,
    parts: reportParts(report, few),
  });
}

/** A report as one HTML page with charts. */
export function evaluationHtml(report: EvaluationReport): string {
  return htmlPage({
    title: titleOf(report),
    verdict: reportVerdict(report),
    charts: [
      ...(["share", "number"] as const).map((kind) =>
        intervalChart(rowsOf(report, kind), {
          label: kind === "share" ? "Changes of shares that pass" : "Changes of mean scores",
          numberText: (value) => signedText(value, kind === "share" ? "pp" : ""),
        }),
      ),
      ...report.runs.flatMap(({ tradeOffs }) => (tradeOffs ? [tradeOffCharts(tradeOffs)] : [])),
    ],
    parts: reportParts(report, many),
  });
}

function titleOf({ runs }: EvaluationReport): string {
  return runs.map(({ run }) => run.manifest.name).join(", ");
}

function rowsOf({ compared, alpha }: EvaluationReport, kind: "share" | "number"): readonly IntervalRow[] {
  return compared.flatMap(({ label, comparisons }) =>
    comparisons.flatMap((one): readonly IntervalRow[] => {
      if (one.metric.kind === "measure" || comparisonKind(one) !== kind || !one.tested.ok) return [];
      const { difference: value, interval } = one.tested.value;
      if (!interval) return [];
      return [{ label: `${one.name}, ${label}`, value, interval, judgement: judgedChange(one, alpha) }];
    }),
  );
}
