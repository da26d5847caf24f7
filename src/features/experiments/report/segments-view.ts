import type { AnalysisPlan } from "#core/experiments/plan/analysis-plan.ts";
import type {
  GroupDifference,
  SegmentAnalysis,
  SegmentComparison,
} from "#core/experiments/comparisons/segments.ts";
import { present } from "#core/kernel/present.ts";
import { bounds, readingsView } from "./reading-view.ts";

/** Primary metrics by segment as JSON, and whether segments differ at all. */
export function segmentsView(
  { comparisons, differences }: SegmentAnalysis,
  { control }: Pick<AnalysisPlan, "control">,
) {
  return {
    segments: comparisons.map((comparison) => comparisonView(comparison, control)),
    segment_differences: differences.map(differenceView),
  };
}

function comparisonView(comparison: SegmentComparison, control: string) {
  const { segment, metric, variant, readings, adjustedPValue, judgement } = comparison;
  return {
    segment,
    metric: metric.name,
    variant,
    judgement,
    value: armView(comparison, variant),
    control: armView(comparison, control),
    change: readingsView(readings),
    ...present({ adjusted_p_value: adjustedPValue }),
  };
}

function armView({ arms }: SegmentComparison, variant: string) {
  const arm = arms.arms.get(variant);
  const value = arm && !arm.refusal && arm.sample.count > 0 ? arm.sample.mean : null;
  return { units: arm?.sample.count ?? 0, value };
}

function differenceView({ by, metric, variant, found, adjustedPValue }: GroupDifference) {
  const about = { metric: metric.name, variant, ...present({ by }) };
  if (!found.ok) return { ...about, refused: found.error.code, reason: found.error.reason };
  const { pooled, interval, statistic, degreesOfFreedom, pValue, inconsistency, betweenVariance } =
    found.value;
  return {
    ...about,
    common_difference: pooled.value,
    standard_error: pooled.standardError,
    interval: bounds(interval),
    q: statistic,
    degrees_of_freedom: degreesOfFreedom,
    p_value: pValue,
    ...present({ adjusted_p_value: adjustedPValue }),
    inconsistency,
    between_variance: betweenVariance,
  };
}
