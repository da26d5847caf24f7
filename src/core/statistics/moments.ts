import { ok, type Result } from "#core/kernel/result.ts";
import { isCount, refused, type Refusal } from "./refusal.ts";

/** What a mean and its error need of a sample: mergeable, and without cancellation at any offset or scale. */
export interface Moments {
  /** Values. */
  readonly count: number;
  /** 0 where there are no values. */
  readonly mean: number;
  /** Sum of squared deviations from the mean, >= 0. */
  readonly squaredDeviations: number;
}

/** No values at all: what merging begins with. */
export const noMoments: Moments = { count: 0, mean: 0, squaredDeviations: 0 };

/**
 * Moments of values, by two passes over the differences to the first value, the second corrected for what the mean lost
 * (Chan, Golub & LeVeque 1983, The American Statistician 37(3), eq. 1.7). Epoch milliseconds keep their digits.
 * Refuses `not-finite`.
 */
export function momentsOf(values: readonly number[]): Result<Moments, Refusal> {
  const offset = values[0];
  if (offset === undefined) return ok(noMoments);
  let sum = 0;
  for (const value of values) sum += value - offset;
  const shift = sum / values.length;
  let squares = 0;
  let lost = 0;
  for (const value of values) {
    const deviation = value - offset - shift;
    squares += deviation * deviation;
    lost += deviation;
  }
  return finiteMoments({
    count: values.length,
    mean: offset + shift + lost / values.length,
    squaredDeviations: Math.max(0, squares - (lost * lost) / values.length),
  });
}

/**
 * Moments from sums, as other programs give them: deviations = sumSquares - sum^2 / count.
 * Sums have lost the digits of a small spread around a large mean: where less is left than rounding, it counts as none.
 * Refuses `bad-count`, `not-finite`, and `bad-value` for sums that no values have.
 */
export function momentsFromSums(sums: {
  readonly count: number;
  readonly sum: number;
  readonly sumSquares: number;
}): Result<Moments, Refusal> {
  const { count, sum, sumSquares } = sums;
  if (!isCount(count)) return refused("bad-count", `A count is a whole number >= 0, it is ${count}`);
  const mean = count === 0 ? 0 : sum / count;
  const spread = sumSquares - sum * mean;
  const rounding = 8 * Number.EPSILON * Math.abs(sumSquares);
  if (spread < -rounding || (count === 0 && (sum !== 0 || sumSquares !== 0))) {
    return refused(
      "bad-value",
      `No ${count} values have the sum ${sum} and the sum of squares ${sumSquares}`,
    );
  }
  return finiteMoments({ count, mean, squaredDeviations: spread <= rounding ? 0 : spread });
}

/** Moments of count values of which `successes` are 1 and the others 0. Refuses `bad-count`. */
export function momentsOfProportion({
  successes,
  count,
}: {
  readonly successes: number;
  readonly count: number;
}): Result<Moments, Refusal> {
  if (!isCount(count) || !isCount(successes) || successes > count) {
    return refused(
      "bad-count",
      `Successes are whole numbers from 0 to the count, they are ${successes} of ${count}`,
    );
  }
  if (count === 0) return ok(noMoments);
  return ok({ count, mean: successes / count, squaredDeviations: (successes * (count - successes)) / count });
}

/**
 * Moments of both samples pooled. Chan, Golub & LeVeque (1983):
 * mean = mA + d nB/n, deviations = SA + SB + d^2 nA nB/n, with d = mB - mA.
 */
export function mergedMoments(a: Moments, b: Moments): Moments {
  if (a.count === 0) return b;
  if (b.count === 0) return a;
  const count = a.count + b.count;
  const difference = b.mean - a.mean;
  return {
    count,
    mean: a.mean + difference * (b.count / count),
    squaredDeviations:
      a.squaredDeviations + b.squaredDeviations + difference * difference * a.count * (b.count / count),
  };
}

/** The unbiased variance, deviations / (count - 1). Refuses `too-few` below 2 values. */
export function varianceOf({ count, squaredDeviations }: Moments): Result<number, Refusal> {
  if (count < 2) return refused("too-few", `A variance needs 2 values, there are ${count}`);
  return ok(squaredDeviations / (count - 1));
}

function finiteMoments(moments: Moments): Result<Moments, Refusal> {
  return Number.isFinite(moments.mean) && Number.isFinite(moments.squaredDeviations)
    ? ok(moments)
    : refused("not-finite", "A value or a sum of values is not a finite number");
}
