import { ok, type Result } from "#core/kernel/result.ts";
import { correlationOf, type CrossMoments } from "./cross-moments.ts";
import type { Interval } from "./interval.ts";
import { ratioSample } from "./ratio-metric.ts";
import { refused, refusedLevel, type Refusal } from "./refusal.ts";
import { studentQuantile } from "./special-functions.ts";

/** A ratio of two sums over the same units, and where the true one lies. */
export interface RatioEstimate {
  readonly value: number;
  /** By the delta method. */
  readonly standardError: number;
  /** Fieller's: not symmetric around the ratio. */
  readonly interval: Interval;
  /** The square of the margin of the mean of x over that mean, in [0, 1): near 0 the interval is that of the delta method. */
  readonly baselineNoise: number;
}

/**
 * Fieller's interval of mean y / mean x, both of the same independent units (cost and correct answers of items): all r with
 * |mY - r mX| <= t sqrt((vY - 2 r cov + r^2 vX) / n), t Student's with n - 1 degrees of freedom. Its ends solve
 * (mX^2 - t^2 vX/n) r^2 - 2 (mX mY - t^2 cov/n) r + (mY^2 - t^2 vY/n) = 0. Unlike the delta method's it stays right where x is
 * rarely above 0. Fieller (1954), J. Royal Statistical Society B 16(2).
 *
 * Refuses `bad-level`, `too-few` below 2 units, `no-variance` where the ratio does not vary, `not-finite`, and `zero-baseline`
 * where the mean of x cannot be told from 0: the set has no ends then.
 */
export function ratioInterval(moments: CrossMoments, alpha: number): Result<RatioEstimate, Refusal> {
  const level = refusedLevel(alpha);
  if (level) return level;
  const sample = ratioSample(moments);
  if (!sample.ok) return sample;
  const { count, mean: value, variance } = sample.value;
  if (variance === 0) return refused("no-variance", "The ratio is the same in all units");
  const t = -studentQuantile(alpha / 2, count - 1);
  const { x, y } = moments;
  // In means of x: the squares of tiny or huge values would not fit a number.
  const scale = t / Math.sqrt(count * (count - 1)) / Math.abs(x.mean);
  const [marginX, marginY] = [scale * Math.sqrt(x.squaredDeviations), scale * Math.sqrt(y.squaredDeviations)];
  const noise = marginX * marginX;
  if (!(noise < 1)) return refused("zero-baseline", "The denominators cannot be told from 0");
  const correlation = correlationOf(moments);
  const product = correlation.ok ? correlation.value * marginX * marginY : 0;
  const centre = (value - product) / (1 - noise);
  const end = (value * value - marginY * marginY) / (1 - noise);
  const margin = Math.sqrt(Math.max(0, centre * centre - end));
  const interval = [centre - margin, centre + margin] as const;
  if (!interval.every(Number.isFinite))
    return refused("not-finite", "The ratio is beyond what a number holds");
  return ok({ value, standardError: Math.sqrt(variance / count), interval, baselineNoise: noise });
}
