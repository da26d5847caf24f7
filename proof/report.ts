import { alignedRows } from "#core/kernel/aligned-rows.ts";
import type { Kept, Machine, Proven } from "./claim.ts";

const headings = ["claim", "figure", "wanted", "verdict"] as const;

/** The table that a person reads in a terminal. */
export function textTable(proven: readonly Proven[]): string {
  return alignedRows([headings, ...proven.map(row)]).join("\n");
}

/** docs/proof.md: the table, and for each claim its details and what it was measured on. */
export function proofDocument(kept: readonly Kept[]): string {
  const columns = [...headings, "measured"];
  return [
    "# Proof",
    "",
    "Written by `npm run proof`, which measures each claim again, or one by `-- --only <id>`; not edited by hand.",
    "",
    `| ${columns.join(" | ")} |`,
    `|${columns.map(() => "---").join("|")}|`,
    ...kept.map((one) => `| ${[...row(one), one.day].map(tableCell).join(" | ")} |`),
    "",
    ...kept.flatMap(section),
  ].join("\n");
}

function row({ title, figure, wanted, ok }: Proven): readonly string[] {
  return [title, figure, wanted, ok ? "holds" : "FAILS"];
}

function tableCell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}

function section({ id, title, details, tookMs, day, machine }: Kept): readonly string[] {
  return [
    `## ${id}`,
    "",
    `${title}. Measured on ${day}: ${machineText(machine)}. The run took ${(tookMs / 1000).toFixed(1)} s.`,
    "",
    ...details.map((line) => `- ${line}`),
    "",
  ];
}

function machineText({ cpu, cores, memoryGiB, system, node }: Machine): string {
  return `${cpu}, ${cores} cores, ${memoryGiB} GiB of memory, ${system}, Node ${node}`;
}
