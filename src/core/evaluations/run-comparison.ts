import { adjustedPValues } from "#core/statistics/multiplicity.ts";
import {
  metricComparison,
  type ComparedMetric,
  type ComparisonTerms,
  type MetricComparison,
} from "./comparison.ts";
import type { ComparedSides } from "./paired-items.ts";
import { scoreCounts } from "./scorer-summary.ts";

/** What is compared, by which metrics. */
export interface ComparisonPart {
  /** A label of the two: `gsm8k: flash`. */
  readonly label: string;
  readonly sides: ComparedSides;
  readonly metrics: readonly ComparedMetric[];
}

/** One part, compared. */
export interface ComparedPart {
  readonly label: string;
  readonly comparisons: readonly MetricComparison[];
}

/** Compares all parts; scorers of all of them together are corrected for their number (Holm), measures among themselves. */
export function runComparison(
  parts: readonly ComparisonPart[],
  terms: ComparisonTerms,
): readonly ComparedPart[] {
  const compared = parts.map(({ label, sides, metrics }) => ({
    label,
    comparisons: metrics.map((metric) => metricComparison(sides, metric, terms)),
  }));
  const all = compared.flatMap(({ comparisons }) => comparisons);
  const adjusted = new Map([
    ...holm(all.filter(({ metric }) => metric.kind !== "measure")),
    ...holm(all.filter(({ metric }) => metric.kind === "measure")),
  ]);
  return compared.map(({ label, comparisons }) => ({
    label,
    comparisons: comparisons.map((one) => ({
      ...one,
      adjustedPValue: adjusted.get(one) ?? one.adjustedPValue,
    })),
  }));
}

function holm(comparisons: readonly MetricComparison[]): readonly (readonly [MetricComparison, number])[] {
  const adjusted = adjustedPValues(
    comparisons.map(({ adjustedPValue }) => adjustedPValue),
    "holm",
  );
  return comparisons.map((one, index) => [one, adjusted.ok ? (adjusted.value[index] ?? 1) : 1]);
}

/** Measures that are compared beside scores: of all of them less is better. */
const comparedMeasures = ["cost_usd", "latency_ms", "output_tokens"] as const;

/** Each scorer that both sides have, by its verdicts where all have one, then cost, latency and length. */
export function comparedMetrics(
  { baseline, candidate }: ComparedSides,
  betterOf: (scorer: string) => "higher" | "lower" | undefined = () => undefined,
): readonly ComparedMetric[] {
  const scorers = candidate.table.scorers.filter((name) => baseline.table.scorers.includes(name));
  return [
    ...scorers.map((scorer): ComparedMetric => {
      const counts = [baseline, candidate].map(({ table, target }) => scoreCounts(table, { target, scorer }));
      const havePasses = counts.every(({ withVerdict }) => withVerdict > 0);
      const areShares = counts.every((count) => count.areShares);
      return {
        name: scorer,
        metric: { kind: havePasses ? "pass" : "score", scorer },
        better: betterOf(scorer) ?? (havePasses || areShares ? "higher" : undefined),
      };
    }),
    ...comparedMeasures.map((measure): ComparedMetric => ({
      name: measure,
      metric: { kind: "measure", measure },
      better: "lower",
    })),
  ];
}
