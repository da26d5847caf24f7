import { crossMomentsOf, type CrossMoments } from "#core/statistics/cross-moments.ts";
import type { Result } from "#core/kernel/result.ts";
import type { Refusal } from "#core/statistics/refusal.ts";
import type { EvaluatedItems } from "./evaluated-items.ts";
import type { ItemValues } from "./item-values.ts";

/** Sums of what is independent: of each cluster, and of each item that is in none. */
export interface UnitSums {
  /** How many items. */
  readonly x: readonly number[];
  /** The sum of their values. */
  readonly y: readonly number[];
}

/** Values of items, summed by what is independent; units in the order of their first item. */
export function unitSums(
  items: EvaluatedItems,
  { places, values }: Pick<ItemValues, "places" | "values">,
): UnitSums {
  if (!items.areClustered) return { x: values.map(() => 1), y: values };
  const units = new Map<number, number>();
  const [x, y]: [number[], number[]] = [[], []];
  for (const [index, place] of places.entries()) {
    const cluster = items.clusterOf(place);
    const unit = units.get(cluster) ?? units.size;
    units.set(cluster, unit);
    x[unit] = (x[unit] ?? 0) + 1;
    y[unit] = (y[unit] ?? 0) + (values[index] ?? 0);
  }
  return { x, y };
}

/** Moments of units: their `ratioSample` is the mean over items, with the error that is robust to clusters. */
export function unitMoments(
  items: EvaluatedItems,
  values: Pick<ItemValues, "places" | "values">,
): Result<CrossMoments, Refusal> {
  const { x, y } = unitSums(items, values);
  return crossMomentsOf(x, y);
}
