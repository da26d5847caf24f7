import { loadedModules } from "#features/evaluations/custom/loaded-modules.ts";
import { earlierRun, type EarlierRun } from "#features/evaluations/runs/earlier-run.ts";
import { prepareRun } from "#features/evaluations/runs/prepare-run.ts";
import { runEvaluation, type RunEnd, type RunSignals } from "#features/evaluations/runs/run-evaluation.ts";
import type { RunLine } from "#features/evaluations/runs/run-log.ts";
import type { RunManifest } from "#features/evaluations/runs/run-manifest.ts";
import { assertSameRun } from "#features/evaluations/runs/same-run.ts";
import { makeTargets, type TargetWorld } from "#features/evaluations/targets/make-targets.ts";
import { JobCount } from "./job-count.ts";
import { keptEvaluation } from "./job-evaluation.ts";
import { keptLines, runLineOf } from "./job-lines.ts";
import { claimLost, JobLog } from "./job-log.ts";
import type { TakenJob } from "./run-job.ts";
import type { JobStore } from "./store.ts";

/** What runs are carried out with. */
export interface JobWorld extends Omit<TargetWorld, "evaluation" | "modules"> {
  readonly store: JobStore;
  /** Of Signalbox, for manifests. */
  readonly version: string;
}

/**
 * Carries out what is left of a run that was taken.
 * @throws AppError what the evaluation, its data or the store throw; conflict when another process has taken it
 */
export async function carryOutJob(taken: TakenJob, world: JobWorld, signals: RunSignals): Promise<RunEnd> {
  const { store, clock, timers } = world;
  const evaluation = await keptEvaluation(taken.job.evaluation, taken.items);
  await using modules = await loadedModules(evaluation);
  const { manifest, terms, items } = await prepareRun({
    ...world,
    plan: { ...evaluation, scorers: [...evaluation.scorers.keys()] },
    targets: makeTargets({ ...world, evaluation, modules }),
  });
  if (taken.job.manifest) assertSameRun(`run "${taken.id}"`, taken.job.manifest, manifest);
  const { earlier, lines } = await readEarlier(store, taken, manifest);
  const total = manifest.data.items * manifest.targets.length * manifest.repeats;
  const count = new JobCount(total, earlier, taken);
  if (!(await store.begin(taken, taken.job.manifest ?? manifest, count.progress))) throw claimLost(taken.id);
  return await runEvaluation(
    { ...terms, spentBefore: earlier.spent },
    {
      items: items(),
      isDone: (task) => earlier.done.has(task),
      log: new JobLog({ store, claim: taken, before: lines, count }),
      clock,
      timers,
      onSkipped: () => undefined,
      onRecord: () => undefined,
    },
    signals,
  );
}

async function readEarlier(
  store: JobStore,
  { id, retriesErrors }: TakenJob,
  { targets, repeats }: RunManifest,
): Promise<{ readonly earlier: EarlierRun; readonly lines: number }> {
  let lines = 0;
  async function* counted(): AsyncGenerator<RunLine> {
    for await (const line of keptLines(store, id)) {
      lines = line.sequence;
      yield runLineOf(line);
    }
  }
  const earlier = await earlierRun(counted(), { targets, repeats, retriesErrors });
  return { earlier, lines };
}
