import type { BenchmarkReport } from "./benchmark-report.ts";
import { reportParts, reportSentences, type Table } from "./report-parts.ts";

/** A report in Markdown, as for a pull request. */
export function benchmarkMarkdown(report: BenchmarkReport): string {
  const blocks = [
    `# ${escaped(report.plan.name)}`,
    ...reportSentences(report).map((sentence) => `**${escaped(sentence)}**`),
    ...reportParts(report).flatMap(({ heading, table }) => [`## ${escaped(heading)}`, markdownTable(table)]),
  ];
  return `${blocks.join("\n\n")}\n`;
}

function markdownTable([header = [], ...rows]: Table): string {
  return [header, header.map(() => "---"), ...rows]
    .map((cells) => `| ${cells.map(escaped).join(" | ")} |`)
    .join("\n");
}

/** Names are anybody's: no mark of theirs is taken for one of the page's. */
function escaped(text: string): string {
  return text.replaceAll(/[\\`*[\]<>|#]/g, String.raw`\$&`).replaceAll(/\s+/g, " ");
}
