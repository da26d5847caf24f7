import type { EventMetric } from "./event-metric.ts";
import type { Margin } from "./margin.ts";

/** What a comparison is to decide, and by which rules; written before the data are looked at. */
export interface AnalysisPlan {
  /** What the others are compared with. */
  readonly control: string;
  /** The shares that units were to get, of every variant; relative to each other. */
  readonly shares: ReadonlyMap<string, number>;
  readonly metrics: readonly MetricPlan[];
  readonly design: Design;
  /** Error rate of all primary comparisons together, two-sided, in (0, 1). */
  readonly alpha: number;
  /** Error rate of each guardrail, one-sided, in (0, 1). */
  readonly guardrailAlpha: number;
  /** Chance of finding an effect of the size that matters, in (0, 1): what needed units are told for. */
  readonly power: number;
  readonly minimum: MinimumSample;
  /** What changes of metrics are worth together; absent where nobody says it. */
  readonly utility?: UtilityPlan;
  /** The names of the metrics by which variants are compared all at once; absent where there are none. */
  readonly pareto?: readonly string[];
  /** What nobody wrote and was assumed, each a sentence. */
  readonly assumed: readonly string[];
}

/** What metrics are worth, in the unit of one of them. */
export interface UtilityPlan {
  /** The name of that metric. */
  readonly unit: string;
  /** What one more of each metric is worth, by name; 1 or -1 for the metric of the unit itself. */
  readonly weights: ReadonlyMap<string, number>;
}

/** Below these there is no verdict. */
export interface MinimumSample {
  /** Independent units of each variant. */
  readonly units: number;
  /** From the first to the last unit, where times are known. */
  readonly days: number;
}

/** When results may be looked at. */
export type Design =
  /** At any time: confidence sequences, tightest near so many units of all variants; absent is as many as there are. */
  | { readonly kind: "always-valid"; readonly units?: number }
  /** Once, at the horizon; without one the data are all there will be. */
  | ({ readonly kind: "fixed" } & Horizon)
  /** At planned looks up to the horizon, the error rate spent over them. */
  | ({ readonly kind: "group-sequential"; readonly looks: number; readonly spending: Spending } & Horizon);

/** When a design ends: when there are so many units of all variants, or after so many days. */
export interface Horizon {
  readonly units?: number;
  readonly days?: number;
}

/** How the error rate is spent over the looks of a design: little at first (as O'Brien and Fleming), evenly (as Pocock), or by t^2. */
export const spendings = ["obrien-fleming", "pocock", "power-2"] as const;

/** One of `spendings`. */
export type Spending = (typeof spendings)[number];

/** What a metric is for. */
export type Role = "primary" | "secondary" | "guardrail";

/** One metric of a comparison. */
export interface MetricPlan {
  readonly name: string;
  readonly role: Role;
  readonly better: "higher" | "lower";
  /** The column, the metric of the log, or the event, whose values it is made of. */
  readonly column: string;
  /** What of the event, where the metric is of one and is defined; absent where its name says it. */
  readonly event?: EventMetric;
  /** How the values of units become one number. */
  readonly aggregation: Aggregation;
  /** A guardrail's: how much worse it may be. */
  readonly margin?: Margin;
  /** A primary's: the smallest change that matters. */
  readonly minimumEffect?: Margin;
  /** The share of values that is kept as it is, in (0.5, 1); larger ones count as the largest of those. Absent keeps all. */
  readonly winsorised?: number;
}

/** The mean of a column, the ratio of the sums of two, or a quantile of a column. */
export type Aggregation =
  | { readonly kind: "mean" }
  | { readonly kind: "ratio" }
  | { readonly kind: "quantile"; readonly probability: number };

/** What holds where a plan says nothing. */
export const planDefaults = {
  alpha: 0.05,
  guardrailAlpha: 0.025,
  power: 0.8,
  minimum: { units: 100, days: 0 },
} as const;

const lowerWords = new Set(
  "error errors failure failures failed refusal refusals blocked block fallback fallbacks latency ttft cost costs price spend token tokens regenerated regeneration regenerations timeout timeouts duration delay wait ms usd churn complaint complaints escalated escalation escalations".split(
    " ",
  ),
);

/** Which way of a metric is the better one, by the words of its name; higher where none of them tells. */
export function betterByName(name: string): MetricPlan["better"] {
  if (/(?:^|_)per_second(?:_|$)|(?:^|_)throughput(?:_|$)/.test(name)) return "higher";
  const words = name.toLowerCase().split(/[^a-z]+/);
  const isLower = words.some((word) => lowerWords.has(word)) || /first_token/.test(name);
  return isLower ? "lower" : "higher";
}
