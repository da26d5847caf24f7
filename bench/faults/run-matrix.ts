import { ask, type Gateway } from "./ask.ts";
import type { Cell } from "./cell.ts";
import { judge, type JudgedCell } from "./judge.ts";
import { isAddressFault } from "./upstream/fault-names.ts";
import type { FaultyUpstream } from "./upstream/faulty-upstream.ts";
import { modelOf } from "./wiring.ts";

/** How a matrix is run. */
export interface MatrixRun {
  readonly upstream: FaultyUpstream;
  readonly gateway: Gateway;
  /** The gateway's name for what is asked: a template of wiring.ts. */
  readonly model: string;
  /** The deadline of a request at the gateway, ms; what is not over soon behind it hangs. */
  readonly totalMs: number;
  /** Cells under way at once; 1 where they share a model, because the gateway then remembers failures. */
  readonly concurrency: number;
  /** Done before each cell. */
  readonly beforeCell?: (cell: Cell) => Promise<void>;
  readonly afterCell?: (judged: JudgedCell) => void;
}

/** Time that an answer may take behind the deadline, ms: the machine is busy, and not only with this. */
const graceMs = 1_000;
/** How often a cell is asked whose fault only one address of two has: the gateway may go to the other first. */
const asksOfOneAddress = 6;

/** Asks every cell, and tells them in their order. */
export async function runMatrix(cells: readonly Cell[], run: MatrixRun): Promise<readonly JudgedCell[]> {
  const judged: JudgedCell[] = [];
  const left = [...cells.entries()];
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next; next = left.shift()) {
      const [at, cell] = next;
      const result = await runCell(cell, run);
      judged[at] = result;
      run.afterCell?.(result);
    }
  };
  await Promise.all(Array.from({ length: run.concurrency }, work));
  return judged;
}

/** Asks one cell; of several asks the first that does not hold is told, else the last. */
async function runCell(cell: Cell, run: MatrixRun): Promise<JudgedCell> {
  await run.beforeCell?.(cell);
  const asks = isAddressFault(cell.fault) && cell.failing === "one" ? asksOfOneAddress : 1;
  for (let left = asks - 1; ; left--) {
    const judged = await askCell(cell, run);
    if (left === 0 || judged.problems.length > 0) return judged;
  }
}

async function askCell(cell: Cell, run: MatrixRun): Promise<JudgedCell> {
  run.upstream.play(cell.id, cell);
  const seen = await ask(run.gateway, {
    cell: cell.id,
    model: modelOf(cell, run.model),
    stream: cell.mode === "stream",
    hangMs: run.totalMs + graceMs,
  });
  return judge(cell, seen, run.upstream.seen(cell.id));
}
