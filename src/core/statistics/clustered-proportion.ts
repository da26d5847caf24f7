import { ok, type Result } from "#core/kernel/result.ts";
import type { CrossMoments } from "./cross-moments.ts";
import type { Interval } from "./interval.ts";
import { scoreInterval } from "./proportion.ts";
import { ratioSample } from "./ratio-metric.ts";
import { isCount, refused, refusedLevel, type Refusal } from "./refusal.ts";
import { normalQuantile, studentQuantile } from "./special-functions.ts";

/** A share of successes among trials that come in clusters, and where the true one lies. */
export interface ClusteredProportion {
  readonly share: number;
  readonly interval: Interval;
  /** Independent trials that would tell as much, at most the trials that there are. */
  readonly effectiveTrials: number;
}

/**
 * Wilson's interval for a share whose trials are not independent: with n* = p (1 - p) / V in the place of the number of trials,
 * V the variance of p between clusters (`ratioSample`, divisor C), and Student's t with C - 1 degrees of freedom in the place of
 * the normal quantile. n* is at most the trials; where every cluster has successes alone, or none, it is the number of clusters.
 * Where each trial is a cluster of its own, it is `wilsonInterval`.
 * Dean & Pagano (2015), J. Survey Statistics and Methodology 3(4); the bound of n*: Korn & Graubard (1998), Survey Methodology 24(2).
 *
 * @param clusters of each cluster x the number of its items, y the sum of their shares of successes
 * @param terms.trials how many answers there are: with several to an item, more than items
 * Refuses `bad-level`, `bad-count` (trials), `too-few` below 2 clusters, `bad-value` for a share outside [0, 1], and as `ratioSample`.
 */
export function clusteredProportion(
  clusters: CrossMoments,
  { trials, alpha }: { readonly trials: number; readonly alpha: number },
): Result<ClusteredProportion, Refusal> {
  const level = refusedLevel(alpha);
  if (level) return level;
  const sample = ratioSample(clusters);
  if (!sample.ok) return sample;
  const { count, mean, variance } = sample.value;
  if (!isCount(trials) || trials < count) {
    return refused("bad-count", `There are ${trials} trials in ${count} clusters`);
  }
  const share = snapped(mean);
  if (share < 0 || share > 1) return refused("bad-value", `A share is in [0, 1], it is ${share}`);
  const isAllAlike = share === 0 || share === 1;
  const squaredError = (variance / count) * ((count - 1) / count);
  const effectiveTrials = isAllAlike ? count : Math.min(trials, (share * (1 - share)) / squaredError);
  const isPlain = trials === count && clusters.x.squaredDeviations === 0;
  const critical = isPlain ? -normalQuantile(alpha / 2) : -studentQuantile(alpha / 2, count - 1);
  const independent = isPlain ? trials : effectiveTrials;
  return ok({
    share,
    effectiveTrials: independent,
    interval: scoreInterval({ successes: share * independent, trials: independent }, critical),
  });
}

/** Sums of shares such as 1/3 miss 1 by their last digit. */
function snapped(share: number): number {
  const nearest = Math.round(share);
  return Math.abs(share - nearest) < 1e-12 ? nearest : share;
}
