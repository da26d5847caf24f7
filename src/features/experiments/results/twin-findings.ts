import type { AnalysisPlan } from "#core/experiments/plan/analysis-plan.ts";
import type { Finding } from "#core/experiments/findings/finding.ts";
import { sampleRatio } from "#core/statistics/sample-ratio.ts";

/**
 * What is to be known of an experiment whose variants are one and the same: it tests the way from assignment to verdict, not
 * a variant.
 */
export function twinFindings(
  { control, shares, alpha }: AnalysisPlan,
  units: ReadonlyMap<string, number>,
): readonly Finding[] {
  const arms = [...shares].map(([variant, weight]) => ({ units: units.get(variant) ?? 0, weight }));
  const ratio = sampleRatio(arms);
  const sizes = arms.map((arm) => arm.units).join(" and ");
  const size = ratio.ok
    ? `${sizes} units (p = ${ratio.value.pValue.toPrecision(2)} of even shares)`
    : `${sizes} units`;
  const text = `Both variants are ${control}, so that whatever differs is a false alarm: of a hundred sound experiments like this one up to ${Number((100 * alpha).toFixed(2))} have one. It tests assignment (${size}), records and decisions, and says nothing of a variant`;
  return [{ code: "same-variant", severity: "note", text }];
}
