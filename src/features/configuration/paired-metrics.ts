import { builtInMetric, builtInMetrics, winRate } from "#core/experiments/plan/built-in-metrics.ts";
import type { AvailableMetrics } from "#core/experiments/plan/resolve-metric.ts";

/** What both answers to one request can be compared by. */
const pairedNames = [
  "error_rate",
  "block_rate",
  "latency",
  "first_token",
  "tokens_per_second",
  "input_tokens",
  "output_tokens",
  "thinking_tokens",
  "cost_per_request",
  "cost_per_unit",
  "schema_failure_rate",
] as const;

/** Shown beside what a design names. */
const pairedShown = ["error_rate", "latency", "output_tokens", "cost_per_request"] as const;

/**
 * What off-line comparisons can measure: what the log knows of both answers, and where a judge compares them who won. Nobody
 * gives feedback on an answer that nobody has got, and quantiles have no pairs.
 */
export function pairedMetrics(isJudged: boolean): {
  readonly available: AvailableMetrics;
  readonly shown: readonly string[];
} {
  const names: ReadonlySet<string> = new Set(isJudged ? [winRate, ...pairedNames] : pairedNames);
  const isKnown = (name: string) => names.has(name) || isSynonym(name);
  return {
    shown: isJudged ? [winRate, ...pairedShown] : pairedShown,
    available: {
      names: [...names],
      kindOf(name) {
        if (!isKnown(name)) return undefined;
        const metric = builtInMetric(name);
        return metric && metric.denominator === undefined ? "mean" : "ratio";
      },
      hasQuantiles: () => false,
      betterOf: (name) => (name === winRate ? "higher" : builtInMetric(name)?.better),
    },
  };
}

/** `cost_per_conversation` and its like say what `cost_per_unit` does. */
function isSynonym(name: string): boolean {
  return !builtInMetrics.has(name) && builtInMetric(name) !== undefined;
}
