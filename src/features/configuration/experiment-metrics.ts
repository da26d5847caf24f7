import {
  alwaysShown,
  builtInMetric,
  builtInMetrics,
  winRate,
} from "#core/experiments/plan/built-in-metrics.ts";
import type { AnalysisPlan } from "#core/experiments/plan/analysis-plan.ts";
import { eventMetricByName, isOfUnits, readyEventMetrics } from "#core/experiments/plan/event-metric.ts";
import type { WrittenPlan } from "#core/experiments/plan/plan-schema.ts";
import type { AvailableMetrics, PlanComplaint } from "#core/experiments/plan/resolve-metric.ts";
import { resolvePlan } from "#core/experiments/plan/resolve-plan.ts";
import type { Result } from "#core/kernel/result.ts";
import type { ExperimentVariant } from "#core/routing/experiment.ts";
import { pairedMetrics } from "./paired-metrics.ts";
import type { ShadowTerms } from "./shadow-terms.ts";
import type { SharedMetrics } from "./shared-metrics.ts";
import { knownNames, suggestions } from "./suggestion.ts";

/** Where nothing is written, no verdict comes before three days: the first ones are not like the others. */
const minimum = { units: 100, days: 3 } as const;

/**
 * What experiments can measure: built-in metrics, those that are defined, and feedback of any name (`<name>` is the mean of its
 * values, `<name>_per_unit` their sum for each unit). A name that is nearly one of the others is a slip, not feedback, unless
 * one of them is made of it.
 */
function experimentMetrics(shared: SharedMetrics): AvailableMetrics {
  const names = [...builtInMetrics.keys(), ...readyEventMetrics.keys(), ...shared.keys()];
  const events = new Set([...shared.values()].flatMap(({ settings: { event, per } }) => [event, per]));
  const isSlip = (name: string) =>
    !readyEventMetrics.has(name) &&
    !events.has(eventMetricByName(name).event) &&
    suggestions(name, names).length > 0;
  return {
    names,
    wantedFor: (name) => `${knownNames(name, names)}, or the name of feedback`,
    kindOf(name) {
      const builtIn = builtInMetric(name);
      if (builtIn) return builtIn.denominator === undefined ? "mean" : "ratio";
      if (isSlip(name)) return undefined;
      return isOfUnits(eventMetricByName(name)) ? "mean" : "ratio";
    },
    hasQuantiles: (name) => builtInMetric(name)?.values !== undefined,
    betterOf: (name) => builtInMetric(name)?.better,
    hasEvents: true,
  };
}

/**
 * What an experiment is to decide, from what its design says of metrics, looks and error rates.
 * @param shared metrics that are defined beside the experiment, for which a name may be a slip
 */
export function experimentPlan(
  variants: readonly ExperimentVariant[],
  written: WrittenPlan,
  { shared, shadow }: { readonly shared: SharedMetrics; readonly shadow: ShadowTerms | undefined },
): Result<AnalysisPlan, readonly PlanComplaint[]> {
  const { available, shown } = shadow
    ? pairedMetrics(shadow.judge !== undefined)
    : { available: experimentMetrics(shared), shown: alwaysShown };
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
