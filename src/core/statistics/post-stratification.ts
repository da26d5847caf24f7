import type { Result } from "#core/kernel/result.ts";
import type { DifferenceQuestion, Scale } from "./difference.ts";
import { refused, refusedLevel, type Refusal } from "./refusal.ts";
import { refusedSample, type Sample } from "./sample.ts";
import { errorOf, studentTested, type ErrorPart, type MeanDifference } from "./welch-test.ts";

/** Units that were alike before the experiment: of one language, one plan, one kind of prompt. */
export interface Stratum {
  readonly control: Sample;
  readonly treatment: Sample;
}

/** A question to two arms, stratum by stratum. */
export interface StratifiedComparison extends DifferenceQuestion {
  /** Each unit is in one, by what was known before its assignment. */
  readonly strata: readonly Stratum[];
  /** In units of the metric, or as a share of the control mean's size. Default absolute. */
  readonly scale?: Scale;
}

/**
 * Post-stratification: the difference of means inside strata, weighted by the strata's shares of all units, w = n_s / n. What
 * differs between strata no longer blurs the difference, nor does it bias it where one arm got more of a stratum by chance.
 *
 * Mean of an arm M = sum w m_s. Absolute SE^2 = sum w^2 (vT/nT + vC/nC) + sum w (d_s - d)^2 / n: the shares are drawn too, as the
 * units are a sample. Relative, by the delta method: the same with t_s - (1 + r) c_s in the place of the difference d_s, over
 * M_C^2, r the relative difference. Degrees of freedom by Satterthwaite over all parts of the absolute error.
 * Assumes few strata of dozens of units an arm. Of ratio metrics the strata of numerators and denominators are needed, not of
 * ratios. Miratrix, Sekhon & Yu (2013), J. Royal Statistical Society B 75(2).
 *
 * Refuses `bad-level`, `too-few` (no stratum, below 2 units in an arm of one), `not-finite`, `bad-count`, `no-variance` (an arm of a
 * stratum: join it with another), `zero-baseline`.
 */
export function postStratifiedTest(comparison: StratifiedComparison): Result<MeanDifference, Refusal> {
  const { strata, scale = "absolute" } = comparison;
  const level = refusedLevel(comparison.alpha);
  if (level) return level;
  if (strata.length === 0) return refused("too-few", "A comparison needs a stratum");
  for (const [place, { control, treatment }] of strata.entries()) {
    const refusal =
      refusedSample(control, `control of stratum ${place + 1}`) ??
      refusedSample(treatment, `treatment of stratum ${place + 1}`);
    if (refusal) return refusal;
  }
  const control = weighted(strata, (stratum) => stratum.control.mean);
  const treatment = weighted(strata, (stratum) => stratum.treatment.mean);
  const difference = treatment - control;
  const parts = partsOf(strata, 1);
  if (scale === "absolute") {
    return studentTested({ difference, standardError: errorOf(parts) }, comparison, parts);
  }
  if (control === 0) {
    return refused("zero-baseline", "A relative difference needs a control mean other than 0");
  }
  const baseline = Math.abs(control);
  const standardError = errorOf(partsOf(strata, treatment / control)) / baseline;
  return studentTested({ difference: difference / baseline, standardError }, comparison, parts);
}

/** What the error of T - ratio C is made of: both arms of each stratum, and the shares of the strata. */
function partsOf(strata: readonly Stratum[], ratio: number): readonly ErrorPart[] {
  const units = unitsOf(strata);
  const inside = strata.flatMap((stratum): ErrorPart[] => {
    const share = unitsOf([stratum]) / units;
    const { control, treatment } = stratum;
    return [
      { count: treatment.count, variance: treatment.variance * share * share },
      { count: control.count, variance: control.variance * (share * ratio) ** 2 },
    ];
  });
  const contrast = ({ control, treatment }: Stratum) => treatment.mean - ratio * control.mean;
  const centre = weighted(strata, contrast);
  const between = weighted(strata, (stratum) => (contrast(stratum) - centre) ** 2);
  return [...inside, { count: units, variance: between }];
}

function weighted(strata: readonly Stratum[], of: (stratum: Stratum) => number): number {
  const units = unitsOf(strata);
  return strata.reduce((sum, stratum) => sum + of(stratum) * (unitsOf([stratum]) / units), 0);
}

function unitsOf(strata: readonly Stratum[]): number {
  return strata.reduce((sum, { control, treatment }) => sum + control.count + treatment.count, 0);
}
