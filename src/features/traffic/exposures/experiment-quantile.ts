import type { UnitMeasure } from "#core/experiments/plan/unit-measures.ts";
import type { Result } from "#core/kernel/result.ts";
import type { CrossMoments } from "#core/statistics/cross-moments.ts";
import type { AroundQuantile, QuantileQuestion } from "#core/statistics/quantile-estimate.ts";
import type { Refusal } from "#core/statistics/refusal.ts";
import type { MomentsQuery } from "./experiment-moments.ts";

/** A time of single requests, with the measure that counts the requests that have one. */
export const quantileMeasures = {
  totalMs: "timed",
  firstContentMs: "firstContents",
} as const satisfies Partial<Record<UnitMeasure, UnitMeasure>>;

/** One of them. */
export type QuantileMeasure = keyof typeof quantileMeasures;

/** Which quantile of which requests, and how wide its interval. */
export interface QuantileQuery
  extends Omit<MomentsQuery, "measures">, Pick<QuantileQuestion, "level" | "alpha"> {
  /** Of the requests that `experimentMoments` sums it over: those that nothing kept had answered. */
  readonly measure: QuantileMeasure;
}

/** What the requests of one variant tell of a quantile. Requests as assigned, whoever answered. */
export interface VariantQuantile {
  readonly variant: string;
  /** Requests with a value. */
  readonly count: number;
  /** What `quantileEstimate` takes besides the question; refused where `quantilePlaces` refuses, with too few values above all. */
  readonly around: Result<RequestsAround, Refusal>;
}

/** Values around a quantile, and how many of each unit are not above it. */
export interface RequestsAround {
  /** At `quantilePlaces`. */
  readonly values: AroundQuantile;
  /** For each unit its values (x) and those not above the quantile (y). */
  readonly below: CrossMoments;
}
