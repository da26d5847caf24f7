import { ok, type Result } from "#core/kernel/result.ts";
import { studentOf, testedDifference } from "./difference.ts";
import { jointMomentsOf, weightedProducts, type JointMoments } from "./joint-moments.ts";
import { linearMetric, withoutOthers, type JointMetric, type LinearMetric } from "./joint-metric.ts";
import type { CorrectedRate } from "./judged-rate.ts";
import type { PredictionPoweredMean } from "./prediction-powered.ts";
import { refused, refusedLevel, type Refusal } from "./refusal.ts";
import { sumAboveRounding } from "./rounding.ts";

/**
 * What a judge and humans said of one unit's outputs (the answers of a conversation), summed, in this order:
 * - `labelled`: outputs of which both said something; `human`, `judge`, `both`: sums over these of the human score, of the judge's, and
 *   of their product
 * - `unlabelled`: outputs of which only the judge did; `rest`: the sum of its scores over these
 * - `isLabelled`: 1 where the unit has a labelled output, else 0
 * - `graded`: scores of outputs, of either, that are neither 0 nor 1
 */
export const judgedVariables = [
  "labelled",
  "human",
  "judge",
  "both",
  "unlabelled",
  "rest",
  "isLabelled",
  "graded",
] as const;

type JudgedVariable = (typeof judgedVariables)[number];

/** The sum of a variable over all units. */
export function judgedSum({ count, means }: JointMoments, variable: JudgedVariable): number {
  // Sums of a mean may be off by rounding, and most of these are counts.
  return Math.round(meanOf(means, variable) * count * 1e6) / 1e6;
}

function meanOf(means: JointMoments["means"], variable: JudgedVariable): number {
  return means[placeOf(variable)] ?? 0;
}

function placeOf(variable: JudgedVariable): number {
  return judgedVariables.indexOf(variable);
}

/**
 * Joint moments of `judgedVariables` from outputs: of each its unit, the judge's score, and the human one, NaN where none was given.
 * Refuses `bad-value` for lists of different lengths, `not-finite`.
 */
export function judgedUnitsOf(
  units: readonly (string | number)[],
  judge: readonly number[],
  human: readonly number[],
): Result<JointMoments, Refusal> {
  if (judge.length !== units.length || human.length !== units.length) {
    return refused("bad-value", "Units, a judge's scores and human ones are lists of one length");
  }
  const sums = judgedVariables.map((): number[] => []);
  const known = new Map<string | number, number>();
  for (const [index, unit] of units.entries()) {
    const at = known.get(unit) ?? known.size;
    known.set(unit, at);
    for (const [place, value] of summands(judge[index] ?? Number.NaN, human[index] ?? Number.NaN).entries()) {
      const sum = sums[place];
      if (sum) sum[at] = (sum[at] ?? 0) + value;
    }
  }
  const labelled = placeOf("isLabelled");
  return jointMomentsOf(
    sums.map((sum, place) => (place === labelled ? sum.map((labels) => Math.min(1, labels)) : sum)),
  );
}

/** What one output adds to each variable. */
function summands(judge: number, human: number): readonly number[] {
  return Number.isNaN(human)
    ? [0, 0, 0, 0, 1, judge, 0, graded([judge])]
    : [1, human, judge, human * judge, 0, 0, 1, graded([judge, human])];
}

/** How many neither pass nor fail. */
function graded(scores: readonly number[]): number {
  return scores.filter((score) => score !== 0 && score !== 1).length;
}

/** A question about outputs of units. */
export interface JudgedUnitsQuestion {
  /** Of the variables of `judgedVariables`, one row a unit; units of which nothing was said change nothing. */
  readonly units: JointMoments;
  /** Error rate in (0, 1). */
  readonly alpha: number;
}

/**
 * The mean human score by prediction-powered inference, where units have several outputs that are alike: `predictionPoweredMean` with
 * the errors of clusters.
 *
 * Mean = H + trust (U - J), each a sum over a sum: H and J the human and the judge's mean of labelled outputs, U the judge's of the
 * others. Its error by the delta method over units, so that outputs of one unit, labelled or not, may go together in whatever way:
 * SE^2 = sum of u^2 / n^2 x m / (m - 1), u being what a unit moves the mean by, m the units with a label; of units with one output
 * each it is that of `predictionPoweredMean` but for m / (m - 1) of its small part. The trust that makes it least is
 * -cov(H, U - J) / var(U - J), held in [0, 1]. Student's t with m - 1 degrees of freedom, since labels are few.
 * Assumes labels drawn by chance (outputs or whole units), and units that are independent. A trust that 20 units choose themselves
 * costs the 95 % interval about 2 points of its level.
 * Angelopoulos, Duchi & Zrnic (2023), arXiv:2311.01453 (PPI++); the errors of clusters as in Miller (2024), arXiv:2411.00640, and
 * MacKinnon, Nielsen & Webb (2023), Journal of Econometrics 232(2), for m / (m - 1).
 *
 * Refuses `bad-level`, `bad-value` for a trust outside [0, 1], `too-few` below 2 units with a label or without an output that has none,
 * `no-variance`.
 */
export function predictionPoweredUnits({
  units,
  alpha,
  trust,
}: JudgedUnitsQuestion & { readonly trust?: number }): Result<PredictionPoweredMean, Refusal> {
  const asked = refusedLevel(alpha) ?? refusedUnits(units);
  if (asked) return asked;
  if (trust !== undefined && !(trust >= 0 && trust <= 1)) {
    return refused("bad-value", `The trust in a judge is in [0, 1], it is ${trust}`);
  }
  const human = ratioIn(units, "human", "labelled");
  if (!human.ok) return human;
  const judge = ratioIn(units, "judge", "labelled");
  if (!judge.ok) return judge;
  const rest = ratioIn(units, "rest", "unlabelled");
  if (!rest.ok) return rest;
  const excess = withoutOthers(judge.value, [rest.value], [1]);
  const noise = covarianceIn(units, excess, excess);
  const least = noise > 0 ? covarianceIn(units, human.value, excess) / noise : 0;
  const given = trust ?? Math.min(1, Math.max(0, least));
  const corrected = withoutOthers(human.value, [excess], [given]);
  const standardError = errorIn(units, corrected);
  if (!(standardError > 0)) return refused("no-variance", "Nothing varies in the scores");
  const mean = corrected.value;
  const degreesOfFreedom = judgedSum(units, "isLabelled") - 1;
  const tested = testedDifference(
    { difference: mean, standardError },
    { alpha },
    studentOf(degreesOfFreedom),
  );
  if (!tested.ok) return tested;
  return ok({
    mean,
    standardError,
    degreesOfFreedom,
    interval: tested.value.interval,
    trust: given,
    labelsOnly: { mean: human.value.value, standardError: errorIn(units, human.value) },
  });
}

/**
 * A judge's pass rate corrected for its errors, where units have several outputs that are alike: `correctedRate` with the errors of
 * clusters. Scores are 0 or 1.
 *
 * Rate = (q - f) / (se - f), q what the judge passed of unlabelled outputs, se and f what it passed of those that humans passed and
 * failed (Rogan & Gladen 1978, American Journal of Epidemiology 107(1)). Its error by the delta method over units, as that of
 * `predictionPoweredUnits`. The interval holds all rates t for which q - f - t (se - f) is within its error of 0 (Fieller 1954), by
 * Student's t with m - 1 degrees of freedom, held in [0, 1]; where the judge may be no better than chance, all rates.
 * Assumes a judge that errs on the unlabelled as on the labelled outputs. Unlike `correctedRate` it adds no counts: a judge without an
 * error among few labels is taken for one that makes none.
 *
 * Refuses `bad-level`, `too-few` as predictionPoweredUnits, and where humans passed or failed none, `bad-value` for scores that are
 * neither 0 nor 1 and for a judge that is no better than chance, `no-variance`.
 */
export function correctedUnitsRate({ units, alpha }: JudgedUnitsQuestion): Result<CorrectedRate, Refusal> {
  const asked = refusedLevel(alpha) ?? refusedUnits(units);
  if (asked) return asked;
  if (judgedSum(units, "graded") > 0) return refused("bad-value", "A judge that passes or fails says 1 or 0");
  const found = ratesIn(units);
  if (!found.ok) return found;
  const { judged, passed, failed } = found.value;
  const excess = withoutOthers(judged, [failed], [1]);
  const skill = withoutOthers(passed, [failed], [1]);
  if (skill.value <= 0) {
    return refused("bad-value", "The judge is no better than chance: nothing can be corrected");
  }
  const rate = excess.value / skill.value;
  const standardError = errorIn(units, withoutOthers(excess, [skill], [rate])) / skill.value;
  if (!(standardError > 0)) return refused("no-variance", "Nothing varies in the scores");
  const quantile = studentOf(judgedSum(units, "isLabelled") - 1).upperQuantile(alpha / 2);
  const interval = heldRates(units, { excess, skill }, quantile);
  return ok({ rate: clamped(rate), standardError, interval });
}

/** A judge's pass rates: of unlabelled outputs, and of those that humans passed and failed. */
function ratesIn(
  units: JointMoments,
): Result<Readonly<Record<"judged" | "passed" | "failed", LinearMetric>>, Refusal> {
  const [labels, passes] = [judgedSum(units, "labelled"), judgedSum(units, "human")];
  if (passes === 0 || passes === labels) {
    return refused("too-few", `Humans passed ${passes} of ${labels}: some of each are needed`);
  }
  const judged = ratioIn(units, "rest", "unlabelled");
  if (!judged.ok) return judged;
  const passed = ratioIn(units, "both", "human");
  if (!passed.ok) return passed;
  // The same of what humans failed: (judge - both) / (labelled - human).
  const below = meanOf(units.means, "labelled") - meanOf(units.means, "human");
  const value = (meanOf(units.means, "judge") - meanOf(units.means, "both")) / below;
  const weights: readonly number[] = judgedVariables.map((name) => failedWeights[name]?.(value) ?? 0);
  const failed = { value, weights: weights.map((weight) => weight / below) };
  return ok({ judged: judged.value, passed: passed.value, failed });
}

/** How (judge - both) / (labelled - human) of some value moves with each, times its denominator. */
const failedWeights: Readonly<Partial<Record<JudgedVariable, (value: number) => number>>> = {
  judge: () => 1,
  both: () => -1,
  labelled: (value) => -value,
  human: (value) => value,
};

/** The rates t with (a - t b)^2 <= q^2 (vA - 2 t cAB + t^2 vB): a quadratic in t. */
function heldRates(
  units: JointMoments,
  { excess, skill }: Readonly<Record<"excess" | "skill", LinearMetric>>,
  quantile: number,
): CorrectedRate["interval"] {
  const noise = (one: LinearMetric, other: LinearMetric): number =>
    quantile * quantile * covarianceIn(units, one, other);
  const square = skill.value ** 2 - noise(skill, skill);
  if (square <= 0) return [0, 1];
  const centre = (excess.value * skill.value - noise(excess, skill)) / square;
  const constant = (excess.value ** 2 - noise(excess, excess)) / square;
  const margin = Math.sqrt(Math.max(0, centre ** 2 - constant));
  return [clamped(centre - margin), clamped(centre + margin)];
}

function clamped(rate: number): number {
  return Math.min(1, Math.max(0, rate));
}

function refusedUnits(units: JointMoments): { readonly ok: false; readonly error: Refusal } | undefined {
  const labelled = judgedSum(units, "isLabelled");
  if (labelled < 2) return refused("too-few", `Labels of 2 units are needed, there are those of ${labelled}`);
  if (judgedSum(units, "unlabelled") > 0) return undefined;
  return refused("too-few", "A judge is corrected where humans said nothing, and they said something of all");
}

function ratioIn(
  units: JointMoments,
  numerator: JudgedVariable,
  denominator: JudgedVariable,
): Result<LinearMetric, Refusal> {
  const metric: JointMetric = { numerator: placeOf(numerator), denominator: placeOf(denominator) };
  return linearMetric(metric, units);
}

/** Of two estimates: the sum over units of u1 u2 / n^2, times m / (m - 1). */
function covarianceIn(units: JointMoments, one: LinearMetric, other: LinearMetric): number {
  const labelled = judgedSum(units, "isLabelled");
  const terms = weightedProducts(units, one.weights, other.weights);
  const sum = one === other ? sumAboveRounding(terms) : terms.reduce((total, term) => total + term, 0);
  return (sum / units.count / units.count) * (labelled / (labelled - 1));
}

function errorIn(units: JointMoments, metric: LinearMetric): number {
  return Math.sqrt(covarianceIn(units, metric, metric));
}
