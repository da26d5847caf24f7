import type { ComparisonTerms } from "#core/evaluations/comparison.ts";
import { gateReport, type GateReport } from "#core/evaluations/gate/gate.ts";
import type { GateSettings } from "#core/evaluations/gate/gate-schema.ts";
import {
  comparedMetrics,
  runComparison,
  type ComparedPart,
  type ComparisonPart,
} from "#core/evaluations/run-comparison.ts";
import { targetSummary, type TargetSummary } from "#core/evaluations/target-summary.ts";
import { runTradeOffs, type RunTradeOffs } from "#core/evaluations/trade-offs.ts";
import { AppError } from "#core/kernel/app-error.ts";
import { corpusValues, type CorpusValue } from "./corpus-values.ts";
import type { CalibrationReport } from "#features/evaluations/calibrations/calibration-report.ts";
import {
  correctScores,
  refuseCalibration,
  type JudgeCorrection,
} from "#features/evaluations/calibrations/correct-scores.ts";
import type { KeptRun } from "#features/evaluations/runs/read-run.ts";

/** What runs came to: each by itself, and beside what it is compared with. */
export interface EvaluationReport {
  /** Error rate in (0, 1) of intervals, and two-sided of comparisons. */
  readonly alpha: number;
  readonly runs: readonly ReportedRun[];
  /** Corrected for their number, all together. */
  readonly compared: readonly ComparedPart[];
  /** Undefined where nobody asks. */
  readonly gate: GateReport | undefined;
}

/** One run. */
export interface ReportedRun {
  readonly run: KeptRun;
  readonly baseline: KeptRun | undefined;
  readonly targets: readonly TargetSummary[];
  /** Of scorers that say something of all answers together. */
  readonly corpusValues: readonly CorpusValue[];
  /** Scores of calibrated judges, corrected by what humans said of these; none where no calibration is given. */
  readonly corrections: readonly JudgeCorrection[];
  /** By the first scorer; undefined where there is nothing to weigh. */
  readonly tradeOffs: RunTradeOffs | undefined;
}

/** What a report is made of. */
export interface ReportRequest {
  readonly runs: readonly KeptRun[];
  /** Runs of the same evaluations, by name; targets are compared with those of the same name. */
  readonly baselines: readonly KeptRun[];
  /** A target of the same run that others are compared with; the first one where there is no baseline either. */
  readonly against?: string;
  /** Whether runs on other data sets may be compared, item by item as far as ids are the same. */
  readonly allowsOtherData: boolean;
  readonly gate?: GateSettings;
  /** By which the scores of judges are corrected. */
  readonly calibration?: CalibrationReport;
  readonly terms: ComparisonTerms;
}

/**
 * A report of runs.
 * @throws AppError invalid-request where a baseline fits no run, is of other data, a gate asks for what is not there, or no scorer is
 * a judge of the calibration
 */
export function evaluationReport(request: ReportRequest): EvaluationReport {
  const { terms, calibration } = request;
  const pairs = pairedRuns(request);
  const runs = pairs.map(({ run, baseline }): ReportedRun => {
    const [scorer] = run.table.scorers;
    const targets = run.table.targets.map((target) =>
      targetSummary(run.table, { target, alpha: terms.alpha }),
    );
    return {
      run,
      baseline,
      targets,
      corpusValues: corpusValues(run.manifest, targets),
      corrections: calibration ? correctScores(run, { calibration, alpha: terms.alpha }) : [],
      tradeOffs: scorer === undefined ? undefined : runTradeOffs(run.table, { scorer, alpha: terms.alpha }),
    };
  });
  if (calibration && runs.every(({ corrections }) => corrections.length === 0))
    refuseCalibration(request.runs, calibration);
  const compared = runComparison(
    pairs.flatMap((pair) => partsOf(pair, request.against)),
    terms,
  );
  return { alpha: terms.alpha, runs, compared, gate: request.gate && gateOf(pairs, request.gate) };
}

interface RunPair {
  readonly run: KeptRun;
  readonly baseline: KeptRun | undefined;
}

function pairedRuns({ runs, baselines, allowsOtherData }: ReportRequest): readonly RunPair[] {
  const unused = new Set(baselines);
  const pairs = runs.map((run): RunPair => {
    // One of each needs no names: an evaluation may have been renamed.
    const isOnly = runs.length === 1 && baselines.length === 1;
    const baseline = baselines.find(({ manifest }) => isOnly || manifest.name === run.manifest.name);
    if (baseline) unused.delete(baseline);
    if (baseline && !allowsOtherData) assertSameData(run, baseline);
    return { run, baseline };
  });
  const [left] = unused;
  if (!left) return pairs;
  const names = runs.map(({ manifest }) => manifest.name).join(", ");
  throw refused(left, `a baseline of ${names} is wanted, it is of ${left.manifest.name}`);
}

function assertSameData(run: KeptRun, baseline: KeptRun): void {
  const [now, then] = [run.manifest.data, baseline.manifest.data];
  if (now.digest === then.digest) return;
  throw refused(
    baseline,
    `the same items are wanted on both sides, "${now.source}" (${now.items}) is compared with "${then.source}" (${then.items}), whose digest is another; --other-data compares the items that both have`,
  );
}

function refused({ folder }: KeptRun, what: string): AppError {
  return new AppError("invalid-request", `Cannot compare with the run in "${folder}": ${what}`);
}

function partsOf({ run, baseline }: RunPair, against: string | undefined): readonly ComparisonPart[] {
  const { table } = run;
  const part = (target: string, of: ComparisonPart["sides"]["baseline"], label: string): ComparisonPart => {
    const sides = { baseline: of, candidate: { table, target } };
    return { label: `${run.manifest.name}: ${label}`, sides, metrics: comparedMetrics(sides) };
  };
  if (!baseline) {
    const first = against ?? table.targets[0] ?? "";
    if (!table.targets.includes(first)) {
      throw refused(run, `a target of the run is wanted, "${first}" is none of ${table.targets.join(", ")}`);
    }
    return table.targets
      .filter((target) => target !== first)
      .map((target) => part(target, { table, target: first }, `${target} beside ${first}`));
  }
  const [only, other] = [table.targets, baseline.table.targets];
  if (only.length === 1 && other.length === 1 && only[0] !== other[0]) {
    const [target = "", before = ""] = [only[0], other[0]];
    return [
      part(target, { table: baseline.table, target: before }, `${target} beside its baseline, ${before}`),
    ];
  }
  return only
    .filter((target) => other.includes(target))
    .map((target) => part(target, { table: baseline.table, target }, `${target} beside its baseline`));
}

function gateOf(pairs: readonly RunPair[], gate: GateSettings): GateReport {
  const found = gateReport(
    pairs.map(({ run: { manifest, table }, baseline }) => ({
      name: manifest.name,
      table,
      expected: manifest.data.items * manifest.repeats,
      ...(baseline && { baseline: baseline.table }),
    })),
    gate,
  );
  if (found.ok) return found.value;
  throw new AppError("invalid-request", `Cannot judge by the gate: ${found.error}`);
}
