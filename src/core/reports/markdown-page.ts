import type { ReportPart, Table } from "./report-part.ts";

/** A report as Markdown: what it comes to first, then what that rests on. */
export function markdownPage({
  title,
  verdict,
  parts,
}: {
  readonly title: string;
  readonly verdict: string;
  readonly parts: readonly ReportPart[];
}): string {
  const blocks = [
    `# ${markdownText(title)}`,
    `**${markdownText(verdict)}**`,
    ...parts.flatMap((part) => [`## ${markdownText(part.heading)}`, markdownBlock(part)]),
  ];
  return `${blocks.join("\n\n")}\n`;
}

function markdownBlock(part: ReportPart): string {
  if (part.kind === "table") return markdownTable(part.table);
  return part.items.map((item) => `- ${markdownText(item)}`).join("\n");
}

function markdownTable([header = [], ...rows]: Table): string {
  return [header, header.map(() => "---"), ...rows]
    .map((cells) => `| ${cells.map(markdownText).join(" | ")} |`)
    .join("\n");
}

/** A text in Markdown. Names are anybody's: no mark of theirs is taken for one of the page's. */
function markdownText(text: string): string {
  return text.replaceAll(/[\\`*_[\]<>|#]/g, String.raw`\$&`).replaceAll(/[\s\p{Cc}]+/gu, " ");
}
