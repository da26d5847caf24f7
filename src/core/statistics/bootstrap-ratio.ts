import { ok, type Result } from "#core/kernel/result.ts";
import type { Interval } from "./interval.ts";
import { isPositive, refused, refusedLevel, type Refusal } from "./refusal.ts";

/** What resampling says of a mean: of paired differences, mostly. */
export interface BootstrapEstimate {
  readonly value: number;
  /** Percentiles of the resampled means. */
  readonly interval: Interval;
  /** Two-sided, that the true mean is 0: twice the lesser share of resampled means on either side of it, never 0. */
  readonly pValue: number;
  readonly resamples: number;
}

/** Units and what is drawn of them. */
export interface BootstrapTerms {
  readonly alpha: number;
  /** As many are wanted; fewer are drawn where units times resamples would be above 1e8. */
  readonly resamples: number;
  /** Uniform numbers in [0, 1). */
  readonly unit: () => number;
}

/** Units times resamples, at most: more would take minutes. */
const drawsMax = 100_000_000;
/** Fewer resamples tell no percentile. */
const resamplesMin = 200;

/**
 * The percentile bootstrap of sum y / sum x, whole units resampled with replacement: a unit is an item (x = 1, y its paired
 * difference) or a cluster of them (x its items, y their sum). Beside a test of means, which assumes that they are near to normal.
 * Efron & Tibshirani (1993), An Introduction to the Bootstrap, chapters 13 and 16; of paired systems: Koehn (2004), EMNLP.
 *
 * Refuses `bad-level`, `too-few` below 2 units, `not-finite`, and `bad-value` for lists of different lengths, an x that is not above
 * 0, fewer than 200 resamples, or so many units that not even these can be drawn.
 */
export function bootstrapRatio(
  { x, y }: { readonly x: readonly number[]; readonly y: readonly number[] },
  { alpha, resamples: wanted, unit }: BootstrapTerms,
): Result<BootstrapEstimate, Refusal> {
  const refusal = refusedLevel(alpha) ?? refusedUnits(x, y);
  if (refusal) return refusal;
  const resamples = Math.min(wanted, Math.floor(drawsMax / x.length));
  if (!(resamples >= resamplesMin)) {
    return refused("bad-value", `At least ${resamplesMin} resamples are wanted, there would be ${resamples}`);
  }
  const drawn = new Float64Array(resamples).map(() => ratioOf(x, y, () => Math.floor(unit() * x.length)));
  const sorted = drawn.toSorted();
  return ok({
    value: ratioOf(x, y, (place) => place),
    interval: [percentile(sorted, alpha / 2), percentile(sorted, 1 - alpha / 2)],
    pValue: pValueOf(sorted),
    resamples,
  });
}

function ratioOf(x: readonly number[], y: readonly number[], chosen: (place: number) => number): number {
  let [sumX, sumY] = [0, 0];
  for (let place = 0; place < x.length; place += 1) {
    const at = chosen(place);
    sumX += x[at] ?? 0;
    sumY += y[at] ?? 0;
  }
  return sumY / sumX;
}

/** The value at place level (B + 1) of B sorted ones: as B quantiles cut what is drawn into B + 1 parts that are alike. */
function percentile(sorted: Float64Array, level: number): number {
  const place = Math.round(level * (sorted.length + 1));
  return sorted[Math.max(1, Math.min(sorted.length, place)) - 1] ?? 0;
}

/** Those that are 0 count half on either side; the value itself counts as one draw more, on both. */
function pValueOf(sorted: Float64Array): number {
  let [below, above] = [0, 0];
  for (const value of sorted) {
    below += value < 0 ? 1 : value === 0 ? 0.5 : 0;
    above += value > 0 ? 1 : value === 0 ? 0.5 : 0;
  }
  return Math.min(1, (2 * (Math.min(below, above) + 1)) / (sorted.length + 1));
}

function refusedUnits(x: readonly number[], y: readonly number[]): ReturnType<typeof refusedLevel> {
  if (x.length !== y.length) {
    return refused("bad-value", `Units need two lists of one length, they have ${x.length} and ${y.length}`);
  }
  if (x.length < 2) return refused("too-few", `Resampling needs 2 units, there are ${x.length}`);
  if (!y.every(Number.isFinite)) return refused("not-finite", "A value is not a finite number");
  return x.every(isPositive) ? undefined : refused("bad-value", "A unit has a size above 0");
}
