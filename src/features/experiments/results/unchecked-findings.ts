import type { MetricPlan } from "#core/experiments/plan/analysis-plan.ts";
import { builtInMetric } from "#core/experiments/plan/built-in-metrics.ts";
import type { UnitMeasure } from "#core/experiments/plan/unit-measures.ts";
import type { Finding } from "#core/experiments/findings/finding.ts";
import type { VariantMoments } from "#features/traffic/index.ts";

/** Of metrics that could not be told of some requests: how many of which variant they leave out. */
export function uncheckedFindings(
  metrics: readonly MetricPlan[],
  moments: readonly VariantMoments[],
  measures: readonly UnitMeasure[],
): readonly Finding[] {
  return metrics.flatMap(({ name, column, event }): readonly Finding[] => {
    const unchecked = event ? undefined : builtInMetric(column)?.unchecked;
    if (unchecked === undefined) return [];
    const place = measures.indexOf(unchecked);
    const counts = moments.map(({ variant, units, means }) => ({
      variant,
      count: Math.round((means[place] ?? 0) * units),
    }));
    const all = counts.reduce((sum, { count }) => sum + count, 0);
    if (all === 0) return [];
    const shares = counts.map(({ variant, count }) => `${variant} ${count}`).join(", ");
    const text = `${name} leaves out ${all} answers (${shares}) that could not be checked: they are too long, or their schema says something unknown`;
    return [{ code: "unchecked-answers", severity: "note", about: name, text }];
  });
}
