import { ok, type Result } from "#core/kernel/result.ts";
import type { Estimate } from "./confidence-sequence.ts";
import { normalTest, type TestedDifference } from "./difference.ts";
import type { Interval } from "./interval.ts";
import { adjustedPValues, type Correction } from "./multiplicity.ts";
import { normalInterval } from "./normal-interval.ts";
import { refused, refusedLevel, type Refusal } from "./refusal.ts";
import { chiSquareSurvival } from "./special-functions.ts";

/** Whether segments have one effect in common. */
export interface Heterogeneity {
  /** The common effect, segments weighted by 1 / error^2. */
  readonly pooled: Estimate;
  /** Of the common effect, if there is one. */
  readonly interval: Interval;
  /** Cochran's Q. */
  readonly statistic: number;
  readonly degreesOfFreedom: number;
  /** Of the null hypothesis that all segments have one effect. */
  readonly pValue: number;
  /** I^2, the share of the spread between segments that chance does not explain, in [0, 1]. */
  readonly inconsistency: number;
  /** tau^2, the variance of the segments' true effects, in squared units of the effect. */
  readonly betweenVariance: number;
}

/**
 * Cochran's Q test that independent segments have one effect: Q = sum ((e - pooled) / error)^2 against chi-square with one
 * degree of freedom less than segments; I^2 = max(0, 1 - df/Q), tau^2 = max(0, (Q - df) / (W - sum w^2 / W)), w = 1/error^2.
 *
 * Assumes disjoint segments and effects with normal errors that are known (dozens of units an arm in each). It says that
 * segments differ, not which (segmentContrasts), and finds little where segments are few or small. The interaction of two
 * experiments is normalTest of the effect of the one within both arms of the other.
 *
 * Cochran (1954), Biometrics 10; DerSimonian & Laird (1986), Controlled Clinical Trials 7; Higgins & Thompson (2002),
 * Statistics in Medicine 21. Refuses `bad-level`, `too-few` below 2 segments, `not-finite`, `no-variance` for an error of 0.
 */
export function effectHeterogeneity(
  effects: readonly Estimate[],
  alpha: number,
): Result<Heterogeneity, Refusal> {
  const refusal = refusedLevel(alpha) ?? refusedEffects(effects);
  if (refusal) return refusal;
  const { pooled, weights, unit } = pooledOf(effects);
  const statistic = effects.reduce(
    (total, { value, standardError }) => total + ((value - pooled.value) / standardError) ** 2,
    0,
  );
  const degreesOfFreedom = effects.length - 1;
  const excess = Math.max(0, statistic - degreesOfFreedom);
  const whole = sum(weights);
  const spread = whole - sum(weights.map((weight) => weight * (weight / whole)));
  const betweenVariance = (excess / spread) * unit * unit;
  if (![pooled.value, statistic, betweenVariance].every(Number.isFinite)) {
    return refused("not-finite", "The effects are beyond what a number holds");
  }
  return ok({
    pooled,
    interval: normalInterval({ estimate: pooled.value, standardError: pooled.standardError }, alpha),
    statistic,
    degreesOfFreedom,
    pValue: chiSquareSurvival(statistic, degreesOfFreedom),
    inconsistency: statistic > 0 ? excess / statistic : 0,
    betweenVariance,
  });
}

/** How a segment's effect differs from that of all others together. */
export interface SegmentContrast extends TestedDifference {
  /** Corrected for all segments that were looked at. */
  readonly adjustedPValue: number;
}

/**
 * Which segments differ: the effect of each less the pooled effect of the others (weighted by 1 / error^2), as normalTest, with
 * p-values corrected for the number of segments, in the order given. The intervals are those of one segment alone.
 * Assumes and refuses as effectHeterogeneity.
 * @param options.correction default `benjamini-hochberg`: of the segments found, a share of alpha at most is there by chance
 */
export function segmentContrasts(
  effects: readonly Estimate[],
  { alpha, correction = "benjamini-hochberg" }: { readonly alpha: number; readonly correction?: Correction },
): Result<readonly SegmentContrast[], Refusal> {
  const refusal = refusedLevel(alpha) ?? refusedEffects(effects);
  if (refusal) return refusal;
  const contrasts: TestedDifference[] = [];
  for (const [place, treatment] of effects.entries()) {
    const { pooled: control } = pooledOf(effects.filter((_, other) => other !== place));
    const found = normalTest({ control, treatment, alpha });
    if (!found.ok) return found;
    contrasts.push(found.value);
  }
  const adjusted = adjustedPValues(
    contrasts.map(({ pValue }) => pValue),
    correction,
  );
  if (!adjusted.ok) return adjusted;
  return ok(
    contrasts.map((contrast, place) => ({ ...contrast, adjustedPValue: adjusted.value[place] ?? 1 })),
  );
}

/** Weights in units of the smallest error, as 1/error^2 would not fit a number on tiny scales. */
function pooledOf(effects: readonly Estimate[]): {
  readonly pooled: Estimate;
  readonly weights: readonly number[];
  readonly unit: number;
} {
  const unit = effects.reduce((least, { standardError }) => Math.min(least, standardError), Infinity);
  const weights = effects.map(({ standardError }) => (unit / standardError) ** 2);
  const whole = sum(weights);
  const offset = effects[0]?.value ?? 0;
  const shift = sum(effects.map(({ value }, place) => ((weights[place] ?? 0) / whole) * (value - offset)));
  return { pooled: { value: offset + shift, standardError: unit / Math.sqrt(whole) }, weights, unit };
}

function refusedEffects(
  effects: readonly Estimate[],
): { readonly ok: false; readonly error: Refusal } | undefined {
  if (effects.length < 2) return refused("too-few", `Segments are at least 2, there are ${effects.length}`);
  if (!effects.flatMap(({ value, standardError }) => [value, standardError]).every(Number.isFinite)) {
    return refused("not-finite", "An effect and its error must be finite numbers");
  }
  return effects.every(({ standardError }) => standardError > 0)
    ? undefined
    : refused("no-variance", "An effect needs an error above 0");
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
