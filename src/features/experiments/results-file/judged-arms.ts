import type { MetricPlan } from "#core/experiments/plan/analysis-plan.ts";
import type { JudgeCorrection } from "#core/experiments/plan/judge-correction.ts";
import {
  correctedArm,
  correctedText,
  correctionAlpha,
  labelsMin,
  labelsOfEachMin,
  type CorrectedValue,
  type JudgeSkill,
} from "#core/experiments/comparisons/corrected-arm.ts";
import { judgedUnitsArms } from "#core/experiments/comparisons/judged-units-arms.ts";
import type { MetricArm, MetricArms } from "#core/experiments/comparisons/metric-arm.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import { crossMomentsOf } from "#core/statistics/cross-moments.ts";
import { noJointMoments, type JointMoments } from "#core/statistics/joint-moments.ts";
import { correctedRate } from "#core/statistics/judged-rate.ts";
import { judgedUnitsOf } from "#core/statistics/judged-units.ts";
import { momentsOf } from "#core/statistics/moments.ts";
import { predictionPoweredMean } from "#core/statistics/prediction-powered.ts";
import { refused, type Refusal } from "#core/statistics/refusal.ts";
import type { Adjusted } from "./adjusted.ts";
import type { Clustering } from "./clusters.ts";
import type { ResultRows } from "./result-rows.ts";

/** The columns of what a judge and humans said. */
interface JudgedPlaces {
  readonly judge: number;
  readonly human: number;
}

/** What a judge and humans said of one variant. */
interface JudgedValues {
  /** Of what both said something about, in one order. */
  readonly human: number[];
  readonly judge: number[];
  /** What the judge said of the rest. */
  readonly rest: number[];
}

/**
 * What humans would have said of each variant, by prediction-powered inference of the mean, or the rate corrected for the errors of
 * a judge that passes or fails (Rogan and Gladen). Each variant has labels of its own, so that a judge that likes one better is
 * corrected. Arms count as many units as they have labels.
 */
export function judgedArms(
  rows: ResultRows,
  clustering: Clustering,
  {
    metric,
    arms,
    correction,
    ...places
  }: {
    readonly metric: MetricPlan;
    readonly arms: MetricArms;
    readonly correction: Exclude<JudgeCorrection, "none">;
  } & JudgedPlaces,
): Adjusted {
  if (metric.aggregation.kind !== "mean" || metric.winsorised !== undefined)
    return failed("a plain mean is, no quantile and none that is cut off");
  if (clustering.sharesClusters || clustering.isWeighted)
    return failed("units are that share nothing, all assigned with the same probabilities");
  if (clustering.repeats) {
    const units = judgedUnits(rows, clustering.used, places);
    return judgedUnitsArms({ metric: metric.name, correction, arms, units });
  }
  const values = judgedValues(rows, clustering.used, places);
  const isShare = [...values.values()].every(({ human, judge, rest }) =>
    [human, judge, rest].every((all) => all.every((value) => value === 0 || value === 1)),
  );
  if (correction === "rogan_gladen" && !isShare)
    return failed("by its errors a judge is corrected that passes or fails (1 or 0), as humans do");
  const correct = correction === "rogan_gladen" ? rateOf : meanOf;
  const corrected = [...values].map(([variant, said]): [string, MetricArm] => {
    const about = { variant, missing: arms.arms.get(variant)?.missing ?? 0 };
    return [variant, correctedArm(about, { labels: said.human.length, found: correct(said), isShare })];
  });
  const labels = new Map([...values].map(([variant, { human }]) => [variant, String(human.length)]));
  const skill = isShare ? skillOf([...values.values()]) : undefined;
  return ok({
    arms: { arms: new Map(corrected), adjusted: { by: "judge", judged: arms } },
    text: correctedText(metric.name, { correction, skill, labels }),
  });
}

/** The same of units with several rows each, which are alike. */
function judgedUnits(
  { variant, variants, cluster, values }: ResultRows,
  used: Uint32Array,
  { judge, human }: JudgedPlaces,
): ReadonlyMap<string, JointMoments> {
  const all = variants.map((): UnitValues => ({ unit: [], judge: [], human: [] }));
  const [judgeOf, humanOf] = [values.get(judge) ?? [], values.get(human) ?? []];
  for (const row of used) {
    const mine = all[variant[row] ?? 0];
    const [judged = Number.NaN, label = Number.NaN] = [judgeOf[row], humanOf[row]];
    if (!mine || Number.isNaN(judged)) continue;
    mine.unit.push(cluster[row] ?? 0);
    mine.judge.push(judged);
    mine.human.push(label);
  }
  return new Map(
    all.map((mine, place) => {
      const moments = judgedUnitsOf(mine.unit, mine.judge, mine.human);
      return [variants[place] ?? "", moments.ok ? moments.value : noJointMoments];
    }),
  );
}

/** Of each row its unit, and what both said. */
interface UnitValues {
  readonly unit: number[];
  readonly judge: number[];
  readonly human: number[];
}

function judgedValues(
  { variant, variants, values }: ResultRows,
  used: Uint32Array,
  { judge, human }: JudgedPlaces,
): ReadonlyMap<string, JudgedValues> {
  const all = variants.map((): JudgedValues => ({ human: [], judge: [], rest: [] }));
  const [judgeOf, humanOf] = [values.get(judge) ?? [], values.get(human) ?? []];
  for (const row of used) {
    const mine = all[variant[row] ?? 0];
    const [judged = Number.NaN, label = Number.NaN] = [judgeOf[row], humanOf[row]];
    if (!mine || Number.isNaN(judged)) continue;
    if (Number.isNaN(label)) mine.rest.push(judged);
    else {
      mine.human.push(label);
      mine.judge.push(judged);
    }
  }
  return new Map(all.map((mine, place) => [variants[place] ?? "", mine]));
}

function rateOf({ human, judge, rest }: JudgedValues): Result<CorrectedValue, Refusal> {
  const [passed, failedByHumans] = [judgedAmong(human, judge, 1), judgedAmong(human, judge, 0)];
  if (Math.min(passed.trials, failedByHumans.trials) < labelsOfEachMin) {
    const reason = `Humans passed ${passed.trials} and failed ${failedByHumans.trials}: ${labelsOfEachMin} of each are needed to know how a judge errs`;
    return refused("too-few", reason);
  }
  const judged = { share: shareOf(rest), trials: rest.length };
  const specificity = { ...failedByHumans, share: 1 - failedByHumans.share };
  const found = correctedRate({ judged, sensitivity: passed, specificity, alpha: correctionAlpha });
  if (!found.ok) return found;
  const { rate, standardError, interval } = found.value;
  if (interval[0] === 0 && interval[1] === 1)
    return refused("bad-value", "The judge may be no better than chance: nothing can be corrected");
  return ok({ value: rate, standardError });
}

function meanOf({ human, judge, rest }: JudgedValues): Result<CorrectedValue, Refusal> {
  if (human.length < labelsMin)
    return refused("too-few", `Humans said ${human.length} values, ${labelsMin} are needed`);
  const [labelled, unlabelled] = [crossMomentsOf(human, judge), momentsOf(rest)];
  if (!labelled.ok) return labelled;
  if (!unlabelled.ok) return unlabelled;
  const found = predictionPoweredMean(
    { labelled: labelled.value, unlabelled: unlabelled.value },
    correctionAlpha,
  );
  return found.ok ? ok({ value: found.value.mean, standardError: found.value.standardError }) : found;
}

/** What the judge passed among those of which humans said this. */
function judgedAmong(human: readonly number[], judge: readonly number[], said: 0 | 1) {
  const of = judge.filter((_, place) => human[place] === said);
  return { share: shareOf(of), trials: of.length };
}

function shareOf(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function skillOf(values: readonly JudgedValues[]): JudgeSkill {
  const human = values.flatMap((of) => of.human);
  const judge = values.flatMap((of) => of.judge);
  return { passed: judgedAmong(human, judge, 1).share, failed: judgedAmong(human, judge, 0).share };
}
