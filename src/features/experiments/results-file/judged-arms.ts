import type { MetricPlan } from "#core/experiments/plan/analysis-plan.ts";
import type { MetricArm, MetricArms } from "#core/experiments/comparisons/metric-arm.ts";
import { failed, ok, type Result } from "#core/kernel/result.ts";
import { crossMomentsOf } from "#core/statistics/cross-moments.ts";
import { correctedRate } from "#core/statistics/judged-rate.ts";
import { momentsOf } from "#core/statistics/moments.ts";
import { predictionPoweredMean } from "#core/statistics/prediction-powered.ts";
import { refused, type Refusal } from "#core/statistics/refusal.ts";
import type { Adjusted } from "./adjusted.ts";
import type { Clustering } from "./clusters.ts";
import type { JudgeCorrection } from "./judge-correction.ts";
import type { ResultRows } from "./result-rows.ts";

/** Human labels of each variant, at least; where a judge's errors are told, of what humans passed and of what they failed. */
const labelsMin = 20;
const labelsOfEachMin = 10;
/** The width of the interval that is looked at; another one gives the same error. */
const errorAlpha = 0.05;

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
    readonly judge: number;
    readonly human: number;
    readonly correction: Exclude<JudgeCorrection, "none">;
  },
): Adjusted {
  if (metric.aggregation.kind !== "mean" || metric.winsorised !== undefined)
    return failed("a plain mean is, no quantile and none that is cut off");
  if (clustering.repeats || clustering.sharesClusters || clustering.isWeighted)
    return failed("units with one row each are, all assigned with the same probabilities");
  const values = judgedValues(rows, clustering.used, places);
  const isShare = [...values.values()].every(({ human, judge, rest }) =>
    [human, judge, rest].every((all) => all.every((value) => value === 0 || value === 1)),
  );
  if (correction === "rogan_gladen" && !isShare)
    return failed("by its errors a judge is corrected that passes or fails (1 or 0), as humans do");
  const correct = correction === "rogan_gladen" ? rateOf : meanOf;
  const corrected = [...values].map(([variant, said]): [string, MetricArm] => {
    const about = { variant, missing: arms.arms.get(variant)?.missing ?? 0 };
    return [variant, armOf(about, said, { found: correct(said), isShare })];
  });
  return ok({
    arms: { arms: new Map(corrected), adjusted: { by: "judge", judged: arms } },
    text: `${metric.name} is what humans would have said: a judge's values corrected ${howText[correction]}${isShare ? skillText([...values.values()]) : ""}; human labels: ${labelsText(values)}`,
  });
}

const howText = {
  prediction_powered:
    "by prediction-powered inference, which takes labels for drawn at random in each variant",
  rogan_gladen: "by its errors (Rogan and Gladen), which it is taken to make alike where nobody looked",
} as const;

function labelsText(values: ReadonlyMap<string, JudgedValues>): string {
  return [...values].map(([variant, { human }]) => `${variant} ${human.length}`).join(", ");
}

function judgedValues(
  { variant, variants, values }: ResultRows,
  used: Uint32Array,
  { judge, human }: { readonly judge: number; readonly human: number },
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

/** A value with its standard error. */
interface Corrected {
  readonly value: number;
  readonly standardError: number;
}

function rateOf({ human, judge, rest }: JudgedValues): Result<Corrected, Refusal> {
  const [passed, failedByHumans] = [judgedAmong(human, judge, 1), judgedAmong(human, judge, 0)];
  if (Math.min(passed.trials, failedByHumans.trials) < labelsOfEachMin) {
    const reason = `Humans passed ${passed.trials} and failed ${failedByHumans.trials}: ${labelsOfEachMin} of each are needed to know how a judge errs`;
    return refused("too-few", reason);
  }
  const judged = { share: shareOf(rest), trials: rest.length };
  const specificity = { ...failedByHumans, share: 1 - failedByHumans.share };
  const found = correctedRate({ judged, sensitivity: passed, specificity, alpha: errorAlpha });
  if (!found.ok) return found;
  const { rate, standardError, interval } = found.value;
  if (interval[0] === 0 && interval[1] === 1)
    return refused("bad-value", "The judge may be no better than chance: nothing can be corrected");
  return ok({ value: rate, standardError });
}

function meanOf({ human, judge, rest }: JudgedValues): Result<Corrected, Refusal> {
  if (human.length < labelsMin)
    return refused("too-few", `Humans said ${human.length} values, ${labelsMin} are needed`);
  const [labelled, unlabelled] = [crossMomentsOf(human, judge), momentsOf(rest)];
  if (!labelled.ok) return labelled;
  if (!unlabelled.ok) return unlabelled;
  const found = predictionPoweredMean({ labelled: labelled.value, unlabelled: unlabelled.value }, errorAlpha);
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

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

function skillText(values: readonly JudgedValues[]): string {
  const human = values.flatMap((of) => of.human);
  const judge = values.flatMap((of) => of.judge);
  const [passed, rejected] = [judgedAmong(human, judge, 1), judgedAmong(human, judge, 0)];
  return `; it passes ${percent(passed.share)} of what humans pass and fails ${percent(1 - rejected.share)} of what they fail`;
}

function armOf(
  about: Pick<MetricArm, "variant" | "missing">,
  { human }: JudgedValues,
  { found, isShare }: { readonly found: Result<Corrected, Refusal>; readonly isShare: boolean },
): MetricArm {
  const share = isShare ? ({ isShare: true } as const) : {};
  if (!found.ok) {
    const { code, reason } = found.error;
    const refusal = { code, reason: `${about.variant}: ${reason}` };
    return { ...about, ...share, sample: { count: human.length, mean: 0, variance: 0 }, refusal };
  }
  const { value, standardError } = found.value;
  const sample = { count: human.length, mean: value, variance: standardError ** 2 * human.length };
  return { ...about, ...share, sample };
}
