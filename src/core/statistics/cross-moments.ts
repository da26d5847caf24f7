import { ok, type Result } from "#core/kernel/result.ts";
import { mergedMoments, momentsFromSums, momentsOf, noMoments, type Moments } from "./moments.ts";
import { isCount, refused, type Refusal } from "./refusal.ts";

/** What pairs (x, y) of one unit each tell of both and of how they go together: ratios, covariates, pairs. Mergeable. */
export interface CrossMoments {
  readonly x: Moments;
  readonly y: Moments;
  /** Sum of the products of deviations, (x - mean x)(y - mean y). */
  readonly productDeviations: number;
}

/** No pairs at all: what merging begins with. */
export const noCrossMoments: CrossMoments = { x: noMoments, y: noMoments, productDeviations: 0 };

/** Cross moments of pairs, two passes. Refuses `not-finite`, and `bad-value` for lists of different lengths. */
export function crossMomentsOf(xs: readonly number[], ys: readonly number[]): Result<CrossMoments, Refusal> {
  if (xs.length !== ys.length) {
    return refused(
      "bad-value",
      `Pairs need two lists of one length, they have ${xs.length} and ${ys.length}`,
    );
  }
  const x = momentsOf(xs);
  if (!x.ok) return x;
  const y = momentsOf(ys);
  if (!y.ok) return y;
  let products = 0;
  for (const [index, value] of xs.entries()) {
    products += (value - x.value.mean) * ((ys[index] ?? 0) - y.value.mean);
  }
  return finiteCross({ x: x.value, y: y.value, productDeviations: products });
}

/**
 * Cross moments from sums, as other programs give them: deviations = sumProducts - sumX sumY / count.
 * Refuses as momentsFromSums, and `bad-value` for a product beyond what the spreads allow (Cauchy-Schwarz).
 */
export function crossMomentsFromSums(sums: {
  readonly count: number;
  readonly sumX: number;
  readonly sumY: number;
  readonly sumSquaresX: number;
  readonly sumSquaresY: number;
  readonly sumProducts: number;
}): Result<CrossMoments, Refusal> {
  const { count, sumX, sumY, sumProducts } = sums;
  if (!isCount(count)) return refused("bad-count", `A count is a whole number >= 0, it is ${count}`);
  const x = momentsFromSums({ count, sum: sumX, sumSquares: sums.sumSquaresX });
  if (!x.ok) return x;
  const y = momentsFromSums({ count, sum: sumY, sumSquares: sums.sumSquaresY });
  if (!y.ok) return y;
  const products = sumProducts - sumX * y.value.mean;
  const most = Math.sqrt(x.value.squaredDeviations) * Math.sqrt(y.value.squaredDeviations);
  const rounding = 64 * Number.EPSILON * Math.sqrt(Math.abs(sums.sumSquaresX)) * Math.sqrt(sums.sumSquaresY);
  if (Math.abs(products) > most * (1 + 1e-9) + rounding) {
    return refused("bad-value", `No pairs of these spreads have the sum of products ${sumProducts}`);
  }
  return finiteCross({
    x: x.value,
    y: y.value,
    productDeviations: Math.max(-most, Math.min(most, products)),
  });
}

/** Cross moments of both lists of pairs pooled; Chan et al. (1983), with dx dy in the place of d^2. */
export function mergedCrossMoments(a: CrossMoments, b: CrossMoments): CrossMoments {
  if (a.x.count === 0) return b;
  if (b.x.count === 0) return a;
  const between = (b.x.mean - a.x.mean) * (b.y.mean - a.y.mean);
  const weight = a.x.count * (b.x.count / (a.x.count + b.x.count));
  return {
    x: mergedMoments(a.x, b.x),
    y: mergedMoments(a.y, b.y),
    productDeviations: a.productDeviations + b.productDeviations + between * weight,
  };
}

/** The unbiased covariance, deviations / (count - 1). Refuses `too-few` below 2 pairs. */
export function covarianceOf({ x, productDeviations }: CrossMoments): Result<number, Refusal> {
  if (x.count < 2) return refused("too-few", `A covariance needs 2 pairs, there are ${x.count}`);
  return ok(productDeviations / (x.count - 1));
}

/** Pearson's correlation, in [-1, 1]. Refuses `too-few` below 2 pairs, `no-variance` where x or y does not vary. */
export function correlationOf({ x, y, productDeviations }: CrossMoments): Result<number, Refusal> {
  if (x.count < 2) return refused("too-few", `A correlation needs 2 pairs, there are ${x.count}`);
  const spread = Math.sqrt(x.squaredDeviations) * Math.sqrt(y.squaredDeviations);
  if (spread === 0) return refused("no-variance", "One of the two does not vary");
  return ok(Math.max(-1, Math.min(1, productDeviations / spread)));
}

function finiteCross(moments: CrossMoments): Result<CrossMoments, Refusal> {
  return Number.isFinite(moments.productDeviations)
    ? ok(moments)
    : refused("not-finite", "A sum of products is not a finite number");
}
