import { ok, type Result } from "#core/kernel/result.ts";
import { meanInterval } from "#core/statistics/mean-interval.ts";
import { varianceOf, type Moments } from "#core/statistics/moments.ts";
import { adjustedPValues } from "#core/statistics/multiplicity.ts";
import { wilsonInterval, type Proportion } from "#core/statistics/proportion.ts";
import { refused, type Refusal } from "#core/statistics/refusal.ts";
import type { Interval } from "#core/statistics/interval.ts";
import type { Sample } from "#core/statistics/sample.ts";
import {
  newcombeInterval,
  twoProportionTest,
  type ProportionComparison,
} from "#core/statistics/two-proportions.ts";
import { differenceOf } from "#core/statistics/difference.ts";
import { meanOf, studentTested } from "#core/statistics/welch-test.ts";

/** Error rate of all findings of one look together. */
export const driftAlpha = 0.01;
/** Scores of either window, at least: with fewer a mean is far from normal. */
export const driftScoresMin = 30;

/** What one scorer said of one variant, lately and before. */
export interface ScoreWindows {
  readonly last: Moments;
  readonly before: Moments;
}

/** Whether scores are other ones lately. `unknown` says why nothing can be said. */
export type ScoreDrift =
  | {
      readonly state: "drifted" | "steady";
      /** Mean of the last window less that of the one before. */
      readonly difference: number;
      /** Of the difference, at 1 - driftAlpha, of this one alone. */
      readonly interval: Interval;
      /** Corrected for all that are looked at together (Holm). */
      readonly pValue: number;
    }
  | { readonly state: "unknown"; readonly reason: string };

/**
 * Compares the last window of each with the one before: scores of 0 and 1 by the z-test of two proportions with Newcombe's
 * interval, others by Welch's test. It drifted where the p-value, corrected for all of them by Holm's method, is at most
 * `driftAlpha`. Scores count as independent; whoever looks at windows that move on, sees chance more often than that.
 */
export function scoreDrifts(windows: readonly ScoreWindows[]): readonly ScoreDrift[] {
  const tested = windows.map(comparedWindows);
  const adjusted = adjustedPValues(
    tested.flatMap((one) => (one.ok ? one.value.pValue : [])),
    "holm",
  );
  const pValues = (adjusted.ok ? adjusted.value : []).values();
  return tested.map((one): ScoreDrift => {
    if (!one.ok) return { state: "unknown", reason: one.error.reason };
    const pValue = pValues.next().value ?? 1;
    return { ...one.value, pValue, state: pValue <= driftAlpha ? "drifted" : "steady" };
  });
}

/** Where the true mean of scores lies, at 95 %: Wilson's interval of scores of 0 and 1, else Student's. */
export function scoreInterval(moments: Moments): Result<Interval, Refusal> {
  const passes = passesOf(moments);
  if (passes) return wilsonInterval(passes, 0.05);
  const sample = sampleIn(moments);
  const interval = sample.ok ? meanInterval(sample.value, 0.05) : sample;
  return interval.ok ? ok(interval.value.interval) : interval;
}

interface Compared {
  readonly difference: number;
  readonly interval: Interval;
  readonly pValue: number;
}

function comparedWindows({ last, before }: ScoreWindows): Result<Compared, Refusal> {
  const fewest = Math.min(last.count, before.count);
  if (fewest < driftScoresMin)
    return refused("too-few", `${driftScoresMin} scores of either window are wanted, one has ${fewest}`);
  const [control, treatment] = [passesOf(before), passesOf(last)];
  if (control && treatment) return comparedPasses({ control, treatment, alpha: driftAlpha });
  const [earlier, later] = [sampleIn(before), sampleIn(last)];
  if (!earlier.ok) return earlier;
  if (!later.ok) return later;
  const raw = differenceOf({ control: meanOf(earlier.value), treatment: meanOf(later.value) }, "absolute");
  if (!raw.ok) return raw;
  if (raw.value.standardError <= 0) return refused("no-variance", "Nothing varies in either window");
  const found = studentTested(raw.value, { alpha: driftAlpha }, [earlier.value, later.value]);
  return found.ok ? ok(comparedOf(found.value)) : found;
}

/** Where all scores of both windows are the same one, nothing differs: only the interval says how sure that is. */
function comparedPasses(comparison: ProportionComparison): Result<Compared, Refusal> {
  const found = twoProportionTest(comparison);
  if (found.ok) return ok(comparedOf(found.value));
  if (found.error.code !== "no-variance") return found;
  const interval = newcombeInterval(comparison);
  return interval.ok ? ok({ difference: 0, interval: interval.value, pValue: 1 }) : interval;
}

function comparedOf({ difference, interval, pValue }: Compared): Compared {
  return { difference, interval, pValue };
}

function sampleIn(moments: Moments): Result<Sample, Refusal> {
  const variance = varianceOf(moments);
  return variance.ok ? ok({ count: moments.count, mean: moments.mean, variance: variance.value }) : variance;
}

/** Scores as passes where all are 0 or 1: n p (1 - p) is then the sum of squared deviations, and only then within [0, 1]. */
function passesOf({ count, mean, squaredDeviations }: Moments): Proportion | undefined {
  if (mean < 0 || mean > 1) return undefined;
  if (Math.abs(squaredDeviations - count * mean * (1 - mean)) > 1e-9 * count) return undefined;
  return { successes: Math.round(count * mean), trials: count };
}
