import { alwaysShown, builtInMetric, builtInMetrics, winRate } from "#core/experiments/built-in-metrics.ts";
import type { AnalysisPlan } from "#core/experiments/analysis-plan.ts";
import type { WrittenPlan } from "#core/experiments/plan-schema.ts";
import { resolvePlan, type AvailableMetrics, type PlanComplaint } from "#core/experiments/resolve-plan.ts";
import type { Result } from "#core/kernel/result.ts";
import type { ExperimentVariant } from "#core/routing/experiment.ts";
import { pairedMetrics } from "./paired-metrics.ts";
import type { ShadowTerms } from "./shadow-terms.ts";
import { suggestions } from "./suggestion.ts";

/** Where nothing is written, no verdict comes before three days: the first ones are not like the others. */
const minimum = { units: 100, days: 3 } as const;

/**
 * What experiments can measure: built-in metrics, and feedback of any name (`<name>` is the mean of its values, `<name>_per_unit`
 * their sum for each unit). A name that is nearly a built-in one is a slip, not feedback.
 */
const experimentMetrics: AvailableMetrics = {
  names: [...builtInMetrics.keys(), "or the name of feedback"],
  kindOf(name) {
    const builtIn = builtInMetric(name);
    if (builtIn) return builtIn.denominator === undefined ? "mean" : "ratio";
    if (suggestions(name, builtInMetrics.keys()).length > 0) return undefined;
    return name.endsWith("_per_unit") ? "mean" : "ratio";
  },
  hasQuantiles: (name) => builtInMetric(name)?.values !== undefined,
  betterOf: (name) => builtInMetric(name)?.better,
};

/** What an experiment is to decide, from what its design says of metrics, looks and error rates. */
export function experimentPlan(
  variants: readonly ExperimentVariant[],
  written: WrittenPlan,
  shadow: ShadowTerms | undefined,
): Result<AnalysisPlan, readonly PlanComplaint[]> {
  const { available, shown } = shadow
    ? pairedMetrics(shadow.judge !== undefined)
    : { available: experimentMetrics, shown: alwaysShown };
  return resolvePlan(withAlwaysShown(withWinner(written, shadow), shown), {
    control: variants[0]?.variant ?? "",
    shares: new Map(variants.map(({ variant, weight }) => [variant, weight])),
    available,
    minimum,
  });
}

/** What duels are held for decides where nothing else is written. */
function withWinner(written: WrittenPlan, shadow: ShadowTerms | undefined): WrittenPlan {
  return shadow?.judge && !written.primary ? { ...written, primary: { [winRate]: {} } } : written;
}

/** With what every experiment shows as secondary metrics, where it has no other role. */
function withAlwaysShown(written: WrittenPlan, shown: readonly string[]): WrittenPlan {
  const { primary = {}, secondary = [], guardrails = {} } = written;
  const named = new Set([...Object.keys(primary), ...secondary, ...Object.keys(guardrails)]);
  return { ...written, secondary: [...secondary, ...shown.filter((name) => !named.has(name))] };
}
