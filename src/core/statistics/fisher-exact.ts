import { ok, type Result } from "#core/kernel/result.ts";
import { isCount, refused, type Refusal } from "./refusal.ts";

/** Counts of a table of two rows and two columns. */
export type Table = readonly [readonly [number, number], readonly [number, number]];

/** p-values of an exact test. */
export interface FisherExact {
  /** Of the sample, a d / (b c): infinite where only b c is 0, undefined where a d is too. */
  readonly oddsRatio: number | undefined;
  readonly pTwoSided: number;
  /** For an odds ratio below 1. */
  readonly pLess: number;
  /** For an odds ratio above 1. */
  readonly pGreater: number;
}

/** A table counts as likely as the observed one within this share: equal probabilities differ by rounding. */
const tie = 1e-7;
/** Tables that are summed at most; above, the z-test of two proportions says the same. */
const tablesMax = 1_000_000;

/**
 * Fisher's exact test of a 2 x 2 table: with both margins fixed, the first cell is hypergeometric; two-sided is the sum over
 * all tables that are no likelier than the observed one. Exact for any counts, and conservative. Fisher (1922), JRSS 85.
 * Refuses `bad-count`, `too-few` for an empty table, and `bad-value` above a million tables of these margins.
 */
export function fisherExact([[a, b], [c, d]]: Table): Result<FisherExact, Refusal> {
  if (![a, b, c, d].every(isCount)) {
    return refused("bad-count", `Cells are whole numbers >= 0, they are ${a}, ${b}, ${c}, ${d}`);
  }
  const [row, column, total] = [a + b, a + c, a + b + c + d];
  if (total === 0) return refused("too-few", "The table is empty");
  const lowest = Math.max(0, row + column - total);
  const highest = Math.min(row, column);
  if (highest - lowest >= tablesMax)
    return refused("bad-value", "The counts are too large for an exact test");
  const ratio = (first: number): number =>
    (((row - first) / (first + 1)) * (column - first)) / (total - row - column + first + 1);
  const weights = weightsAround(Math.floor(((row + 1) * (column + 1)) / (total + 2)), lowest, highest, ratio);
  const observed = (weights[a - lowest] ?? 0) * (1 + tie);
  const sums = { less: 0, greater: 0, extreme: 0, all: 0 };
  for (const [index, weight] of weights.entries()) {
    sums.all += weight;
    if (index <= a - lowest) sums.less += weight;
    if (index >= a - lowest) sums.greater += weight;
    if (weight <= observed) sums.extreme += weight;
  }
  const [alike, apart] = [a * d, b * c];
  return ok({
    oddsRatio: apart === 0 ? (alike === 0 ? undefined : Infinity) : alike / apart,
    pTwoSided: sums.extreme / sums.all,
    pLess: sums.less / sums.all,
    pGreater: sums.greater / sums.all,
  });
}

/** Weights from lowest to highest, 1 at the likeliest, by the ratio of a table to the one before: no large factorials. */
function weightsAround(
  likeliest: number,
  lowest: number,
  highest: number,
  ratio: (first: number) => number,
): Float64Array {
  const weights = new Float64Array(highest - lowest + 1);
  weights[likeliest - lowest] = 1;
  for (let first = likeliest; first < highest; first += 1) {
    weights[first + 1 - lowest] = (weights[first - lowest] ?? 0) * ratio(first);
  }
  for (let first = likeliest; first > lowest; first -= 1) {
    weights[first - 1 - lowest] = (weights[first - lowest] ?? 0) / ratio(first - 1);
  }
  return weights;
}
