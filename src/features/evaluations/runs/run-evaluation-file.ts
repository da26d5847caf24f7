import type { UpstreamPort } from "#adapters/upstream/upstream-port.ts";
import type { Clock } from "#core/kernel/clock.ts";
import type { Timers } from "#core/kernel/timers.ts";
import { loadedModules } from "#features/evaluations/custom/loaded-modules.ts";
import type { Evaluation } from "#features/evaluations/evaluation-file/evaluation.ts";
import type { EvaluationTarget } from "#features/evaluations/targets/evaluation-target.ts";
import { makeTargets } from "#features/evaluations/targets/make-targets.ts";
import { carryOut, type CarriedEnd } from "./carry-out.ts";
import { prepareRun, type RunPlan } from "./prepare-run.ts";
import type { RunSignals } from "./run-evaluation.ts";
import { RunProgress, type EvaluationProgress } from "./run-progress.ts";

/** Where a run is kept, and what it is made with, whatever it is of. */
export interface RunWorld {
  /** Where it is kept. */
  readonly folder: string;
  /** Absent: a new run. */
  readonly resume?: { readonly retriesErrors: boolean };
  readonly signalbox: { readonly url: string; readonly apiKey: string | undefined };
  /** Makes an existing folder this process's alone. */
  readonly lock: (folder: string) => { release(): void };
  readonly upstream: UpstreamPort;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Of Signalbox, for the manifest. */
  readonly version: string;
  readonly onProgress: (progress: EvaluationProgress) => void;
}

/** What a run of an evaluation's file is made with. */
export interface EvaluationFileRun extends RunWorld {
  readonly evaluation: Evaluation;
  /** An environment variable. */
  readonly variable: (name: string) => string | undefined;
}

/** A run of a plan. */
interface PlannedRun extends RunWorld {
  readonly plan: RunPlan;
  readonly targets: readonly EvaluationTarget[];
}

/** Runs what an evaluation's file says. @throws AppError */
export async function runEvaluationFile(run: EvaluationFileRun, signals: RunSignals): Promise<CarriedEnd> {
  const plan = { ...run.evaluation, scorers: [...run.evaluation.scorers.keys()] };
  await using modules = await loadedModules(run.evaluation);
  return await runPlan({ ...run, plan, targets: makeTargets({ ...run, modules }) }, signals);
}

/** Runs what a plan says, in the same way. @throws AppError */
export async function runPlan(run: PlannedRun, signals: RunSignals): Promise<CarriedEnd> {
  const { plan, folder, resume } = run;
  const { manifest, terms, data, items } = await prepareRun(run);
  const progress = new RunProgress({ manifest, concurrency: plan.concurrency, data }, run.onProgress);
  return carryOut(
    {
      folder,
      lock: run.lock,
      manifest,
      ...(resume && { resume }),
      terms,
    },
    {
      items: items(),
      clock: run.clock,
      timers: run.timers,
      onSkipped: () => progress.skipped(),
      onRecord: (record, pace) => progress.ended(record, pace),
    },
    signals,
  );
}
