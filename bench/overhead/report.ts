import { alignedRows } from "#core/kernel/aligned-rows.ts";
import type { BenchMachine } from "../measure/machine.ts";
import type { JudgedFigure } from "./figure.ts";

/** Everything a run tells. */
export interface OverheadReport {
  readonly machine: BenchMachine;
  readonly rounds: number;
  readonly short: boolean;
  readonly figures: readonly JudgedFigure[];
}

const headings = ["figure", "of", "measured", "wanted", "verdict"] as const;

/** The report as a person reads it: a table for each part, and how many figures hold. */
export function textReport({ machine, rounds, figures }: OverheadReport): string {
  const parts = [...Map.groupBy(figures, ({ part }) => part)];
  const failed = figures.filter(({ verdict }) => verdict === "fails").length;
  const held = figures.filter(({ verdict }) => verdict === "holds").length;
  return [
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.system}, Node ${machine.node}, load ${machine.loadAverage.toFixed(2)}; ${rounds} rounds`,
    ...parts.flatMap(([part, ofPart]) => ["", part, table(ofPart)]),
    "",
    `${held} of ${held + failed} figures are as wanted`,
    "",
  ].join("\n");
}

function table(figures: readonly JudgedFigure[]): string {
  return alignedRows([headings, ...figures.map(row)])
    .map((line) => `  ${line}`)
    .join("\n");
}

function row({ name, target, value, unit, wantedMax, verdict }: JudgedFigure): readonly string[] {
  const most = wantedMax === undefined ? "" : `<= ${wantedMax} ${unit}`;
  return [name, target, `${number(value)} ${unit}`, most, verdict === "told" ? "" : verdict];
}

/** Three digits that mean something. */
function number(value: number): string {
  if (Number.isNaN(value)) return "not measured:";
  if (Math.abs(value) >= 100 || Number.isInteger(value)) return value.toFixed(0);
  return value.toPrecision(3);
}
