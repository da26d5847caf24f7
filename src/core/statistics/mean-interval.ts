import { ok, type Result } from "#core/kernel/result.ts";
import type { Estimate } from "./confidence-sequence.ts";
import { studentOf } from "./difference.ts";
import { intervalAround, type Interval } from "./interval.ts";
import { refusedLevel, type Refusal } from "./refusal.ts";
import { refusedSample, type Sample } from "./sample.ts";
import { meanOf } from "./welch-test.ts";

/** A mean, and where the true one lies. */
export interface MeanEstimate extends Estimate {
  readonly interval: Interval;
}

/**
 * Student's t interval of one mean, or of one ratio (`ratioSample`): mean -/+ t_{1-alpha/2, n-1} sqrt(variance / n), two-sided.
 * Assumes independent units and a mean close to normal. Student (1908), Biometrika 6(1).
 * Refuses `bad-level`, `not-finite`, `bad-count`, `too-few` below 2 units, `no-variance`.
 */
export function meanInterval(sample: Sample, alpha: number): Result<MeanEstimate, Refusal> {
  const refusal = refusedLevel(alpha) ?? refusedSample(sample, "sample");
  if (refusal) return refusal;
  const { value, standardError } = meanOf(sample);
  const { upperQuantile } = studentOf(sample.count - 1);
  const interval = intervalAround(
    { estimate: value, standardError },
    { alpha, alternative: "two-sided" },
    upperQuantile,
  );
  return ok({ value, standardError, interval });
}
