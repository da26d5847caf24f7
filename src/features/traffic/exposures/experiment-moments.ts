import type { UnitMeasure } from "#core/experiments/plan/unit-measures.ts";
import type { RequestsQuery } from "./units-query.ts";
import type { UnitParts } from "./unit-parts.ts";

/** Which units are asked for, and what of them. */
export interface MomentsQuery extends RequestsQuery {
  /** In the order in which they are wanted, each once; none where the number of units is all that is asked for. */
  readonly measures: readonly UnitMeasure[];
  /** Set where units are told part by part; absent is all of them together. */
  readonly parts?: UnitParts;
}

/** What the units of one variant tell of some measures, and of how they go together. Units as assigned, whoever answered. */
export interface VariantMoments {
  readonly variant: string;
  /** Which part of its units; absent is all of them. A variant has moments of each part with any. */
  readonly part?: number;
  readonly units: number;
  /** Of each measure, in the order asked for. */
  readonly means: readonly number[];
  /**
   * For each two measures the sum over units of the product of their deviations from their means: symmetric, the sums of
   * squared deviations on its diagonal. Taken around the means, so that nothing cancels.
   */
  readonly deviations: readonly (readonly number[])[];
}
