import { markdownPage } from "#core/reports/markdown-page.ts";
import type { BenchmarkReport } from "./benchmark-report.ts";
import { definitions, reportParts, reportSentences } from "./report-parts.ts";

/** A report in Markdown, as for a pull request. */
export function benchmarkMarkdown(report: BenchmarkReport): string {
  return markdownPage({
    title: report.plan.name,
    verdict: reportSentences(report)[0],
    parts: [...reportParts(report), definitions],
  });
}
