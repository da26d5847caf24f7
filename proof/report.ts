import { alignedRows } from "#core/kernel/aligned-rows.ts";
import type { Proven } from "./claim.ts";

/** What the figures were measured on. Tells the kind of machine, never which one. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
}

const headings = ["claim", "figure", "wanted", "verdict"] as const;

/** The table that a person reads in a terminal. */
export function textTable(proven: readonly Proven[]): string {
  return alignedRows([headings, ...proven.map(row)]).join("\n");
}

/** docs/proof.md: the table, what it was measured on, and the details of each claim. */
export function proofDocument(proven: readonly Proven[], machine: Machine, day: string): string {
  return [
    "# Proof",
    "",
    "Written by `npm run proof`, which measures each claim again; not edited by hand.",
    "",
    `Measured on ${day}: ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB of memory, ${machine.system}, Node ${machine.node}.`,
    "",
    `| ${headings.join(" | ")} |`,
    `|${headings.map(() => "---").join("|")}|`,
    ...proven.map((one) => `| ${row(one).map(tableCell).join(" | ")} |`),
    "",
    ...proven.flatMap(section),
  ].join("\n");
}

function row({ title, figure, wanted, ok }: Proven): readonly string[] {
  return [title, figure, wanted, ok ? "holds" : "FAILS"];
}

function tableCell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}

function section({ id, title, details, tookMs }: Proven): readonly string[] {
  return [
    `## ${id}`,
    "",
    `${title}. The run took ${(tookMs / 1000).toFixed(1)} s.`,
    "",
    ...details.map((line) => `- ${line}`),
    "",
  ];
}
