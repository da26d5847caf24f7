import { reportParts, type ReportInput } from "./analysis-report.ts";
import type { Table } from "./analysis-tables.ts";

/** An analysis as Markdown: the verdict first, then what it rests on. */
export function analysisMarkdown(input: ReportInput): string {
  const blocks = [
    `# ${escaped(input.title)}`,
    `**${escaped(input.analysis.verdict.sentence)}**`,
    ...reportParts(input).flatMap((part) => [
      `## ${part.heading}`,
      part.kind === "list"
        ? part.items.map((item) => `- ${escaped(item)}`).join("\n")
        : markdownTable(part.table),
    ]),
  ];
  return `${blocks.join("\n\n")}\n`;
}

function markdownTable([header = [], ...rows]: Table): string {
  return [header, header.map(() => "---"), ...rows]
    .map((cells) => `| ${cells.map(escaped).join(" | ")} |`)
    .join("\n");
}

/** Names of variants and metrics are anybody's: no mark of theirs is taken for one of the page's. */
function escaped(text: string): string {
  return text.replaceAll(/[\\`*_[\]<>|#]/g, String.raw`\$&`).replaceAll(/\s+/g, " ");
}
