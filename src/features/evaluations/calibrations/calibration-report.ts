import { judgeReport, type JudgeReport } from "#core/evaluations/calibration/judge-report.ts";
import { judgementScores } from "#core/evaluations/calibration/judgement-scores.ts";
import { AppError } from "#core/kernel/app-error.ts";
import { isJsonObject, type JsonObject } from "#core/kernel/json.ts";
import { readRun, type KeptRun } from "#features/evaluations/runs/read-run.ts";

/** What a calibration came to. */
export interface CalibrationReport {
  readonly run: KeptRun;
  /** Error rate in (0, 1) of each interval. */
  readonly alpha: number;
  readonly judges: readonly JudgeReport[];
}

/**
 * A report of the calibration that a folder holds, also of one that is not at its end.
 * @throws AppError as `readRun`; invalid-request where the run is none of a calibration
 */
export async function calibrationOfFolder(folder: string, alpha: number): Promise<CalibrationReport> {
  const run = await readRun(folder);
  const { manifest, table } = run;
  if (!isJsonObject(judgesIn(run)))
    throw new AppError(
      "invalid-request",
      `Cannot read a calibration in "${folder}": a run of \`signalbox eval calibrate\` is wanted, it is one of evaluation "${manifest.name}"`,
    );
  const kind = manifest.scorers.includes(judgementScores.asA) ? "pairs" : "ratings";
  return {
    run,
    alpha,
    judges: manifest.targets.map((judge) => judgeReport(table, { judge, kind, alpha })),
  };
}

/** How the judges of a calibration are described, by name; undefined of another run. */
export function judgesIn({ manifest }: Pick<KeptRun, "manifest">): JsonObject | undefined {
  const judges = manifest.evaluation["judges"];
  return isJsonObject(judges) ? judges : undefined;
}
