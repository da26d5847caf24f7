import type { UpstreamPort } from "#adapters/upstream/upstream-port.ts";
import type { EvaluationRecord } from "#core/evaluations/record.ts";
import type { Pace } from "#core/evaluations/pace.ts";
import { AppError } from "#core/kernel/app-error.ts";
import type { Clock } from "#core/kernel/clock.ts";
import { present } from "#core/kernel/present.ts";
import type { Timers } from "#core/kernel/timers.ts";
import { loadedModules } from "#features/evaluations/custom/loaded-modules.ts";
import type { ReadingReport } from "#features/evaluations/data-sets/reading-report.ts";
import type { Evaluation } from "#features/evaluations/evaluation-file/evaluation.ts";
import type { EvaluationTarget } from "#features/evaluations/targets/evaluation-target.ts";
import { makeTargets } from "#features/evaluations/targets/make-targets.ts";
import { carryOut, type CarriedEnd } from "./carry-out.ts";
import type { RunManifest } from "./run-manifest.ts";
import type { RunSignals } from "./run-evaluation.ts";

/** What is run over a data set, and within which bounds. */
export interface RunPlan extends Pick<
  Evaluation,
  "name" | "data" | "repeats" | "concurrency" | "attemptsMax" | "budgetUsd" | "failuresMax" | "written"
> {
  /** The names of the scores that records will have, in their order. */
  readonly scorers: readonly string[];
}

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

/** How far a run is. */
export interface EvaluationProgress {
  /** What the data set came to: told once, before anybody is asked. */
  readonly data: ReadingReport;
  /** Tasks that are over, earlier ones included, and all there are. */
  readonly done: number;
  readonly total: number;
  /** Of those that ended now: without an answer; and what they cost, US dollars, as far as that is known. */
  readonly failed: number;
  readonly costUsd: number;
  /** Calls that may be under way. */
  readonly limit: number;
}

/**
 * Runs what an evaluation's file says. The data is read once before anybody is asked: what is wrong with it is known before
 * anything is paid.
 * @throws AppError
 */
export async function runEvaluationFile(run: EvaluationFileRun, signals: RunSignals): Promise<CarriedEnd> {
  const plan = { ...run.evaluation, scorers: [...run.evaluation.scorers.keys()] };
  await using modules = await loadedModules(run.evaluation);
  return await runPlan({ ...run, plan, targets: makeTargets({ ...run, modules }) }, signals);
}

/** Runs what a plan says, in the same way. @throws AppError */
export async function runPlan(run: PlannedRun, signals: RunSignals): Promise<CarriedEnd> {
  const { plan, targets, folder, resume } = run;
  const data = await readThrough(plan);
  const progress = new Progress(run, data);
  return carryOut(
    {
      folder,
      lock: run.lock,
      manifest: manifestOf(run, data),
      ...(resume && { resume }),
      terms: { targets, ...termsOf(plan) },
    },
    {
      items: plan.data.read().items,
      clock: run.clock,
      timers: run.timers,
      onSkipped: () => progress.skipped(),
      onRecord: (record, pace) => progress.ended(record, pace),
    },
    signals,
  );
}

function termsOf({ repeats, concurrency, attemptsMax, budgetUsd, failuresMax }: RunPlan) {
  return { repeats, concurrency, attemptsMax, failuresMax, ...present({ budgetUsd }) };
}

function manifestOf({ plan, targets, clock, version }: PlannedRun, data: ReadingReport): RunManifest {
  const { name, scorers, repeats, written } = plan;
  return {
    version: 1,
    name,
    started_at: new Date(clock.nowMs()).toISOString(),
    signalbox: version,
    data: { source: plan.data.source, digest: data.digest, items: data.selected },
    targets: targets.map((target) => target.name),
    scorers: [...scorers],
    repeats,
    // Written anew as JSON: readonly lists and maps are none of the schema's.
    evaluation: JSON.parse(JSON.stringify(written)),
  };
}

/** @throws AppError invalid-request when no item is left */
async function readThrough(plan: RunPlan): Promise<ReadingReport> {
  const reading = plan.data.read();
  for await (const _item of reading.items) {
    // What counts is the report.
  }
  const whole = reading.report();
  if (whole.selected > 0) return whole;
  throw new AppError(
    "invalid-request",
    `Cannot run evaluation "${plan.name}": at least one item is wanted, none of the ${whole.rows} rows of "${plan.data.source}" is chosen`,
  );
}

/** Counts what is over, and tells it. */
class Progress {
  readonly #tell: RunWorld["onProgress"];
  #state: EvaluationProgress;

  constructor({ plan, targets, onProgress }: PlannedRun, data: ReadingReport) {
    this.#tell = onProgress;
    const total = data.selected * targets.length * plan.repeats;
    this.#state = { data, done: 0, total, failed: 0, costUsd: 0, limit: plan.concurrency };
    this.#tell(this.#state);
  }

  skipped(): void {
    this.#state = { ...this.#state, done: this.#state.done + 1 };
  }

  ended({ outcome, judging }: EvaluationRecord, { limit }: Pace): void {
    const { done, failed, costUsd } = this.#state;
    const isAnswered = outcome.kind === "answered";
    this.#state = {
      ...this.#state,
      done: done + 1,
      failed: failed + (isAnswered ? 0 : 1),
      costUsd: costUsd + (isAnswered ? (outcome.costUsd ?? 0) : 0) + (judging?.costUsd ?? 0),
      limit: Math.trunc(limit),
    };
    this.#tell(this.#state);
  }
}
