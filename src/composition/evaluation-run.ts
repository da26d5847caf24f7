import { resolve } from "node:path";
import { lockDirectory } from "#adapters/postgres/directory-lock.ts";
import { systemClock } from "#adapters/system/system-clock.ts";
import { systemTimers } from "#adapters/system/system-timers.ts";
import { UndiciUpstream } from "#adapters/upstream/undici-upstream.ts";
import { version } from "#composition/version.ts";
import type { Environment } from "#environment/environment.ts";
import {
  runCalibration as calibrate,
  runEvaluationFile,
  type CalibrationRun,
  type CarriedEnd,
  type EvaluationFileRun,
  type RunSignals,
  type RunWorld,
} from "#features/evaluations/index.ts";

/** How an evaluation is run from a command line. */
export interface EvaluationRunOptions extends Pick<
  EvaluationFileRun,
  "evaluation" | "folder" | "resume" | "onProgress"
> {
  readonly environment: Pick<Environment, "serverUrl" | "apiKey" | "variable">;
}

/** How often a timer that keeps the process alive wakes up, ms: the run's own timers do not keep it. */
const aliveMs = 60_000;

/** How judges are calibrated from a command line. */
export interface CalibrationRunOptions extends Pick<
  CalibrationRun,
  "calibration" | "folder" | "resume" | "onProgress"
> {
  readonly environment: Pick<Environment, "serverUrl" | "apiKey">;
}

/**
 * Runs an evaluation over HTTP, and keeps what comes of it in a folder of its own.
 * @throws AppError
 */
export function runEvaluation(
  { environment, ...options }: EvaluationRunOptions,
  signals: RunSignals,
): Promise<CarriedEnd> {
  return inWorld(options.folder, environment, (world) =>
    runEvaluationFile({ ...options, ...world, variable: environment.variable }, signals),
  );
}

/** Asks judges about labelled items over HTTP, and keeps what comes of it in the same way. @throws AppError */
export function runCalibration(
  { environment, ...options }: CalibrationRunOptions,
  signals: RunSignals,
): Promise<CarriedEnd> {
  return inWorld(options.folder, environment, (world) => calibrate({ ...options, ...world }, signals));
}

type World = Omit<RunWorld, "resume" | "onProgress">;

async function inWorld<Value>(
  folder: string,
  { serverUrl: url, apiKey }: Pick<Environment, "serverUrl" | "apiKey">,
  run: (world: World) => Promise<Value>,
): Promise<Value> {
  await using upstream = new UndiciUpstream();
  const alive = setInterval(() => undefined, aliveMs);
  try {
    return await run({
      folder: resolve(folder),
      lock: (path) => lockDirectory(path, { name: "run", remedy: "choose another folder" }),
      signalbox: { url, apiKey: apiKey?.reveal() },
      upstream,
      clock: systemClock,
      timers: systemTimers,
      version,
    });
  } finally {
    clearInterval(alive);
  }
}
