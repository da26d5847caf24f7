import { ok, type Result } from "#core/kernel/result.ts";
import type { CrossMoments } from "./cross-moments.ts";
import { refused, type Refusal } from "./refusal.ts";
import { sumAboveRounding } from "./rounding.ts";
import type { Sample } from "./sample.ts";

/**
 * A ratio metric of one arm as a sample: what tests of means take, they take of ratios (`welchTest`, `fiellerInterval`).
 *
 * A ratio is the sum of y over the sum of x (cost per request, tokens per second, errors per message) with units that are
 * independent: conversations or users, never single messages of the same one. Mean R = mean y / mean x, and the variance of
 * one unit by the delta method: that of (y - R x)/mean x, which is (vY - 2 R cov + R^2 vX) / (mean x)^2.
 * Assumes that the mean of x is many standard errors from 0. A unit with x = 0 counts as one.
 * Messages in clusters are the same: x is the number of messages, y their sum (`clusteredMoments`).
 * Deng, Knoblich & Lu (2018), Applying the delta method in metric analytics, KDD, section 3; Cochran (1977), chapter 6.
 *
 * Refuses `too-few` below 2 units, `zero-baseline` where x sums to 0, `not-finite`.
 */
export function ratioSample({ x, y, productDeviations }: CrossMoments): Result<Sample, Refusal> {
  if (x.count < 2) return refused("too-few", `A ratio needs 2 units, there are ${x.count}`);
  if (x.mean === 0) return refused("zero-baseline", "The denominators of a ratio sum to 0");
  const ratio = y.mean / x.mean;
  // Each part is divided first: squares of tiny or huge values would not fit a number.
  const [spreadX, spreadY] = [
    Math.sqrt(x.squaredDeviations) / x.mean,
    Math.sqrt(y.squaredDeviations) / x.mean,
  ];
  const product = productDeviations / x.mean / x.mean;
  const parts = [spreadY * spreadY, -2 * ratio * product, ratio * spreadX * (ratio * spreadX)];
  const variance = sumAboveRounding(parts) / (x.count - 1);
  if (!Number.isFinite(ratio) || !Number.isFinite(variance)) {
    return refused("not-finite", "The ratio or its variance is beyond what a number holds");
  }
  return ok({ count: x.count, mean: ratio, variance });
}
