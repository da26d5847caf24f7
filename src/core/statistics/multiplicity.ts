import { ok, type Result } from "#core/kernel/result.ts";
import { refused, refusedLevel, type Refusal } from "./refusal.ts";

/**
 * How p-values are adjusted for being many. Family-wise error: `bonferroni`, `holm` (any dependence), `sidak`, `hochberg`,
 * `hommel` (independent or positively dependent). False-discovery rate: `benjamini-hochberg` (likewise),
 * `benjamini-yekutieli` (any dependence).
 */
export type Correction =
  | "bonferroni"
  | "sidak"
  | "holm"
  | "hochberg"
  | "hommel"
  | "benjamini-hochberg"
  | "benjamini-yekutieli";

/** Adjusted values from ascending p-values. */
const adjust: Readonly<Record<Correction, (sorted: readonly number[]) => readonly number[]>> = {
  // Bonferroni: m p.
  bonferroni: (sorted) => sorted.map((p) => p * sorted.length),
  // Sidak (1967): 1 - (1-p)^m, without cancellation.
  sidak: (sorted) => sorted.map((p) => (p === 1 ? 1 : -Math.expm1(sorted.length * Math.log1p(-p)))),
  // Holm (1979): (m-i+1) p_i, largest so far.
  holm: (sorted) => largestSoFar(sorted.map((p, index) => p * (sorted.length - index))),
  // Hochberg (1988): (m-i+1) p_i, smallest to come.
  hochberg: (sorted) => smallestToCome(sorted.map((p, index) => p * (sorted.length - index))),
  hommel: hommelAdjusted,
  // Benjamini & Hochberg (1995): m p_i / i, smallest to come.
  "benjamini-hochberg": (sorted) =>
    smallestToCome(sorted.map((p, index) => (p * sorted.length) / (index + 1))),
  // Benjamini & Yekutieli (2001): the same times 1 + 1/2 + ... + 1/m.
  "benjamini-yekutieli": (sorted) => {
    const harmonic = sorted.reduce((sum, _, index) => sum + 1 / (index + 1), 0);
    return smallestToCome(sorted.map((p, index) => (p * sorted.length * harmonic) / (index + 1)));
  },
};

/**
 * Adjusted p-values, in the order given: reject those at or below alpha. Never below the p-value, never above 1.
 * Refuses `bad-value` for one outside [0, 1].
 */
export function adjustedPValues(
  pValues: readonly number[],
  correction: Correction,
): Result<readonly number[], Refusal> {
  if (!pValues.every((p) => p >= 0 && p <= 1)) return refused("bad-value", "A p-value is in [0, 1]");
  const order = [...pValues.keys()].toSorted((a, b) => (pValues[a] ?? 0) - (pValues[b] ?? 0));
  const sorted = adjust[correction](order.map((index) => pValues[index] ?? 0));
  const adjusted = pValues.map(() => 0);
  for (const [rank, index] of order.entries()) adjusted[index] = Math.min(1, sorted[rank] ?? 1);
  return ok(adjusted);
}

/**
 * e-BH: rejects the k largest e-values, k the largest with k e_(k) / K >= 1/alpha. Holds the false-discovery rate at alpha
 * under any dependence and at any time of looking. Wang & Ramdas (2022), JRSS B 84(3).
 * Refuses `bad-level`, and `bad-value` for an e-value below 0.
 */
export function rejectedByEValues(
  eValues: readonly number[],
  alpha: number,
): Result<readonly boolean[], Refusal> {
  const level = refusedLevel(alpha);
  if (level) return level;
  if (!eValues.every((e) => e >= 0)) return refused("bad-value", "An e-value is a number >= 0");
  const descending = eValues.toSorted((a, b) => b - a);
  const last = descending.findLastIndex((e, index) => (index + 1) * e * alpha >= eValues.length);
  const least = last === -1 ? Infinity : (descending[last] ?? Infinity);
  return ok(eValues.map((e) => last !== -1 && e >= least));
}

/**
 * Error rates by preference: the share gamma of alpha to the primary metric, the rest evenly to the others, each divided by the
 * number of treatments (a weighted Bonferroni). One metric has all of it.
 * Refuses `bad-level` (alpha, gamma), `bad-count` (treatments, metrics).
 */
export function preferentialLevels(plan: {
  readonly alpha: number;
  readonly gamma: number;
  readonly treatments: number;
  readonly metrics: number;
}): Result<{ readonly primary: number; readonly other: number }, Refusal> {
  const { alpha, gamma, treatments, metrics } = plan;
  const level = refusedLevel(alpha) ?? refusedLevel(gamma);
  if (level) return level;
  if (![treatments, metrics].every((count) => Number.isSafeInteger(count) && count >= 1)) {
    return refused("bad-count", "There is at least one treatment and one metric");
  }
  if (metrics === 1) return ok({ primary: alpha / treatments, other: 0 });
  return ok({
    primary: (gamma * alpha) / treatments,
    other: ((1 - gamma) * alpha) / (treatments * (metrics - 1)),
  });
}

/** Hommel (1988), Biometrika 75(2); in the form of Wright (1992), Biometrics 48, appendix: Simes' test of every subset. */
function hommelAdjusted(sorted: readonly number[]): readonly number[] {
  const count = sorted.length;
  const adjusted = [...sorted];
  for (let size = count; size > 1; size -= 1) {
    const rest = count - size;
    let simes = Infinity;
    for (let place = 1; place < size; place += 1) {
      simes = Math.min(simes, (size * (sorted[rest + place] ?? 1)) / (place + 1));
    }
    for (let index = 0; index < count; index += 1) {
      const bound = index > rest ? simes : Math.min(simes, size * (sorted[index] ?? 1));
      adjusted[index] = Math.max(adjusted[index] ?? 0, bound);
    }
  }
  return adjusted;
}

function largestSoFar(values: readonly number[]): readonly number[] {
  let largest = 0;
  return values.map((value) => (largest = Math.max(largest, value)));
}

function smallestToCome(values: readonly number[]): readonly number[] {
  let smallest = Infinity;
  return values
    .toReversed()
    .map((value) => (smallest = Math.min(smallest, value)))
    .toReversed();
}
