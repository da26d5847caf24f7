import { markdownPage } from "#core/reports/markdown-page.ts";
import { reportParts, type ReportInput } from "./analysis-report.ts";

/** An analysis as Markdown: the verdict first, then what it rests on. */
export function analysisMarkdown(input: ReportInput): string {
  return markdownPage({
    title: input.title,
    verdict: input.analysis.verdict.sentence,
    parts: reportParts(input),
  });
}
