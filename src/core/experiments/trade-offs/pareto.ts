import { confidenceSequence, tunedRho } from "#core/statistics/confidence-sequence.ts";
import type { Interval } from "#core/statistics/interval.ts";
import { studentQuantile } from "#core/statistics/special-functions.ts";
import type { AnalysisPlan, MetricPlan } from "#core/experiments/plan/analysis-plan.ts";
import { decidingReading, type DesignState } from "#core/experiments/comparisons/comparison.ts";
import { isWorse } from "#core/experiments/comparisons/judgement.ts";
import type { MetricArm, MetricArms } from "#core/experiments/comparisons/metric-arm.ts";
import { pairOf, squaredError } from "#core/experiments/comparisons/pair.ts";

/** Variants by several metrics at once. Shown, and never what decides. */
export interface ParetoAnalysis {
  readonly metrics: readonly MetricPlan[];
  readonly points: readonly ParetoPoint[];
  /** Which variant is at least as good as which other in every metric, and better in one. */
  readonly dominances: readonly Dominance[];
}

/** Where one variant is. */
export interface ParetoPoint {
  readonly variant: string;
  /** Of each metric, in their order. */
  readonly values: readonly ParetoValue[];
  /**
   * - `front`: by the values, no variant is as good in all and better in one
   * - `perhaps-dominated`: one is by the values, and it may be chance; `dominated`: one surely is
   * - `unknown`: it has no value of some metric
   */
  readonly standing: "front" | "perhaps-dominated" | "dominated" | "unknown";
}

/** A value with its interval. */
export interface ParetoValue {
  /** Undefined where there is none. */
  readonly value?: number;
  /** As it may be read now by the design, at the plan's level; absent where the value has no error. */
  readonly interval?: Interval;
}

/** One variant is no worse than another in any metric, and better in one: surely, or by the values alone. */
export interface Dominance {
  readonly better: string;
  readonly worse: string;
  /**
   * Whether each of its differences is better and no chance, at the plan's level for all pairs of variants together (Bonferroni;
   * of one pair all metrics have to be, so that they need no correction: Berger 1982, Technometrics 24(4)).
   */
  readonly isSure: boolean;
}

/** Variants by the metrics that the plan compares all at once. */
export function paretoAnalysis(
  plan: AnalysisPlan,
  names: readonly string[],
  {
    state,
    metrics: known,
  }: { readonly state: DesignState; readonly metrics: ReadonlyMap<string, MetricArms> },
): ParetoAnalysis {
  const metrics = names.flatMap((name) => plan.metrics.filter((metric) => metric.name === name));
  const arms = metrics.map(({ name }) => known.get(name) ?? { arms: new Map() });
  const variants = [...plan.shares.keys()];
  const values = new Map(
    variants.map((variant) => [variant, arms.map((of) => valueOf(of.arms.get(variant), state, plan.alpha))]),
  );
  const complete = variants.filter((variant) =>
    values.get(variant)?.every(({ value }) => value !== undefined),
  );
  const alpha = plan.alpha / Math.max(1, (complete.length * (complete.length - 1)) / 2);
  const dominances = complete.flatMap((better) =>
    complete.flatMap((worse): readonly Dominance[] => {
      if (better === worse || !dominates(metrics, values.get(better), values.get(worse))) return [];
      const isSure = metrics.every((metric, place) =>
        isSurelyBetter(metric, { arms: arms[place], better, worse, state, alpha }),
      );
      return [{ better, worse, isSure }];
    }),
  );
  const points = variants.map((variant): ParetoPoint => ({
    variant,
    values: values.get(variant) ?? [],
    standing: complete.includes(variant) ? standingOf(variant, dominances) : "unknown",
  }));
  return { metrics, points, dominances };
}

function standingOf(variant: string, dominances: readonly Dominance[]): ParetoPoint["standing"] {
  const over = dominances.filter(({ worse }) => worse === variant);
  if (over.some(({ isSure }) => isSure)) return "dominated";
  return over.length > 0 ? "perhaps-dominated" : "front";
}

/** By the values: no worse in any, better in one. */
function dominates(
  metrics: readonly MetricPlan[],
  ones: readonly ParetoValue[] = [],
  others: readonly ParetoValue[] = [],
): boolean {
  const changes = metrics.map(({ better }, place) => {
    const change = (ones[place]?.value ?? 0) - (others[place]?.value ?? 0);
    return { change, isWorse: isWorse(change, better) };
  });
  return changes.some(({ change }) => change !== 0) && !changes.some((one) => one.isWorse);
}

function isSurelyBetter(
  { better: way }: MetricPlan,
  {
    arms,
    better,
    worse,
    state,
    alpha,
  }: {
    readonly arms: MetricArms | undefined;
    readonly better: string;
    readonly worse: string;
    readonly state: DesignState;
    readonly alpha: number;
  },
): boolean {
  if (!arms) return false;
  const reading = decidingReading(state, pairOf(arms, worse, better), { scale: "absolute", alpha });
  return reading.ok && reading.value.pValue <= alpha && !isWorse(reading.value.value, way);
}

/** A variant's own value: one look by Student's t, else a confidence sequence, which is right whenever it is looked at. */
function valueOf(arm: MetricArm | undefined, { design }: DesignState, alpha: number): ParetoValue {
  if (!arm || arm.refusal || arm.sample.count === 0) return {};
  const { count, mean: value } = arm.sample;
  const standardError = Math.sqrt(squaredError(arm));
  if (count < 2 || !(standardError > 0)) return { value };
  if (design.kind === "fixed") {
    const margin = -studentQuantile(alpha / 2, count - 1) * standardError;
    return { value, interval: [value - margin, value + margin] };
  }
  const rho = tunedRho(alpha, count);
  const look = confidenceSequence({ value, standardError }, { units: count, rho, alpha });
  return look.ok ? { value, interval: look.value.interval } : { value };
}
