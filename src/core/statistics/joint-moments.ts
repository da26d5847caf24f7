import { assert } from "#core/kernel/assert.ts";
import { ok, type Result } from "#core/kernel/result.ts";
import {
  crossMomentsFromSums,
  crossMomentsOf,
  mergedCrossMoments,
  type CrossMoments,
} from "./cross-moments.ts";
import { refused, type Refusal } from "./refusal.ts";

/** What several variables of one unit each tell together: a metric and its covariates. Mergeable. */
export interface JointMoments {
  /** Units. */
  readonly count: number;
  readonly means: readonly number[];
  /** Sums of the products of deviations, one row and one column a variable, symmetric. */
  readonly products: readonly (readonly number[])[];
}

/** No units at all: what merging begins with. */
export const noJointMoments: JointMoments = { count: 0, means: [], products: [] };

/**
 * Joint moments of variables, each the list of its values by unit. Refuses `not-finite`, `too-few` without a variable, and
 * `bad-value` for lists of different lengths.
 */
export function jointMomentsOf(variables: readonly (readonly number[])[]): Result<JointMoments, Refusal> {
  return ofPairs(variables.length, (row, column) =>
    crossMomentsOf(variables[row] ?? [], variables[column] ?? []),
  );
}

/**
 * Joint moments from sums, as other programs give them; sumProducts has the sums of squares in its diagonal and is read below
 * it. Refuses as `crossMomentsFromSums`, and `too-few` without a variable.
 */
export function jointMomentsFromSums(sums: {
  readonly count: number;
  readonly sums: readonly number[];
  readonly sumProducts: readonly (readonly number[])[];
}): Result<JointMoments, Refusal> {
  const product = (row: number, column: number): number => sums.sumProducts[row]?.[column] ?? Number.NaN;
  return ofPairs(sums.sums.length, (row, column) =>
    crossMomentsFromSums({
      count: sums.count,
      sumX: sums.sums[row] ?? Number.NaN,
      sumY: sums.sums[column] ?? Number.NaN,
      sumSquaresX: product(row, row),
      sumSquaresY: product(column, column),
      sumProducts: product(row, column),
    }),
  );
}

/** Joint moments of both lists of units pooled, of the same variables. */
export function mergedJointMoments(a: JointMoments, b: JointMoments): JointMoments {
  if (a.count === 0) return b;
  if (b.count === 0) return a;
  assert(a.means.length === b.means.length, "the same variables are merged");
  const merged = a.means.map((_, row) =>
    a.means.map((__, column) => mergedCrossMoments(pairOf(a, row, column), pairOf(b, row, column))),
  );
  return {
    count: a.count + b.count,
    means: merged.map((row) => row[0]?.x.mean ?? 0),
    products: merged.map((row) => row.map((pair) => pair.productDeviations)),
  };
}

/** sum over both of left x products x right: the deviations of one weighted sum of the variables times those of another, by term. */
export function weightedProducts(
  { products }: JointMoments,
  left: readonly number[],
  right: readonly number[],
): readonly number[] {
  return products.flatMap((row, place) =>
    row.map((product, column) => (left[place] ?? 0) * product * (right[column] ?? 0)),
  );
}

function pairOf(joint: JointMoments, row: number, column: number): CrossMoments {
  const one = (place: number) => ({
    count: joint.count,
    mean: joint.means[place] ?? 0,
    squaredDeviations: joint.products[place]?.[place] ?? 0,
  });
  return { x: one(row), y: one(column), productDeviations: joint.products[row]?.[column] ?? 0 };
}

/** Each pair is asked for once, at or below the diagonal. */
function ofPairs(
  variables: number,
  pairAt: (row: number, column: number) => Result<CrossMoments, Refusal>,
): Result<JointMoments, Refusal> {
  if (variables === 0) return refused("too-few", "Joint moments need a variable");
  const means: number[] = [];
  const products: number[][] = [];
  let count = 0;
  for (let row = 0; row < variables; row += 1) {
    products.push([]);
    for (let column = 0; column <= row; column += 1) {
      const pair = pairAt(row, column);
      if (!pair.ok) return pair;
      count = pair.value.x.count;
      means[row] = pair.value.x.mean;
      (products[row] ??= [])[column] = pair.value.productDeviations;
      (products[column] ??= [])[row] = pair.value.productDeviations;
    }
  }
  return ok({ count, means, products });
}
