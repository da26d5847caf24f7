import { confidenceSequence, tunedRho } from "#core/statistics/confidence-sequence.ts";
import type { Interval } from "#core/statistics/interval.ts";
import { studentQuantile } from "#core/statistics/special-functions.ts";
import type { AnalysisPlan, MetricPlan } from "#core/experiments/plan/analysis-plan.ts";
import { decidingReading, type DesignState } from "#core/experiments/comparisons/comparison.ts";
import { isWorse } from "#core/experiments/comparisons/judgement.ts";
import type { MetricArm, MetricArms } from "#core/experiments/comparisons/metric-arm.ts";
import { dominancesOf, standingOf, type Dominance, type Standing } from "./dominance.ts";
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
  readonly standing: Standing;
}

/** A value with its interval. */
export interface ParetoValue {
  /** Undefined where there is none. */
  readonly value?: number;
  /** As it may be read now by the design, at the plan's level; absent where the value has no error. */
  readonly interval?: Interval;
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
  const complete = variants.flatMap((variant) => {
    const known = (values.get(variant) ?? []).flatMap(({ value }) => value ?? []);
    return known.length === metrics.length ? [{ name: variant, values: known }] : [];
  });
  const dominances = dominancesOf(
    complete,
    metrics.map(({ better }) => better),
    {
      alpha: plan.alpha,
      isSurelyBetter: (names, place, alpha) =>
        isSurelyBetter(metrics[place], { arms: arms[place], ...names, state, alpha }),
    },
  );
  const points = variants.map((variant): ParetoPoint => ({
    variant,
    values: values.get(variant) ?? [],
    standing: complete.some(({ name }) => name === variant) ? standingOf(variant, dominances) : "unknown",
  }));
  return { metrics, points, dominances };
}

function isSurelyBetter(
  metric: MetricPlan | undefined,
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
  if (!arms || !metric) return false;
  const reading = decidingReading(state, pairOf(arms, worse, better), { scale: "absolute", alpha });
  return reading.ok && reading.value.pValue <= alpha && !isWorse(reading.value.value, metric.better);
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
