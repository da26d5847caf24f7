import { htmlText } from "./html-text.ts";
import type { ReportPart, Table } from "./report-part.ts";

/** How a sentence is set off: what is wanted, what is not, what is not told yet. */
export type Tone = "good" | "bad" | "open";

const style = `
body { font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; color: #1c2430; }
.verdict { padding: 1rem; border-left: 6px solid #7a8699; background: #f2f4f7; }
.verdict.good { border-color: #1a7f4b; } .verdict.bad { border-color: #b3372c; } .verdict.open { border-color: #b7791f; }
table { border-collapse: collapse; font-size: 14px; display: block; overflow-x: auto; }
th, td { padding: 0.3rem 0.8rem; border-bottom: 1px solid #d8dee7; text-align: left; white-space: nowrap; }
svg { width: 100%; max-width: 50rem; font-size: 12px; }
svg line { stroke: #7a8699; stroke-width: 2; } svg circle { fill: #7a8699; } svg .zero { stroke: #d8dee7; }
svg .band { fill: #e3e9f2; } svg .run { fill: none; stroke: #1c2430; stroke-width: 2; } h3 { font-size: 14px; }
.better line, .held line { stroke: #1a7f4b; } .better circle, .held circle { fill: #1a7f4b; }
.worse line, .broken line { stroke: #b3372c; } .worse circle, .broken circle { fill: #b3372c; }
.front line { stroke: #1a7f4b; } .front circle { fill: #1a7f4b; }
.dominated line { stroke: #b3372c; } .dominated circle { fill: #b3372c; }
polyline { fill: none; stroke-width: 2; }
.series0 { stroke: #2a5db0; } .series1 { stroke: #b7791f; } .series2 { stroke: #1a7f4b; } .series3 { stroke: #b3372c; }
.name0 { fill: #2a5db0; } .name1 { fill: #b7791f; } .name2 { fill: #1a7f4b; } .name3 { fill: #b3372c; }
`;

/** A report as one HTML page that asks for nothing else: no script, no font, no picture from elsewhere. */
export function htmlPage({
  title,
  verdict,
  charts,
  parts,
}: {
  readonly title: string;
  /** What it comes to, in a sentence. */
  readonly verdict: { readonly text: string; readonly tone: Tone };
  /** HTML of charts, and "" where there is nothing to draw. */
  readonly charts: readonly string[];
  readonly parts: readonly ReportPart[];
}): string {
  return [
    "<!doctype html>",
    '<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
    `<title>${htmlText(title)}</title><style>${style}</style></head><body>`,
    `<h1>${htmlText(title)}</h1>`,
    `<p class="verdict ${verdict.tone}">${htmlText(verdict.text)}</p>`,
    ...charts,
    ...parts.flatMap((part) => [
      `<h2>${htmlText(part.heading)}</h2>`,
      part.kind === "table" ? htmlTable(part.table) : htmlList(part.items),
    ]),
    "</body></html>",
    "",
  ].join("\n");
}

function htmlList(items: readonly string[]): string {
  return `<ul>${items.map((item) => `<li>${htmlText(item)}</li>`).join("")}</ul>`;
}

function htmlTable([header = [], ...rows]: Table): string {
  return `<table><thead>${cells(header, "th")}</thead><tbody>${rows.map((row) => cells(row, "td")).join("")}</tbody></table>`;
}

function cells(row: readonly string[], tag: "th" | "td"): string {
  return `<tr>${row.map((cell) => `<${tag}>${htmlText(cell)}</${tag}>`).join("")}</tr>`;
}
