import { ok, type Result } from "#core/kernel/result.ts";
import { covarianceOf, type CrossMoments } from "./cross-moments.ts";
import type { Interval } from "./interval.ts";
import { mergedMoments, varianceOf, type Moments } from "./moments.ts";
import { refused, refusedLevel, type Refusal } from "./refusal.ts";
import type { Sample } from "./sample.ts";
import { meanOf, studentTested, type MeanDifference } from "./welch-test.ts";

/** Few outputs that humans scored, and many that only a judge did. */
export interface JudgedSample {
  /** Human score x and judge score y of one output each. */
  readonly labelled: CrossMoments;
  /** Judge scores of other outputs. */
  readonly unlabelled: Moments;
  /** How much the judge is believed: 0 is not at all, 1 is plain PPI. Default: as much as makes the error least. */
  readonly trust?: number;
}

/** A mean of human scores with the help of a judge. */
export interface PredictionPoweredMean {
  readonly mean: number;
  readonly standardError: number;
  readonly degreesOfFreedom: number;
  readonly interval: Interval;
  /** In [0, 1]. */
  readonly trust: number;
  /** What the labels alone say: the gain is seen beside it. */
  readonly labelsOnly: { readonly mean: number; readonly standardError: number };
}

/**
 * The mean human score by prediction-powered inference: mean(x) + trust (mean of the unlabelled y - mean of the labelled y).
 * The labels correct the judge, whatever its bias; the unlabelled only make the error less.
 *
 * Assumes outputs drawn alike for both lists, and independent. SE^2 = trust^2 vy/N + Var(x - trust y)/n; the trust that makes it
 * least is cov(x, y) / ((1 + n/N) vy), vy over both lists, held in [0, 1]. Angelopoulos et al. (2023), Science 382 (PPI), and
 * Angelopoulos, Duchi & Zrnic (2023), arXiv:2311.01453 (PPI++). Their interval is normal; as labels are few, this one is
 * Student's with Satterthwaite's degrees of freedom. A trust that a dozen labels choose themselves costs the 95 % interval about
 * 2 points of its level (93 % in our simulation, 94 % with 50 labels); one from earlier data, or 1, costs nothing.
 *
 * Refuses `bad-level`, `bad-value` for a trust outside [0, 1], `too-few` below 2 outputs in either list, `no-variance`.
 */
export function predictionPoweredMean(
  sample: JudgedSample,
  alpha: number,
): Result<PredictionPoweredMean, Refusal> {
  const level = refusedLevel(alpha);
  if (level) return level;
  const found = estimateOf(sample);
  if (!found.ok) return found;
  const { mean, standardError, trust, parts } = found.value;
  const tested = studentTested({ difference: mean, standardError }, { alpha }, parts);
  if (!tested.ok) return tested;
  const { degreesOfFreedom, interval } = tested.value;
  const labels = sample.labelled.x;
  const labelsError = Math.sqrt(labels.squaredDeviations / (labels.count - 1) / labels.count);
  return ok({
    mean,
    standardError,
    degreesOfFreedom,
    interval,
    trust,
    labelsOnly: { mean: labels.mean, standardError: labelsError },
  });
}

/**
 * The difference mT - mC of two arms' mean human scores by prediction-powered inference of each; assumes independent arms.
 * Each arm has its own labels and its own trust: a judge that likes one arm better is corrected by the labels of that arm.
 * Refuses as predictionPoweredMean.
 */
export function predictionPoweredDifference({
  control,
  treatment,
  alpha,
}: {
  readonly control: JudgedSample;
  readonly treatment: JudgedSample;
  /** Error rate in (0, 1). */
  readonly alpha: number;
}): Result<MeanDifference, Refusal> {
  const level = refusedLevel(alpha);
  if (level) return level;
  const ofControl = estimateOf(control);
  if (!ofControl.ok) return ofControl;
  const ofTreatment = estimateOf(treatment);
  if (!ofTreatment.ok) return ofTreatment;
  const raw = {
    difference: ofTreatment.value.mean - ofControl.value.mean,
    standardError: Math.hypot(ofTreatment.value.standardError, ofControl.value.standardError),
  };
  return studentTested(raw, { alpha }, [...ofTreatment.value.parts, ...ofControl.value.parts]);
}

type JudgedEstimate = Pick<PredictionPoweredMean, "mean" | "standardError" | "trust"> & {
  /** What the error is made of: the mean human score less what the judge says, and the judge's mean. */
  readonly parts: readonly [labelled: Sample, unlabelled: Sample];
};

function estimateOf({ labelled, unlabelled, trust }: JudgedSample): Result<JudgedEstimate, Refusal> {
  if (trust !== undefined && !(trust >= 0 && trust <= 1)) {
    return refused("bad-value", `The trust in a judge is in [0, 1], it is ${trust}`);
  }
  const covariance = covarianceOf(labelled);
  if (!covariance.ok) return covariance;
  const variances = [varianceOf(labelled.x), varianceOf(labelled.y), varianceOf(unlabelled)] as const;
  const [ofHuman, ofJudge, ofUnlabelled] = variances;
  if (!ofHuman.ok) return ofHuman;
  if (!ofJudge.ok) return ofJudge;
  if (!ofUnlabelled.ok) return ofUnlabelled;
  const given = trust ?? bestTrust(labelled, unlabelled);
  const residual = ofHuman.value - 2 * given * covariance.value + given * given * ofJudge.value;
  const parts = [
    {
      count: labelled.x.count,
      mean: labelled.x.mean - given * labelled.y.mean,
      variance: Math.max(0, residual),
    },
    {
      count: unlabelled.count,
      mean: given * unlabelled.mean,
      variance: given * given * ofUnlabelled.value,
    },
  ] as const;
  const standardError = Math.hypot(...parts.map((part) => meanOf(part).standardError));
  if (!(standardError > 0)) return refused("no-variance", "Nothing varies in the scores");
  const mean = labelled.x.mean + given * (unlabelled.mean - labelled.y.mean);
  return ok({ mean, standardError, trust: given, parts });
}

/** Both variances from sums of deviations: cov / ((1 + n/N) vy). Nothing where the judge says the same of all. */
function bestTrust(labelled: CrossMoments, unlabelled: Moments): number {
  const judge = mergedMoments(labelled.y, unlabelled);
  if (judge.squaredDeviations === 0) return 0;
  const covariance = labelled.productDeviations / (labelled.y.count - 1);
  const variance = judge.squaredDeviations / (judge.count - 1);
  return Math.min(1, Math.max(0, covariance / ((1 + labelled.y.count / unlabelled.count) * variance)));
}
