import type { Design } from "#core/experiments/plan/analysis-plan.ts";

/** How many units each variant has, in all and by segment. */
export interface UnitCounts {
  readonly all: ReadonlyMap<string, number>;
  readonly bySegment: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /**
   * As how many independent units of one weight each variant's units count, where that is fewer: clusters in several variants
   * count once, and of weights (Kish) it is (sum w)^2 / sum w^2.
   */
  readonly independent?: ReadonlyMap<string, number>;
  /** From the first to the last, where times are known. */
  readonly days?: number;
}

/** Units of all variants together. */
export function totalUnits(counts: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const units of counts.values()) sum += units;
  return sum;
}

/**
 * How far a design has come: 0 at its start, 1 and above at its horizon, by units or days, whichever is further on.
 * Undefined where it has no horizon, or one of days and times are not known.
 */
export function progressOf(design: Design, counts: UnitCounts): number | undefined {
  if (design.kind === "always-valid") return undefined;
  const { units, days } = design;
  const parts: number[] = [];
  if (units !== undefined) parts.push(totalUnits(counts.all) / units);
  if (days !== undefined && counts.days !== undefined) parts.push(counts.days / days);
  return parts.length > 0 ? Math.max(...parts) : undefined;
}
