import { numberText, signedText } from "#core/experiments/comparisons/change-text.ts";
import { pValueText } from "#core/reports/p-value-text.ts";
import { adjustedPValues } from "#core/statistics/multiplicity.ts";
import { pairedTest } from "#core/statistics/paired-test.ts";
import {
  metricComparison,
  type ComparedMetric,
  type MetricComparison,
} from "#core/evaluations/comparison.ts";
import type { ComparedSides } from "#core/evaluations/paired-items.ts";
import { comparedMetrics } from "#core/evaluations/run-comparison.ts";
import type { GateCheck } from "./gate-check.ts";
import { usualMeasureMargin, usualScorerMargin, type GatedScorer, type GateSettings } from "./gate-schema.ts";

/** A target of a run, and what it is compared with. */
export interface GatedSides {
  readonly run: string;
  readonly sides: ComparedSides;
}

/** One comparison with what does not matter yet. */
interface Regression {
  readonly run: string;
  readonly target: string;
  readonly comparison: MetricComparison;
  /** In the metric's own unit. */
  readonly margin: number;
}

/**
 * Whether anything is worse than a baseline. With `no_regression` a check fails where the change for the worse is no chance, one-sided
 * at `alpha` for all checks together (Holm), and is the margin or more: both, so that large samples do not fail on trifles. With
 * `non_inferior` it fails unless a change by the margin can be excluded, each at `alpha` one-sided: all have to hold, which needs
 * no correction (Berger 1982, Technometrics 24(4)).
 */
export function regressionChecks(gated: readonly GatedSides[], gate: GateSettings): readonly GateCheck[] {
  const regressions = gated.flatMap((one) => regressionsOf(one, gate));
  if (gate.require === "non_inferior") return regressions.map((one) => nonInferiorCheck(one, gate.alpha));
  const adjusted = adjustedPValues(
    regressions.map(({ comparison }) => worsePValue(comparison)),
    "holm",
  );
  return regressions.map((one, index) =>
    regressionCheck(one, { pValue: adjusted.ok ? (adjusted.value[index] ?? 1) : 1, alpha: gate.alpha }),
  );
}

function regressionCheck(
  one: Regression,
  { pValue, alpha }: { readonly pValue: number; readonly alpha: number },
): GateCheck {
  const { comparison, margin } = one;
  const { tested } = comparison;
  if (!tested.ok || comparison.better === undefined) return untested(one);
  const isRelevant = harmOf(comparison) >= margin;
  const status = pValue <= alpha && isRelevant ? "failed" : "passed";
  return { ...known(one), status, text: `${changeOf(one)}, p = ${pValueText(pValue)} of being no worse` };
}

function nonInferiorCheck(one: Regression, alpha: number): GateCheck {
  const { comparison, margin } = one;
  const { tested } = comparison;
  if (!tested.ok || comparison.better === undefined) return untested(one);
  const { difference, standardError } = tested.value;
  const isHigher = comparison.better === "higher";
  const variance = standardError * standardError * comparison.units;
  const found = pairedTest({
    differences: { count: comparison.units, mean: difference, variance },
    alpha,
    alternative: isHigher ? "greater" : "less",
    nullDifference: isHigher ? -margin : margin,
  });
  const pValue = found.ok ? found.value.pValue : harmOf(comparison) < margin ? 0 : 1;
  const status = pValue <= alpha ? "passed" : "failed";
  return {
    ...known(one),
    status,
    text: `${changeOf(one)}, p = ${pValueText(pValue)} of being worse by ${numberText(margin)} or more`,
  };
}

function known({
  run,
  target,
  comparison,
}: Regression): Pick<GateCheck, "kind" | "run" | "target" | "metric"> {
  return { kind: "regression", run, target, metric: comparison.name };
}

/** Where all items are the same on both sides there is nothing to test, and nothing worse. */
function untested(one: Regression): GateCheck {
  const { tested } = one.comparison;
  if (one.comparison.better === undefined) {
    return { ...known(one), status: "unknown", text: "Which way is the better one is wanted in `better`" };
  }
  const isSame = !tested.ok && tested.error.code === "no-variance";
  const reason = tested.ok ? "" : `${tested.error.reason} (${one.comparison.pairs} items on both sides)`;
  return { ...known(one), status: isSame ? "passed" : "unknown", text: reason };
}

function changeOf({ comparison, margin }: Regression): string {
  const { tested, baseline = 0, candidate = 0, pairs } = comparison;
  if (!tested.ok) return tested.error.reason;
  const { difference, interval } = tested.value;
  const within = interval ? ` (${signedText(interval[0], "")} to ${signedText(interval[1], "")})` : "";
  return `${numberText(baseline)} to ${numberText(candidate)} on ${pairs} items, ${signedText(difference, "")}${within}; ${numberText(margin)} matters`;
}

/** One-sided, that the candidate is not worse; 1 where nothing can be tested. */
function worsePValue({ tested, better }: MetricComparison): number {
  if (!tested.ok || better === undefined) return 1;
  return better === "higher" ? tested.value.pValueLower : tested.value.pValueHigher;
}

/** How much worse it is, in the metric's own unit; below 0 where it is better. */
function harmOf({ tested, better }: MetricComparison): number {
  if (!tested.ok) return 0;
  return better === "higher" ? -tested.value.difference : tested.value.difference;
}

function regressionsOf({ run, sides }: GatedSides, gate: GateSettings): readonly Regression[] {
  const errors = gate.errors === "as_wrong" ? "as-wrong" : "left-out";
  // Without a bootstrap there is nothing to draw.
  const terms = { alpha: 2 * gate.alpha, errors, resamples: 0, unit: () => 0 } as const;
  return comparedMetrics(sides, (scorer) => betterOf(gate.scorers?.[scorer]))
    .filter((metric) => isGated(metric, gate))
    .map((metric) => {
      const comparison = metricComparison(sides, metric, terms);
      return { run, target: sides.candidate.target, comparison, margin: marginOf(comparison, gate) };
    });
}

/** Scorers that are named, or where none is all that have a better way; measures that are named with a margin. */
function isGated({ name, metric, better }: ComparedMetric, gate: GateSettings): boolean {
  if (metric.kind === "measure") return measureMargin(name, gate) !== undefined;
  return gate.scorers === undefined ? better !== undefined : Object.hasOwn(gate.scorers, name);
}

/** As written, or by the bound that is: who wants at least that much wants more. */
function betterOf(settings: GatedScorer | undefined): "higher" | "lower" | undefined {
  if (settings?.better !== undefined || settings === undefined) return settings?.better;
  if (settings.min !== undefined) return settings.max === undefined ? "higher" : undefined;
  return settings.max === undefined ? undefined : "lower";
}

function marginOf({ name, metric, baseline = 0 }: MetricComparison, gate: GateSettings): number {
  if (metric.kind !== "measure") return gate.scorers?.[name]?.margin ?? usualScorerMargin;
  return (measureMargin(name, gate) ?? usualMeasureMargin) * Math.abs(baseline);
}

function measureMargin(name: string, { measures }: GateSettings): number | undefined {
  if (name === "cost_usd" || name === "latency_ms" || name === "output_tokens") return measures[name]?.margin;
  return undefined;
}
