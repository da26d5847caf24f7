import { ok, type Result } from "#core/kernel/result.ts";
import { weightedProducts, type JointMoments } from "./joint-moments.ts";
import { refused, type Refusal } from "./refusal.ts";

/** A metric of joint moments, by the places of its variables: the mean of one, or the sum of one over that of another. */
export type JointMetric =
  | { readonly mean: number }
  | { readonly numerator: number; readonly denominator: number };

/**
 * A metric near its value: what it is, and how it moves with the means of all variables (its gradient). Its variance for one
 * unit is weights x covariances x weights: the delta method.
 */
export interface LinearMetric {
  readonly value: number;
  readonly weights: readonly number[];
}

/**
 * A metric as a weighted sum: a mean has the weight 1, a ratio R = mean y / mean x the weights 1/mean x and -R/mean x.
 * Refuses `bad-value` for a variable that is not there, `zero-baseline` where a denominator sums to 0, `not-finite`.
 */
export function linearMetric(metric: JointMetric, joint: JointMoments): Result<LinearMetric, Refusal> {
  const top = "mean" in metric ? metric.mean : metric.numerator;
  const bottom = "mean" in metric ? undefined : metric.denominator;
  const above = joint.means[top];
  const below = bottom === undefined ? 1 : joint.means[bottom];
  if (above === undefined || below === undefined) {
    return refused(
      "bad-value",
      `Of variables ${top} and ${bottom ?? top}, one is not among ${joint.means.length}`,
    );
  }
  if (below === 0) return refused("zero-baseline", "The denominators of a ratio sum to 0");
  const value = above / below;
  const weights = joint.means.map((_, place) => {
    const numerator = place === top ? 1 / below : 0;
    return place === bottom ? numerator - value / below : numerator;
  });
  if (![value, ...weights].every(Number.isFinite)) {
    return refused("not-finite", "A metric is beyond what a number holds");
  }
  return ok({ value, weights });
}

/** All of them, or the first refusal. */
export function linearMetrics(
  metrics: readonly JointMetric[],
  joint: JointMoments,
): Result<readonly LinearMetric[], Refusal> {
  const found: LinearMetric[] = [];
  for (const metric of metrics) {
    const linear = linearMetric(metric, joint);
    if (!linear.ok) return linear;
    found.push(linear.value);
  }
  return ok(found);
}

/** metric - the sum of coefficients x others: again a metric. */
export function withoutOthers(
  metric: LinearMetric,
  others: readonly LinearMetric[],
  coefficients: readonly number[],
): LinearMetric {
  const less = (value: number, of: (other: LinearMetric) => number): number =>
    others.reduce((rest, other, place) => rest - (coefficients[place] ?? 0) * of(other), value);
  return {
    value: less(metric.value, (other) => other.value),
    weights: metric.weights.map((weight, place) => less(weight, (other) => other.weights[place] ?? 0)),
  };
}

/** The same metrics in one arm, and what its covariances count. */
export interface WeightedMetrics {
  readonly joint: JointMoments;
  readonly metrics: readonly LinearMetric[];
  readonly weight: number;
}

/** The covariances of metrics for one unit, one row and one column a metric: the weighted sum of those of the arms. */
export function metricCovariances(arms: readonly WeightedMetrics[]): readonly (readonly number[])[] {
  const entry = (row: number, column: number): number =>
    arms.reduce((sum, { joint, metrics, weight }) => {
      const terms = weightedProducts(joint, metrics[row]?.weights ?? [], metrics[column]?.weights ?? []);
      return sum + (weight / (joint.count - 1)) * terms.reduce((total, term) => total + term, 0);
    }, 0);
  const places = [...(arms[0]?.metrics ?? []).keys()];
  return places.map((row) => places.map((column) => entry(row, column)));
}
