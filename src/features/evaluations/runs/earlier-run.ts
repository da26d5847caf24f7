import { DoneTasks } from "./done-tasks.ts";
import type { RunLine } from "./run-log.ts";
import type { Spent } from "./stop-rule.ts";

/** What was done of a run before it is gone on with. */
export interface EarlierRun {
  readonly done: DoneTasks;
  readonly spent: Spent;
  /** Tasks that began and have no end: their answers may have been paid and lost. */
  readonly unfinished: number;
  /** Tasks that ended with an error. */
  readonly failed: number;
}

/** Reads what was done. @param retriesErrors whether tasks that failed are done again */
export async function earlierRun(
  lines: AsyncIterable<RunLine>,
  {
    targets,
    repeats,
    retriesErrors,
  }: { readonly targets: readonly string[]; readonly repeats: number; readonly retriesErrors: boolean },
): Promise<EarlierRun> {
  const done = new DoneTasks(targets, repeats);
  let started = 0;
  let finished = 0;
  let failed = 0;
  let usd = 0;
  let answers = 0;
  for await (const line of lines) {
    if (line.kind === "started") {
      started++;
      continue;
    }
    finished++;
    const { position, record } = line;
    const { outcome, judging, target, repeat } = record;
    if (outcome.kind === "answered") {
      answers++;
      usd += (outcome.costUsd ?? 0) + (judging?.costUsd ?? 0);
    } else failed++;
    const task = { position, target, repeat };
    if (outcome.kind === "failed" && retriesErrors) done.remove(task);
    else done.add(task);
  }
  return { done, spent: { usd, answers }, unfinished: started - finished, failed };
}
