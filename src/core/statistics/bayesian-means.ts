import type { Result } from "#core/kernel/result.ts";
import { liftPrior, normalPosterior, type NormalPosterior, type NormalPrior } from "./normal-posterior.ts";
import { refused, type Refusal } from "./refusal.ts";
import { welchTest, type MeanComparison } from "./welch-test.ts";

/** A question to two arms, to be read with a prior. */
export interface BayesianComparison extends Pick<MeanComparison, "control" | "treatment" | "scale"> {
  /** 1 - the credibility of the interval, in (0, 1). */
  readonly alpha: number;
  /** Default liftPrior, which is of the relative scale. */
  readonly prior?: ScaledPrior | "flat";
  /** Default true. */
  readonly higherIsBetter?: boolean;
}

/** A belief and the scale that it is about, whatever the scale of the answer. */
export interface ScaledPrior extends NormalPrior {
  readonly scale: "absolute" | "relative";
}

/**
 * The Bayesian reading of two means: the posterior of their difference, or of the lift, given welchTest's estimate and error.
 *
 * A prior of the other scale than the answer's is carried over by the size of the control mean, taken as known:
 * m |mC| and s |mC| from relative to absolute, m / |mC| and s / |mC| back.
 *
 * Refuses as welchTest and normalPosterior; `zero-baseline` also where a prior has to change its scale.
 */
export function bayesianMeans(comparison: BayesianComparison): Result<NormalPosterior, Refusal> {
  const { control, alpha, scale = "absolute", higherIsBetter = true } = comparison;
  const { prior = { ...liftPrior, scale: "relative" as const } } = comparison;
  const found = welchTest(comparison);
  if (!found.ok) return found;
  const changesScale = prior !== "flat" && prior.scale !== scale;
  if (changesScale && control.mean === 0) {
    return refused("zero-baseline", "A prior of a lift needs a control mean other than 0");
  }
  return normalPosterior(
    { value: found.value.difference, standardError: found.value.standardError },
    { prior: changesScale ? rescaled(prior, Math.abs(control.mean)) : prior, alpha, higherIsBetter },
  );
}

function rescaled({ mean, standardDeviation, scale }: ScaledPrior, baseline: number): NormalPrior {
  return scale === "relative"
    ? { mean: mean * baseline, standardDeviation: standardDeviation * baseline }
    : { mean: mean / baseline, standardDeviation: standardDeviation / baseline };
}
