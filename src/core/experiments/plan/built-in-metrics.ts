import type { MetricPlan } from "./analysis-plan.ts";
import { regenerationWindowMs } from "./regeneration.ts";
import type { UnitMeasure } from "./unit-measures.ts";

/** A metric that every experiment has, made of what the request log sums up for each unit. */
export interface BuiltInMetric {
  /** In one sentence, with its unit. */
  readonly description: string;
  readonly numerator: UnitMeasure;
  /** Absent: the mean over units of the numerator. */
  readonly denominator?: UnitMeasure;
  /** Set where it is the share of requests that something happened to. */
  readonly isRate?: true;
  /** From the measures' units to the metric's. */
  readonly scale: number;
  readonly better: MetricPlan["better"];
  /** Requests that it would be of, could it be told of them; absent where it always can. */
  readonly unchecked?: UnitMeasure;
  /** What of each request a quantile of it is of; absent where there are no quantiles. */
  readonly values?: "totalMs" | "firstContentMs";
}

const usd = 1e-12;

/** By name, in the order in which they are shown. */
export const builtInMetrics: ReadonlyMap<string, BuiltInMetric> = new Map<string, BuiltInMetric>([
  [
    "error_rate",
    {
      description: "Requests that failed, a share of all.",
      numerator: "failed",
      denominator: "requests",
      isRate: true,
      scale: 1,
      better: "lower",
    },
  ],
  [
    "fallback_rate",
    {
      description: "Requests that another variant answered than the assigned one, a share of all.",
      numerator: "fallbacks",
      denominator: "requests",
      isRate: true,
      scale: 1,
      better: "lower",
    },
  ],
  [
    "block_rate",
    {
      description: "Answers that a filter blocked, a share of completed requests.",
      numerator: "blocked",
      denominator: "completed",
      isRate: true,
      scale: 1,
      better: "lower",
    },
  ],
  [
    "abort_rate",
    {
      description: "Requests that the client left, a share of all.",
      numerator: "aborted",
      denominator: "requests",
      isRate: true,
      scale: 1,
      better: "lower",
    },
  ],
  [
    "schema_failure_rate",
    {
      description:
        "Answers that are not JSON, or not of the schema that was asked for, a share of those checked.",
      numerator: "formatMissed",
      denominator: "formatChecked",
      unchecked: "formatUnchecked",
      isRate: true,
      scale: 1,
      better: "lower",
    },
  ],
  [
    "regeneration_rate",
    {
      description: `Answered questions that were asked once more within ${regenerationWindowMs / 60_000} minutes, a share of all.`,
      numerator: "regenerated",
      denominator: "questions",
      isRate: true,
      scale: 1,
      better: "lower",
    },
  ],
  [
    "latency",
    {
      description: "Time until a whole answer was there, ms.",
      numerator: "totalMs",
      denominator: "timed",
      scale: 1,
      better: "lower",
      values: "totalMs",
    },
  ],
  [
    "first_token",
    {
      description: "Time until the first content was there, ms.",
      numerator: "firstContentMs",
      denominator: "firstContents",
      scale: 1,
      better: "lower",
      values: "firstContentMs",
    },
  ],
  [
    "tokens_per_second",
    {
      description: "Tokens a second, from the first content to the last.",
      numerator: "streamedTokens",
      denominator: "streamedMs",
      scale: 1000,
      better: "higher",
    },
  ],
  [
    "input_tokens",
    {
      description: "Prompt tokens of a request.",
      numerator: "inputTokens",
      denominator: "requests",
      scale: 1,
      better: "lower",
    },
  ],
  [
    "output_tokens",
    {
      description: "Tokens of an answer, without thinking.",
      numerator: "outputTokens",
      denominator: "requests",
      scale: 1,
      better: "lower",
    },
  ],
  [
    "thinking_tokens",
    {
      description: "Tokens of thinking of an answer.",
      numerator: "thinkingTokens",
      denominator: "requests",
      scale: 1,
      better: "lower",
    },
  ],
  [
    "cost_per_request",
    {
      description: "Cost of all attempts of a request, USD.",
      numerator: "picoDollars",
      denominator: "requests",
      scale: usd,
      better: "lower",
    },
  ],
  [
    "cost_per_unit",
    {
      description: "Cost of all requests of a unit (a conversation, a user), USD.",
      numerator: "picoDollars",
      scale: usd,
      better: "lower",
    },
  ],
  [
    "requests_per_unit",
    { description: "Requests of a unit.", numerator: "requests", scale: 1, better: "higher" },
  ],
]);

/** Names that say the same of one kind of unit. */
const synonyms: ReadonlyMap<string, string> = new Map(
  ["conversation", "user", "session"].map((unit) => [`cost_per_${unit}`, "cost_per_unit"]),
);

/** The metric of a name, or of one that says the same. */
export function builtInMetric(name: string): BuiltInMetric | undefined {
  return builtInMetrics.get(synonyms.get(name) ?? name);
}

/** Of duels: the share of them that a variant won, ties half. Made of what a judge said, not of what the log sums up. */
export const winRate = "win_rate";

/** Shown beside what a design names, so that no experiment is blind to them. */
export const alwaysShown = ["error_rate", "fallback_rate", "latency", "cost_per_request"] as const;
