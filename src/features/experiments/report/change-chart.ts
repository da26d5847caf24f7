import type { AnalysedMetric } from "#core/experiments/comparisons/analysed-metric.ts";
import { intervalChart, type IntervalRow } from "#core/reports/interval-chart.ts";

/** The relative changes of all metrics with their intervals as an SVG; "" where there is none to draw. */
export function changeChart(metrics: readonly AnalysedMetric[]): string {
  const label = "Relative changes with their intervals";
  return intervalChart(metrics.flatMap(rowsOf), { label, numberText: percent });
}

function rowsOf({ plan, comparisons }: AnalysedMetric): readonly IntervalRow[] {
  return comparisons.flatMap(({ variant, deciding: { relative }, judgement }) => {
    if (!relative.ok || !relative.value.interval.every(Number.isFinite)) return [];
    const { value, interval } = relative.value;
    return [{ label: `${plan.name}, ${variant}`, value, interval, judgement }];
  });
}

function percent(share: number): string {
  return `${share > 0 ? "+" : ""}${Number((100 * share).toPrecision(2))} %`;
}
