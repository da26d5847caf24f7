import { correctedScore, type CorrectedScore } from "#core/evaluations/calibration/corrected-score.ts";
import { AppError } from "#core/kernel/app-error.ts";
import { canonicalJson } from "#core/kernel/canonical-json.ts";
import { isJsonObject, type JsonObject } from "#core/kernel/json.ts";
import type { KeptRun } from "#features/evaluations/runs/read-run.ts";
import { judgesIn, type CalibrationReport } from "./calibration-report.ts";

/** A score of a target, corrected by a judge that was calibrated. */
export interface JudgeCorrection extends CorrectedScore {
  /** Its name in the calibration. */
  readonly judge: string;
}

/** What makes a judge the same one: error rates are of no other. */
const identity = ["kind", "model", "criteria", "scale", "pass_at", "votes", "parameters"] as const;

/**
 * The scores of a run that a calibrated judge gave, corrected by its error rates; none where no scorer of the run is such a judge.
 * @param terms.alpha error rate in (0, 1) of each interval
 */
export function correctScores(
  { manifest, table }: KeptRun,
  { calibration, alpha }: { readonly calibration: CalibrationReport; readonly alpha: number },
): readonly JudgeCorrection[] {
  const described = judgesIn(calibration.run) ?? {};
  return Object.entries(scorersIn(manifest)).flatMap(([scorer, config]) => {
    const report = calibration.judges.find(
      ({ judge }) => Object.hasOwn(described, judge) && differencesOf(config, described[judge]).length === 0,
    );
    if (!report) return [];
    const { errorRates } = report.calibration;
    return table.targets.flatMap((target) => {
      const corrected = correctedScore(table, { target, scorer, errorRates, alpha });
      return corrected ? [{ judge: report.judge, ...corrected }] : [];
    });
  });
}

/**
 * Says why nothing was corrected.
 * @throws AppError invalid-request
 */
export function refuseCalibration(runs: readonly KeptRun[], { run }: CalibrationReport): never {
  const judges = Object.entries(judgesIn(run) ?? {});
  const reasons = runs.flatMap(({ manifest }) =>
    Object.entries(scorersIn(manifest)).flatMap(([scorer, config]) =>
      judges.map(
        ([judge, described]) =>
          `"${scorer}" and "${judge}" differ in ${differencesOf(config, described).join(", ")}`,
      ),
    ),
  );
  throw new AppError(
    "invalid-request",
    `Cannot correct scores by the calibration in "${run.folder}": a scorer that is a judge of it is wanted, ${reasons.slice(0, 5).join("; ") || "there is none"}`,
  );
}

/** Scorers of a run that are judges, by name. */
function scorersIn({ evaluation }: KeptRun["manifest"]): JsonObject {
  const scorers = evaluation["scorers"];
  if (!isJsonObject(scorers)) return {};
  return Object.fromEntries(
    Object.entries(scorers).filter(
      ([, config]) => isJsonObject(config) && (config["kind"] === "judge" || config["kind"] === "pairwise"),
    ),
  );
}

/** In what a judge of a run is not the one that was calibrated, which is always asked in both orders. */
function differencesOf(scorer: unknown, judge: unknown): readonly string[] {
  if (!isJsonObject(scorer) || !isJsonObject(judge)) return ["kind"];
  const differing = identity.filter((key) => canonicalJson([scorer[key]]) !== canonicalJson([judge[key]]));
  return [
    ...differing,
    ...(scorer["swap"] === false ? ["swap"] : []),
    ...(seesReference(scorer) === seesReference(judge) ? [] : ["reference"]),
  ];
}

function seesReference(config: JsonObject): boolean {
  return config["reference"] !== undefined;
}
