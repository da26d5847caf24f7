import type { JudgedCell } from "./judge.ts";

/** The figures that the issue asks for. */
export interface MatrixSummary {
  readonly cells: number;
  readonly held: number;
  readonly faults: number;
  /** Cells that a gateway can answer, and those of them that it did. */
  readonly recoverable: number;
  readonly recovered: number;
  /** Cells that end in an error, and those of them whose client could tell what it was. */
  readonly unrecoverable: number;
  readonly typed: number;
  readonly fakeCleanEnds: number;
  readonly hangs: number;
}

/** Counts a run. */
export function summaryOf(judged: readonly JudgedCell[]): MatrixSummary {
  const count = (is: (one: JudgedCell) => boolean): number => judged.filter(is).length;
  return {
    cells: judged.length,
    held: count(({ problems }) => problems.length === 0),
    faults: new Set(judged.map(({ cell }) => cell.fault)).size,
    recoverable: count(isRecoverable),
    recovered: count((one) => isRecoverable(one) && one.outcome === "answered"),
    unrecoverable: count((one) => !isRecoverable(one)),
    typed: count((one) => !isRecoverable(one) && tellsWhy.has(one.outcome)),
    fakeCleanEnds: count(({ outcome }) => outcome === "fake-clean-end" || outcome === "spliced"),
    hangs: count(({ outcome }) => outcome === "hang"),
  };
}

/** Whether every figure is as wanted, and each cell. */
export function isAsWanted(summary: MatrixSummary): boolean {
  return summary.held === summary.cells && summary.fakeCleanEnds === 0 && summary.hangs === 0;
}

/** The figures in a line. */
export function summaryLine(summary: MatrixSummary): string {
  return [
    `${summary.recovered} of ${summary.recoverable} recoverable answered`,
    `${summary.typed} of ${summary.unrecoverable} others with a typed end`,
    `${summary.fakeCleanEnds} fake clean ends`,
    `${summary.hangs} hangs`,
    `${summary.held} of ${summary.cells} cells of ${summary.faults} faults as wanted`,
  ].join(", ");
}

function isRecoverable({ cell }: JudgedCell): boolean {
  return cell.expect.includes("answered");
}

const tellsWhy: ReadonlySet<JudgedCell["outcome"]> = new Set(["typed-error", "error-frame", "blocked"]);
