import { DoneTasks } from "./done-tasks.ts";
import type { RunLine, Task } from "./run-log.ts";
import type { Spent } from "./stop-rule.ts";

/** What was done of a run before it is gone on with. */
export interface EarlierRun {
  readonly done: DoneTasks;
  readonly spent: Spent;
  /** Tasks that began and have no end: their answers may have been paid and lost. */
  readonly unfinished: number;
  /** Tasks that have an end, and those of them whose last one is an error. */
  readonly finished: number;
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
  const tasks = { targets, repeats };
  const [ended, done, errors] = [new CountedTasks(tasks), new CountedTasks(tasks), new CountedTasks(tasks)];
  let started = 0;
  let finished = 0;
  let usd = 0;
  let answers = 0;
  for await (const line of lines) {
    if (line.kind === "started") {
      started++;
      continue;
    }
    finished++;
    const { position, record } = line;
    const { outcome, judging, item, target, repeat } = record;
    const task = { position, item, target, repeat };
    ended.set(task, true);
    errors.set(task, outcome.kind === "failed");
    done.set(task, outcome.kind === "answered" || !retriesErrors);
    if (outcome.kind === "failed") continue;
    answers++;
    usd += (outcome.costUsd ?? 0) + (judging?.costUsd ?? 0);
  }
  return {
    done: done.tasks,
    spent: { usd, answers },
    unfinished: started - finished,
    finished: ended.count,
    failed: errors.count,
  };
}

/** Tasks, and how many they are. */
class CountedTasks {
  readonly tasks: DoneTasks;
  count = 0;

  constructor({ targets, repeats }: { readonly targets: readonly string[]; readonly repeats: number }) {
    this.tasks = new DoneTasks(targets, repeats);
  }

  set(task: Task, isIn: boolean): void {
    if (this.tasks.has(task) === isIn) return;
    this.count += isIn ? 1 : -1;
    if (isIn) this.tasks.add(task);
    else this.tasks.remove(task);
  }
}
