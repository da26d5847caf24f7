import type { UnitMeasure } from "#core/experiments/plan/unit-measures.ts";
import type { QuantileQuestion } from "#core/statistics/quantile-estimate.ts";
import type { UnitParts } from "#features/traffic/exposures/unit-parts.ts";
import type { RequestsQuery } from "#features/traffic/exposures/units-query.ts";
import type { FeedbackSource } from "./feedback.ts";

/** Names that one call gives at most: those said most often. */
export const ratedNamesMax = 200;

/** Which units are asked for. */
interface UnitQuery extends RequestsQuery {
  /** Only units for which it is over, with what was observed in it; absent is all. */
  readonly window?: FeedbackWindow;
}

/** A time from the first request of each unit on. */
export interface FeedbackWindow {
  readonly lengthMs: number;
  /** By when it must be over, ms since 1970. */
  readonly nowMs: number;
}

/** Which feedback counts: by its name, by who said it, and by its label. */
export interface FeedbackFilter {
  /** Absent is any. */
  readonly name?: string;
  /** Absent is all. */
  readonly sources?: readonly FeedbackSource[];
  /** Absent is all, also without a label. */
  readonly labels?: readonly string[];
}

/** One number for each unit. */
export interface FeedbackSum extends FeedbackFilter {
  /**
   * - `values`: the sum of the values (the score, else the outcome, true being 1); `valued`: how many have one
   * - `positive`: how many have a value above 0; `labelled`: how many have a label
   * - `all`: how many there are, whatever they say; `affirmed`: those whose value, if they have one, is above 0
   * - `requests`: of how many requests there is any, those aside that are left out; what is about a unit as a whole is of none
   */
  readonly of: "values" | "valued" | "positive" | "labelled" | "all" | "affirmed" | "requests";
  /** Larger single values count as it. */
  readonly valueMax?: number;
  /** A larger number for a unit counts as it. */
  readonly unitMax?: number;
}

/** What is asked of units, and of what was said about them. */
export interface FeedbackMomentsQuery extends UnitQuery {
  /** Set where units are told part by part; absent is all of them together. */
  readonly parts?: UnitParts;
  /** What units did: it comes first. */
  readonly measures?: readonly UnitMeasure[];
  /** What was said, after that; 0 for units of which nothing was. One or more. */
  readonly sums: readonly FeedbackSum[];
}

/** A quantile of single values. */
export interface FeedbackQuantileQuery
  extends UnitQuery, FeedbackFilter, Pick<QuantileQuestion, "level" | "alpha"> {
  readonly name: string;
}

/** What was said about the units of a phase under one name. */
export interface RatedName {
  readonly name: string;
  /** Feedback with a score or an outcome. */
  readonly ratings: number;
  /** Units with any. */
  readonly units: number;
}
