import { writeFile } from "node:fs/promises";
import { CheckFailedError } from "#cli/check-failed-error.ts";
import type { Output } from "#cli/output.ts";
import { runCalibration } from "#composition/evaluation-run.ts";
import {
  assertRetries,
  endLines,
  endView,
  interruptible,
  usualFolder,
} from "#cli/evaluation/run-evaluation.ts";
import { EvaluationProgressLines } from "#cli/evaluation/progress-lines.ts";
import type { Environment } from "#environment/environment.ts";
import {
  calibrationLines,
  calibrationMarkdown,
  calibrationOfFolder,
  calibrationView,
  readCalibration,
} from "#features/evaluations/index.ts";
import type { RunFlags } from "./run-evaluation.ts";

/** How judges are calibrated. */
export interface CalibrateFlags extends RunFlags {
  /** Error rate in (0, 1) of intervals. */
  readonly alpha: number;
  /** A file for the report. */
  readonly markdown?: string;
}

/**
 * `signalbox eval calibrate`.
 * @throws AppError; CheckFailedError when it ended before all was done
 */
export async function calibrateJudges(
  environment: Environment,
  flags: CalibrateFlags,
  output: Output,
): Promise<void> {
  assertRetries(flags);
  const { file, alpha, markdown, resume, concurrency, budget } = flags;
  const read = await readCalibration(file);
  const calibration = {
    ...read,
    ...(concurrency !== undefined && { concurrency }),
    ...(budget !== undefined && { budgetUsd: budget }),
  };
  const folder = resume ?? flags.out ?? usualFolder(calibration);
  const lines = new EvaluationProgressLines((line) => output.note(line));
  const end = await interruptible((signals) =>
    runCalibration(
      {
        calibration,
        folder,
        environment,
        onProgress: (progress) => lines.show(progress),
        ...(resume !== undefined && { resume: { retriesErrors: flags.retry === "errors" } }),
      },
      signals,
    ),
  );
  const report = await calibrationOfFolder(folder, alpha);
  if (markdown !== undefined) await writeFile(markdown, calibrationMarkdown(report));
  output.result({
    json: { ...endView(folder, end), calibration: calibrationView(report) },
    lines: [...endLines(folder, end), "", ...calibrationLines(report)],
  });
  if (end.stopped) throw new CheckFailedError();
}
