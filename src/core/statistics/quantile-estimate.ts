import { ok, type Result } from "#core/kernel/result.ts";
import { clusteredMomentsOf } from "./clusters.ts";
import type { Estimate } from "./confidence-sequence.ts";
import type { CrossMoments } from "./cross-moments.ts";
import type { Interval } from "./interval.ts";
import { rankOf, refusedQuantile, sortedValues } from "./quantile.ts";
import { ratioSample } from "./ratio-metric.ts";
import { refused, refusedLevel, type Refusal } from "./refusal.ts";
import { normalQuantile } from "./special-functions.ts";
import { meanOf } from "./welch-test.ts";

/** Which quantile, of how many values, with which width of the interval. */
export interface QuantileQuestion {
  readonly count: number;
  /** In (0, 1): 0.95 for p95. */
  readonly level: number;
  /** Error rate in (0, 1) of the interval; the places that it spans give the standard error. */
  readonly alpha: number;
}

/** The quantile of one arm, and the bounds of its interval: places of sorted values from 1, or the values there. */
export interface AroundQuantile {
  readonly lower: number;
  readonly at: number;
  readonly upper: number;
}

/** A quantile that `normalTest` compares. */
export interface QuantileEstimate extends Estimate {
  readonly interval: Interval;
  /** The variance over that of as many independent values; 1 without clusters. */
  readonly designEffect: number;
}

/**
 * The places of the sorted values that say a quantile and its error, for a store to look up: ceil(n p) and
 * ceil(n p -/+ z sqrt(n p (1 - p))), z the normal quantile of 1 - alpha/2.
 * Refuses `bad-level`, `bad-count`, `bad-value` (a level outside (0, 1)), and `too-few` where a bound would be beyond the values:
 * n > z^2 p/(1 - p) and n > z^2 (1 - p)/p are needed (73 for p95, 381 for p99).
 */
export function quantilePlaces({ count, level, alpha }: QuantileQuestion): Result<AroundQuantile, Refusal> {
  const refusal = refusedLevel(alpha) ?? refusedQuantile(count, level) ?? refusedFew(count, { level, alpha });
  if (refusal) return refusal;
  const width = upperNormal(alpha) * Math.sqrt(count * level * (1 - level));
  return ok({
    lower: Math.ceil(count * level - width),
    at: rankOf(count, level),
    upper: Math.ceil(count * level + width),
  });
}

/**
 * A quantile with its standard error from the values at `quantilePlaces`: (upper - lower) / (2 z), which needs no density.
 * Where values are in clusters, `below` counts for each cluster its values (x) and those not above the quantile (y); the error
 * is then wider by the root of the design effect: the variance of that ratio over p (1 - p)/n, and so is the interval.
 * Assumes independent values, or dozens of independent clusters, and a density that is smooth around the quantile.
 * Deng, Knoblich & Lu (2018), Applying the delta method in metric analytics, KDD, section 4. GrowthBook's least variance of 1e-5 is
 * left out: it would be another one for seconds than for milliseconds.
 *
 * Refuses as `quantilePlaces` (with clusters: of count / design effect), `not-finite`, `bad-value` (values that do not ascend,
 * clusters of other values), `no-variance` where the bounds are one value, and as `ratioSample`.
 */
export function quantileEstimate(
  question: QuantileQuestion & { readonly values: AroundQuantile; readonly below?: CrossMoments },
): Result<QuantileEstimate, Refusal> {
  const places = quantilePlaces(question);
  if (!places.ok) return places;
  const { lower, at, upper } = question.values;
  if (![lower, at, upper, upper - lower].every(Number.isFinite)) {
    return refused("not-finite", "The values around a quantile must be finite numbers");
  }
  if (lower > at || at > upper) return refused("bad-value", `${lower}, ${at}, ${upper} do not ascend`);
  const effect = question.below ? effectOf(question.below, question) : ok(1);
  if (!effect.ok) return effect;
  const few = refusedFew(question.count / effect.value, question);
  if (few) return few;
  const factor = Math.sqrt(effect.value);
  const standardError = ((upper - lower) / (2 * upperNormal(question.alpha))) * factor;
  if (standardError === 0) return refused("no-variance", `The values around the quantile are all ${at}`);
  return ok({
    value: at,
    standardError,
    interval: [at - (at - lower) * factor, at + (upper - at) * factor],
    designEffect: effect.value,
  });
}

/**
 * `quantileEstimate` of values at hand, each with the name of its cluster if there are any. Refuses as it does, and `bad-value`
 * for lists of different lengths.
 */
export function quantileEstimateOf(
  values: readonly number[],
  {
    level,
    alpha,
    clusters,
  }: Omit<QuantileQuestion, "count"> & { readonly clusters?: readonly (string | number)[] },
): Result<QuantileEstimate, Refusal> {
  const question = { count: values.length, level, alpha };
  const places = quantilePlaces(question);
  if (!places.ok) return places;
  const sorted = sortedValues(values);
  if (!sorted.ok) return sorted;
  const valueAt = (place: number): number => sorted.value[place - 1] ?? Number.NaN;
  const { lower, at, upper } = places.value;
  const around = { lower: valueAt(lower), at: valueAt(at), upper: valueAt(upper) };
  if (!clusters) return quantileEstimate({ ...question, values: around });
  const below = clusteredMomentsOf(
    values.map((value) => (value <= around.at ? 1 : 0)),
    clusters,
  );
  if (!below.ok) return below;
  return quantileEstimate({ ...question, values: around, below: below.value.clusters });
}

function effectOf(below: CrossMoments, { count, level }: QuantileQuestion): Result<number, Refusal> {
  if (Math.round(below.x.count * below.x.mean) !== count) {
    return refused(
      "bad-value",
      `The clusters have ${below.x.count * below.x.mean} values, there are ${count}`,
    );
  }
  const share = ratioSample(below);
  if (!share.ok) return share;
  const error = meanOf(share.value).standardError;
  if (error === 0) return refused("no-variance", "All clusters have the same share below the quantile");
  return ok((error * error * count) / (level * (1 - level)));
}

function refusedFew(
  count: number,
  { level, alpha }: { readonly level: number; readonly alpha: number },
): ReturnType<typeof refusedLevel> {
  const odds = level / (1 - level);
  const needed = upperNormal(alpha) ** 2 * Math.max(odds, 1 / odds);
  if (count > needed) return undefined;
  return refused(
    "too-few",
    `The quantile ${level} needs more than ${needed.toFixed(1)} independent values, there are ${count}`,
  );
}

function upperNormal(alpha: number): number {
  return -normalQuantile(alpha / 2);
}
