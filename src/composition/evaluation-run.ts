import { resolve } from "node:path";
import { lockDirectory } from "#adapters/postgres/directory-lock.ts";
import { systemClock } from "#adapters/system/system-clock.ts";
import { systemTimers } from "#adapters/system/system-timers.ts";
import { UndiciUpstream } from "#adapters/upstream/undici-upstream.ts";
import { version } from "#composition/version.ts";
import type { Environment } from "#environment/environment.ts";
import {
  runEvaluationFile,
  type CarriedEnd,
  type EvaluationFileRun,
  type RunSignals,
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

/**
 * Runs an evaluation over HTTP, and keeps what comes of it in a folder of its own.
 * @throws AppError
 */
export async function runEvaluation(
  { environment, folder, ...options }: EvaluationRunOptions,
  signals: RunSignals,
): Promise<CarriedEnd> {
  await using upstream = new UndiciUpstream();
  const alive = setInterval(() => undefined, aliveMs);
  try {
    return await runEvaluationFile(
      {
        ...options,
        folder: resolve(folder),
        lock: (path) => lockDirectory(path, { name: "run", remedy: "choose another folder" }),
        signalbox: { url: environment.serverUrl, apiKey: environment.apiKey?.reveal() },
        variable: environment.variable,
        upstream,
        clock: systemClock,
        timers: systemTimers,
        version,
      },
      signals,
    );
  } finally {
    clearInterval(alive);
  }
}
