import { ok, type Result } from "#core/kernel/result.ts";
import { pValueOf, type Interval } from "./interval.ts";
import { normalInterval } from "./normal-interval.ts";
import { refused, refusedLevel, type Refusal } from "./refusal.ts";
import { normalSurvival } from "./special-functions.ts";

/** Pairs of a treatment and a control value that are compared at most: their differences are held in memory (32 MB). */
const pairsMax = 4_000_000;
/** Pairs up to which the exact distribution is counted. */
const exactPairsMax = 2_500;

/** How two samples differ by rank. */
export interface RankDifference {
  /** Pairs with the treatment above the control, ties half. */
  readonly u: number;
  /** The share of such pairs: 0.5 where neither tends to be above. */
  readonly probabilityAbove: number;
  /** Normal approximation, two-sided, corrected for ties; with and without the correction for continuity. */
  readonly pValue: number;
  readonly pUncorrected: number;
  /** One-sided, for a treatment above, corrected for continuity. */
  readonly pGreater: number;
  /** Exact, two-sided; undefined with ties or above 2,500 pairs. */
  readonly pExact: number | undefined;
  /** Hodges-Lehmann: the median of all differences treatment - control. */
  readonly shift: number;
  /** Of the shift, by the order statistics of the differences: normal approximation, two-sided. */
  readonly shiftInterval: Interval;
}

/**
 * Mann-Whitney U test with the Hodges-Lehmann shift. z = (U - mn/2 -/+ 1/2) / s,
 * s^2 = mn/12 (N + 1 - sum(t^3 - t)/(N(N-1))), t the sizes of ties. The shift assumes that the distributions differ by place only;
 * its interval is from the k-th least to the k-th largest difference, k = mn/2 - z s without ties.
 * Mann & Whitney (1947), Ann. Math. Stat. 18; Hodges & Lehmann (1963), Ann. Math. Stat. 34.
 * Refuses `bad-level`, `not-finite`, `too-few` (an empty arm), `no-variance` (all values equal), `bad-value` above 4 million pairs.
 */
export function mannWhitneyTest(
  control: readonly number[],
  treatment: readonly number[],
  alpha: number,
): Result<RankDifference, Refusal> {
  const level = refusedLevel(alpha);
  if (level) return level;
  const [m, n] = [treatment.length, control.length];
  if (m === 0 || n === 0) return refused("too-few", "Each arm needs a value");
  if (m * n > pairsMax)
    return refused("bad-value", `At most ${pairsMax} pairs are compared, there are ${m * n}`);
  const values = Float64Array.from([...control, ...treatment]).toSorted();
  const differences = differencesOf(control, treatment);
  if (!values.every(Number.isFinite) || !differences.every(Number.isFinite)) {
    return refused("not-finite", "A value or a difference is not a finite number");
  }
  const ties = tieSum(values);
  const total = m + n;
  const variance = ((m * n) / 12) * (total + 1 - ties / (total * (total - 1)));
  if (values[0] === values.at(-1)) return refused("no-variance", "All values are equal");
  const deviation = Math.sqrt(variance);
  const u = differences.reduce(
    (sum, difference) => sum + (difference > 0 ? 1 : difference === 0 ? 0.5 : 0),
    0,
  );
  const distance = u - (m * n) / 2;
  const untied = Math.sqrt((m * n * (total + 1)) / 12);
  const [least] = normalInterval({ estimate: (m * n) / 2, standardError: untied }, alpha);
  const place = Math.max(0, Math.floor(least) - 1);
  return ok({
    u,
    probabilityAbove: u / (m * n),
    pValue: Math.min(1, 2 * normalSurvival(Math.max(0, Math.abs(distance) - 0.5) / deviation)),
    pUncorrected: pValueOf(distance / deviation, "two-sided", normalSurvival),
    pGreater: normalSurvival((distance - 0.5) / deviation),
    pExact: ties > 0 || m * n > exactPairsMax ? undefined : exactP(m, n, Math.min(u, m * n - u)),
    shift: ((differences[(m * n - 1) >> 1] ?? 0) + (differences[(m * n) >> 1] ?? 0)) / 2,
    shiftInterval: [differences[place] ?? 0, differences[m * n - 1 - place] ?? 0],
  });
}

function differencesOf(control: readonly number[], treatment: readonly number[]): Float64Array {
  const differences = new Float64Array(control.length * treatment.length);
  let place = 0;
  for (const above of treatment) {
    for (const below of control) {
      differences[place] = above - below;
      place += 1;
    }
  }
  return differences.toSorted();
}

/** Sum of t^3 - t over runs of equal values. */
export function tieSum(sorted: Float64Array): number {
  let [sum, run] = [0, 1];
  for (let index = 1; index <= sorted.length; index += 1) {
    if (sorted[index] === sorted[index - 1]) run += 1;
    else {
      sum += run ** 3 - run;
      run = 1;
    }
  }
  return sum;
}

/** 2 P(U <= u) without ties, in the lower tail, where the counts of orders are small and exact; by the Gaussian binomial, product of (1 - x^(n+i))/(1 - x^i). */
function exactP(m: number, n: number, u: number): number {
  const orders = new Float64Array(m * n + 1);
  orders[0] = 1;
  for (let i = 1; i <= m; i += 1) {
    for (let k = m * n; k >= n + i; k -= 1) orders[k] = (orders[k] ?? 0) - (orders[k - n - i] ?? 0);
    for (let k = i; k <= m * n; k += 1) orders[k] = (orders[k] ?? 0) + (orders[k - i] ?? 0);
  }
  const all = orders.reduce((sum, count) => sum + count, 0);
  const extreme = orders.subarray(0, u + 1).reduce((sum, count) => sum + count, 0);
  return Math.min(1, (2 * extreme) / all);
}
