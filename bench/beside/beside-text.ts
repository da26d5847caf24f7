import { alignedRows } from "#core/kernel/aligned-rows.ts";
import { workloads } from "../overhead/workload.ts";
import type { BesideRatios, BesideReport } from "./run-beside.ts";

const headings = [
  "start",
  "workload",
  "CPU of the main thread",
  "CPU of the process",
  "added, one at a time",
];

/** The report as a person reads it: each start's ratios, and what they come to. */
export function besideText({ machine, starts, typical, wantedMax, verdict }: BesideReport): string {
  const rows = starts.flatMap((byWorkload, at) =>
    workloads.map((workload) => [String(at + 1), workload, ...ratioTexts(byWorkload[workload])]),
  );
  return [
    `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, load ${machine.loadAverage.toFixed(2)}`,
    "",
    ...alignedRows([headings, ...rows, ["all", "geometric mean, median of starts", ...ratioTexts(typical)]]),
    "",
    `${verdict}: at most ${wantedMax} times the other checkout is wanted`,
    "",
  ].join("\n");
}

function ratioTexts({ main, process, added }: BesideRatios): readonly string[] {
  return [main, process, added].map((value) => value.toFixed(2));
}
