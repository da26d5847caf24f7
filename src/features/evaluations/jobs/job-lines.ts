import { AppError } from "#core/kernel/app-error.ts";
import type { RunLine } from "#features/evaluations/runs/run-log.ts";
import type { JobStore, KeptLine } from "./store.ts";

/** Lines that are read at once. */
const pageLines = 500;

/** The lines of a run as they are kept now, one after another. @throws AppError store-unavailable */
export async function* keptLines(store: Pick<JobStore, "lines">, id: string): AsyncGenerator<KeptLine> {
  let after = 0;
  for (;;) {
    const page = await store.lines(id, after, pageLines);
    yield* page;
    const last = page.at(-1);
    if (!last || page.length < pageLines) return;
    after = last.sequence;
  }
}

/** A line as its run wrote it. @throws AppError internal for what no run writes */
export function runLineOf({ sequence, text }: KeptLine): RunLine {
  try {
    // Only a run writes lines, and the store keeps them whole.
    return JSON.parse(text) as RunLine;
  } catch (cause) {
    throw new AppError("internal", `Cannot read line ${sequence} of a run: JSON is wanted, it is none`, {
      cause,
    });
  }
}
