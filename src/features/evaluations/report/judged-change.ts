import type { MetricComparison } from "#core/evaluations/comparison.ts";

/** What a comparison comes to: `open` may be chance, `same` has nothing that differs, `unknown` cannot be told. */
export type JudgedChange = "better" | "worse" | "different" | "open" | "same" | "unknown";

/** A comparison at an error rate for all of them together, two-sided. */
export function judgedChange(
  { tested, adjustedPValue, better }: MetricComparison,
  alpha: number,
): JudgedChange {
  if (!tested.ok) return tested.error.code === "no-variance" ? "same" : "unknown";
  if (adjustedPValue > alpha) return "open";
  if (better === undefined) return "different";
  return tested.value.difference > 0 === (better === "higher") ? "better" : "worse";
}
