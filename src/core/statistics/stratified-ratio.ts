import { ok, type Result } from "#core/kernel/result.ts";
import type { CrossMoments } from "./cross-moments.ts";
import { postStratifiedTest, type StratifiedComparison, type Stratum } from "./post-stratification.ts";
import { refused, type Refusal } from "./refusal.ts";
import { sumAboveRounding } from "./rounding.ts";
import type { MeanDifference } from "./welch-test.ts";

/** Units that were alike before the experiment, with what a ratio is made of: denominators (x) and numerators (y). */
export interface RatioStratum {
  readonly control: CrossMoments;
  readonly treatment: CrossMoments;
}

/** A question to two arms about a ratio, stratum by stratum. */
export interface StratifiedRatioComparison extends Omit<StratifiedComparison, "strata"> {
  /** Each unit is in one, by what was known before its assignment. */
  readonly strata: readonly RatioStratum[];
}

/**
 * Post-stratification of a ratio metric (cost per request, a mean over messages of conversations): numerators and denominators are
 * each weighted by the strata's shares of all units, w = n_s / n, and then divided.
 *
 * Ratio of an arm R = sum w y_s / sum w x_s, the combined ratio estimator (Cochran 1977, section 6.11). Near it an arm is the mean of
 * u = (y - R x) / sum w x_s + R, so that all else is `postStratifiedTest` of u: its error inside the strata and of their shares, its
 * relative difference, its degrees of freedom. Where every x is 1 it is that test of y itself. Ratios of single strata are never
 * taken: they are biased where a stratum has few units.
 * Assumes what both assume: few strata of dozens of units an arm, and denominators many standard errors from 0.
 * Deng, Knoblich & Lu (2018), KDD, section 3, for the delta method.
 *
 * Refuses as `postStratifiedTest`, `zero-baseline` also where the denominators of an arm sum to 0, `not-finite`.
 */
export function postStratifiedRatioTest(
  comparison: StratifiedRatioComparison,
): Result<MeanDifference, Refusal> {
  const { strata } = comparison;
  const control = linearArms(strata, ({ control: arm }) => arm);
  if (!control.ok) return control;
  const treatment = linearArms(strata, ({ treatment: arm }) => arm);
  if (!treatment.ok) return treatment;
  const linear = strata.flatMap((_, place): Stratum[] => {
    const [one, other] = [control.value[place], treatment.value[place]];
    return one && other ? [{ control: one, treatment: other }] : [];
  });
  return postStratifiedTest({ ...comparison, strata: linear });
}

/** One arm of each stratum, as a sample of u. */
function linearArms(
  strata: readonly RatioStratum[],
  armOf: (stratum: RatioStratum) => CrossMoments,
): Result<readonly Stratum["control"][], Refusal> {
  const weighted = (of: (arm: CrossMoments) => number): number =>
    strata.reduce((sum, stratum) => sum + unitsOf(stratum) * of(armOf(stratum)), 0);
  const units = strata.reduce((sum, stratum) => sum + unitsOf(stratum), 0);
  const denominator = weighted(({ x }) => x.mean) / units;
  if (denominator === 0) return refused("zero-baseline", "The denominators of a ratio sum to 0");
  const ratio = weighted(({ y }) => y.mean) / units / denominator;
  return ok(
    strata.map((stratum) => {
      const { x, y, productDeviations } = armOf(stratum);
      // Each part is divided first: squares of tiny or huge values would not fit a number.
      const [spreadX, spreadY] = [
        Math.sqrt(x.squaredDeviations) / denominator,
        Math.sqrt(y.squaredDeviations) / denominator,
      ];
      const product = productDeviations / denominator / denominator;
      const parts = [spreadY * spreadY, -2 * ratio * product, ratio * spreadX * (ratio * spreadX)];
      return {
        count: x.count,
        mean: y.mean / denominator + ratio * (1 - x.mean / denominator),
        variance: x.count < 2 ? 0 : sumAboveRounding(parts) / (x.count - 1),
      };
    }),
  );
}

function unitsOf({ control, treatment }: RatioStratum): number {
  return control.x.count + treatment.x.count;
}
