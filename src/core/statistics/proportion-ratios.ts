import { ok, type Result } from "#core/kernel/result.ts";
import type { Interval } from "./interval.ts";
import type { Proportion } from "./proportion.ts";
import { refused, type Refusal } from "./refusal.ts";
import { normalQuantile } from "./special-functions.ts";
import { refusedComparison, type ProportionComparison } from "./two-proportions.ts";

/** A ratio of two arms; 1 means no difference. */
export interface Ratio {
  readonly ratio: number;
  readonly interval: Interval;
}

/**
 * pT / pC, with the interval on the log scale: SE^2 = 1/xT - 1/nT + 1/xC - 1/nC. Katz et al. (1978), Biometrics 34.
 * Refuses `bad-level`, `bad-count`, and `too-few` where an arm has no success.
 */
export function riskRatio(comparison: ProportionComparison): Result<Ratio, Refusal> {
  const refusal = refusedComparison(comparison);
  if (refusal) return refusal;
  const { control, treatment, alpha } = comparison;
  if (control.successes === 0 || treatment.successes === 0) {
    return refused("too-few", "A ratio of proportions needs a success in both arms");
  }
  const ratio = treatment.successes / treatment.trials / (control.successes / control.trials);
  const variance =
    1 / treatment.successes - 1 / treatment.trials + (1 / control.successes - 1 / control.trials);
  return ok({ ratio, interval: logInterval(ratio, Math.sqrt(variance), alpha) });
}

/**
 * Odds of the treatment over those of the control, with the interval on the log scale: SE^2 = sum of 1/cell.
 * Woolf (1955), Annals of Human Genetics 19. Refuses `bad-level`, `bad-count`, `too-few` where a cell is empty.
 */
export function oddsRatio(comparison: ProportionComparison): Result<Ratio, Refusal> {
  const refusal = refusedComparison(comparison);
  if (refusal) return refusal;
  const { control, treatment, alpha } = comparison;
  const cells = [control, treatment].flatMap(({ successes, trials }) => [successes, trials - successes]);
  if (cells.includes(0)) {
    return refused("too-few", "An odds ratio needs a success and a failure in both arms");
  }
  const ratio = oddsOf(treatment) / oddsOf(control);
  const variance = cells.reduce((sum, cell) => sum + 1 / cell, 0);
  return ok({ ratio, interval: logInterval(ratio, Math.sqrt(variance), alpha) });
}

function oddsOf({ successes, trials }: Proportion): number {
  return successes / (trials - successes);
}

function logInterval(ratio: number, standardError: number, alpha: number): Interval {
  const factor = Math.exp(-normalQuantile(alpha / 2) * standardError);
  return [ratio / factor, ratio * factor];
}
