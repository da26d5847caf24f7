import { ok, type Result } from "#core/kernel/result.ts";
import { isPositive, refused, type Refusal } from "./refusal.ts";

/**
 * How many times more units an experiment needs whose units come in clusters that share a variant, such as messages of a
 * conversation: 1 + ((1 + cv^2) m - 1) r. m is the mean size of a cluster, cv its coefficient of variation (deviation over
 * mean, default 0) and r in [0, 1] the correlation of two units of one cluster. Units over it are the independent units that
 * they are worth. Kish (1965), Survey Sampling; Eldridge, Ashby & Kerry (2006), Int. J. Epidemiology 35.
 * Refuses `bad-value` for a size below 1, a variation below 0, or a correlation outside [0, 1].
 */
export function plannedDesignEffect(clusters: {
  readonly meanSize: number;
  readonly correlation: number;
  readonly sizeVariation?: number;
}): Result<number, Refusal> {
  const { meanSize, correlation, sizeVariation = 0 } = clusters;
  if (!(isPositive(meanSize) && meanSize >= 1)) {
    return refused("bad-value", `A cluster has 1 unit or more, it has ${meanSize}`);
  }
  if (!(correlation >= 0 && correlation <= 1)) {
    return refused("bad-value", `The correlation is in [0, 1], it is ${correlation}`);
  }
  if (!(sizeVariation === 0 || isPositive(sizeVariation))) {
    return refused("bad-value", `The variation of sizes is 0 or more, it is ${sizeVariation}`);
  }
  return ok(1 + ((1 + sizeVariation * sizeVariation) * meanSize - 1) * correlation);
}

/** How one variant answers one prompt. */
export interface SampledAnswers {
  /** Mean variance of the score of one answer around the prompt's own mean, >= 0. */
  readonly variance: number;
  /** Answers to each prompt, > 0. */
  readonly samples: number;
}

/**
 * The variance of paired differences, a prompt answered by both variants: omega^2 + sT^2 / KT + sC^2 / KC, with omega^2 that of
 * the differences of the prompts' true means, and s^2 the noise of one answer of K. For `varianceOfDifferences` of a plan:
 * more answers make up for fewer prompts, to omega^2. Miller (2024), Adding error bars to evals, arXiv:2411.00640, section 5.
 * Refuses `bad-value` for variances below 0, and samples that are not above 0.
 */
export function pairedVariance(prompts: {
  readonly betweenPrompts: number;
  readonly control: SampledAnswers;
  readonly treatment: SampledAnswers;
}): Result<number, Refusal> {
  const { betweenPrompts, control, treatment } = prompts;
  const variances = [betweenPrompts, control.variance, treatment.variance];
  if (!variances.every((variance) => variance === 0 || isPositive(variance))) {
    return refused("bad-value", `Variances are 0 or more, they are ${variances.join(", ")}`);
  }
  if (!isPositive(control.samples) || !isPositive(treatment.samples)) {
    return refused("bad-value", "Every prompt is answered by both variants");
  }
  return ok(betweenPrompts + control.variance / control.samples + treatment.variance / treatment.samples);
}
