import { ok, type Result } from "#core/kernel/result.ts";
import type { Refusal } from "./refusal.ts";
import { refusedSample, type Sample } from "./sample.ts";
import { logGamma } from "./special-functions.ts";

/** A difference of means in standard deviations. */
export interface EffectSize {
  readonly cohenD: number;
  /** Cohen's d without its bias upwards in small samples. */
  readonly hedgesG: number;
}

/**
 * Standardised difference: d = (mT - mC) / s, s^2 = ((nT-1) vT + (nC-1) vC) / df, df = nT + nC - 2 (Cohen 1988), and
 * g = d gamma(df/2) / (sqrt(df/2) gamma((df-1)/2)) (Hedges 1981, J. Educational Statistics 6(2)).
 * Assumes one variance in both arms. Refuses `not-finite`, `bad-count`, `too-few` below 2 units an arm, `no-variance`.
 */
export function effectSize(control: Sample, treatment: Sample): Result<EffectSize, Refusal> {
  const refusal = refusedSample(control, "control") ?? refusedSample(treatment, "treatment");
  if (refusal) return refusal;
  const df = treatment.count + control.count - 2;
  const variance =
    treatment.variance * ((treatment.count - 1) / df) + control.variance * ((control.count - 1) / df);
  const cohenD = (treatment.mean - control.mean) / Math.sqrt(variance);
  return ok({ cohenD, hedgesG: cohenD * smallSampleFactor(df) });
}

/** By its series where the difference of two large logarithms would cost digits; the next term is below 1e-12. */
function smallSampleFactor(df: number): number {
  if (df > 1e4) return 1 - 3 / (4 * df) - 7 / (32 * df * df);
  return Math.exp(logGamma(df / 2) - logGamma((df - 1) / 2)) / Math.sqrt(df / 2);
}
