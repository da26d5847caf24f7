import type { AnalysisPlan } from "#core/experiments/plan/analysis-plan.ts";
import { changeText, changeUnit } from "#core/experiments/comparisons/change-text.ts";
import type { Finding } from "./finding.ts";
import type {
  GroupDifference,
  SegmentAnalysis,
  SegmentComparison,
} from "#core/experiments/comparisons/segments.ts";

/** What is to be said of segments: where a primary metric is worse, and whether they differ at all. */
export function segmentFindings(
  { alpha }: Pick<AnalysisPlan, "alpha">,
  { comparisons, differences }: SegmentAnalysis,
): readonly Finding[] {
  const tested = comparisons.filter(({ adjustedPValue }) => adjustedPValue !== undefined).length;
  return [
    ...comparisons.flatMap((comparison) => worseFinding(comparison, tested)),
    ...differences.flatMap((difference) => differenceFinding(difference, alpha)),
  ];
}

function worseFinding(
  { segment, variant, metric, arms, readings, judgement }: SegmentComparison,
  tested: number,
): readonly Finding[] {
  if (judgement !== "worse" || !readings.absolute.ok) return [];
  const change = changeText(readings.absolute.value, changeUnit({ arms }));
  const text = `${metric.name} of ${variant} is worse in segment ${segment}: ${change}, corrected for ${tested} comparisons by segment`;
  return [{ code: "worse-in-segment", severity: "warning", about: segment, text }];
}

function differenceFinding(
  { by, variant, metric, found, adjustedPValue = 1 }: GroupDifference,
  alpha: number,
): readonly Finding[] {
  if (!found.ok || adjustedPValue > alpha) return [];
  const share = Math.round(100 * found.value.inconsistency);
  const text = `The effect of ${variant} on ${metric.name} is not the same in all segments${by === undefined ? "" : ` by ${by}`} (p = ${adjustedPValue.toPrecision(2)}; ${share} % of the spread is no chance): the whole is an average of different ones`;
  return [{ code: "segments-differ", severity: "note", about: metric.name, text }];
}

/** Where the effect of the first half of the time is another one than that of the second: newness wears off, or people learn. */
export function noveltyFindings(
  { alpha }: Pick<AnalysisPlan, "alpha">,
  differences: readonly GroupDifference[],
): readonly Finding[] {
  return differences.flatMap(({ variant, metric, found, adjustedPValue = 1 }): readonly Finding[] => {
    if (!found.ok || adjustedPValue > alpha) return [];
    const text = `The effect of ${variant} on ${metric.name} is not the same for units of the first and of the second half of the time (p = ${adjustedPValue.toPrecision(2)}): newness may wear off, or something else changed`;
    return [{ code: "effect-changes", severity: "note", about: metric.name, text }];
  });
}
