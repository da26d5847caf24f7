import { AppError } from "#core/kernel/app-error.ts";
import type { DataItem } from "#core/evaluations/data-item.ts";
import type { Clock } from "#core/kernel/clock.ts";
import { present } from "#core/kernel/present.ts";
import type { ReadingReport } from "#features/evaluations/data-sets/reading-report.ts";
import type { Evaluation } from "#features/evaluations/evaluation-file/evaluation.ts";
import type { EvaluationTarget } from "#features/evaluations/targets/evaluation-target.ts";
import type { RunManifest } from "./run-manifest.ts";
import type { RunTerms } from "./run-evaluation.ts";

/** What is run over a data set, and within which bounds. */
export interface RunPlan extends Pick<
  Evaluation,
  "name" | "data" | "repeats" | "concurrency" | "attemptsMax" | "budgetUsd" | "failuresMax" | "written"
> {
  /** The names of the scores that records will have, in their order. */
  readonly scorers: readonly string[];
}

/** What a run is prepared of. */
interface PlanWorld {
  readonly plan: RunPlan;
  readonly targets: readonly EvaluationTarget[];
  readonly clock: Clock;
  /** Of Signalbox, for the manifest. */
  readonly version: string;
}

/** A run that may begin. */
interface PreparedRun {
  readonly manifest: RunManifest;
  readonly terms: Omit<RunTerms, "spentBefore">;
  /** What the data came to. */
  readonly data: ReadingReport;
  /** Reads them from the beginning. */
  readonly items: () => AsyncIterable<DataItem>;
}

/**
 * Reads the data through before anybody is asked: what is wrong with it is known before anything is paid.
 * @throws AppError
 */
export async function prepareRun(world: PlanWorld): Promise<PreparedRun> {
  const { plan, targets } = world;
  const data = await readThrough(plan);
  return {
    manifest: manifestOf(world, data),
    terms: { targets, ...termsOf(plan) },
    data,
    items: () => plan.data.read().items,
  };
}

function termsOf({ repeats, concurrency, attemptsMax, budgetUsd, failuresMax }: RunPlan) {
  return { repeats, concurrency, attemptsMax, failuresMax, ...present({ budgetUsd }) };
}

function manifestOf({ plan, targets, clock, version }: PlanWorld, data: ReadingReport): RunManifest {
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
