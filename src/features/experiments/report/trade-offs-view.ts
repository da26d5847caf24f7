import type { ParetoAnalysis, ParetoPoint } from "#core/experiments/trade-offs/pareto.ts";
import type { UtilityAnalysis } from "#core/experiments/trade-offs/utility.ts";
import { present } from "#core/kernel/present.ts";
import { bounds, readingView } from "./reading-view.ts";

/** What changes are worth together, as JSON. */
export function utilityView({ plan, isJoint, comparisons }: UtilityAnalysis) {
  return {
    in: plan.unit,
    weights: Object.fromEntries(plan.weights),
    covariances: isJoint ? ("known" as const) : ("bounded" as const),
    comparisons: comparisons.map(({ variant, judgement, deciding, fixed, parts }) => ({
      variant,
      judgement,
      deciding: readingView(deciding),
      fixed_horizon: readingView(fixed),
      parts: parts.map(({ metric, worth }) => ({ metric, worth })),
    })),
  };
}

/** Variants by several metrics at once, as JSON. */
export function paretoView({ metrics, points, dominances }: ParetoAnalysis) {
  return {
    metrics: metrics.map(({ name, better }) => ({ name, better })),
    variants: points.map(({ variant, standing, values }) => ({
      variant,
      standing: standings[standing],
      values: metrics.map(({ name }, place) => {
        const { value = null, interval } = values[place] ?? {};
        return { metric: name, value, ...present({ interval: interval && bounds(interval) }) };
      }),
    })),
    dominances: dominances.map(({ better, worse, isSure }) => ({ better, worse, is_sure: isSure })),
  };
}

const standings = {
  front: "front",
  "perhaps-dominated": "perhaps_dominated",
  dominated: "dominated",
  unknown: "unknown",
} as const satisfies Readonly<Record<ParetoPoint["standing"], string>>;
