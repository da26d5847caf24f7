import { usualGate } from "#core/evaluations/gate/gate-schema.ts";
import { AppError } from "#core/kernel/app-error.ts";
import { present } from "#core/kernel/present.ts";
import { seededUnits } from "#core/kernel/seeded-units.ts";
import { calibrationOfFolder } from "#features/evaluations/calibrations/calibration-report.ts";
import { readRun } from "#features/evaluations/runs/read-run.ts";
import { evaluationReport, type EvaluationReport } from "./evaluation-report.ts";
import { readGate } from "./read-gate.ts";

/** What a report is asked for. */
export interface FoldersReport {
  /** Folders of runs, at least one. */
  readonly folders: readonly string[];
  /** Folders of the runs that they are compared with. */
  readonly baselines: readonly string[];
  readonly against?: string;
  readonly allowsOtherData: boolean;
  /** Error rate in (0, 1) of intervals and comparisons. */
  readonly alpha: number;
  readonly errors: "left-out" | "as-wrong";
  /** Of the bootstrap; 0 leaves it out. */
  readonly resamples: number;
  readonly seed: number;
  /** Whether a gate judges, and the file that says how: without one, nothing may be worse than the baseline by a point. */
  readonly gate?: { readonly path?: string };
  /** The folder of a calibration, by which the scores of its judges are corrected. */
  readonly calibration?: string;
}

/**
 * A report of the runs of folders.
 * @throws AppError not-found, invalid-request or invalid-configuration, as what it reads
 */
export async function reportOfFolders(asked: FoldersReport): Promise<EvaluationReport> {
  const { folders, baselines, gate, alpha, errors, resamples, seed } = asked;
  const settings = gate && (gate.path === undefined ? usualGate : await readGate(gate.path));
  const against = asked.against ?? settings?.against;
  const runs = await inTurn(folders);
  const names = runs.map(({ manifest }) => manifest.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new AppError(
      "invalid-request",
      `Cannot report the runs of "${twice}" together: one run of each evaluation is wanted; --baseline compares two`,
    );
  }
  const terms = { alpha, errors, resamples, unit: seededUnits(seed, "bootstrap") };
  return evaluationReport({
    runs,
    baselines: await inTurn(baselines),
    allowsOtherData: asked.allowsOtherData,
    terms,
    ...present({
      calibration:
        asked.calibration === undefined ? undefined : await calibrationOfFolder(asked.calibration, alpha),
    }),
    ...present({ against, gate: settings && { ...settings, ...present({ against }) } }),
  });
}

/** One after another: each run may be as large as memory allows. */
async function inTurn(folders: readonly string[]): Promise<Awaited<ReturnType<typeof readRun>>[]> {
  const runs: Awaited<ReturnType<typeof readRun>>[] = [];
  for (const folder of folders) runs.push(await readRun(folder));
  return runs;
}
