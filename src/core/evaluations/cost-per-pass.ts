import type { Interval } from "#core/statistics/interval.ts";
import { crossMomentsOf } from "#core/statistics/cross-moments.ts";
import { ratioInterval } from "#core/statistics/ratio-interval.ts";
import { answerValue } from "./item-values.ts";
import type { RunTable } from "./run-table.ts";
import { unitSums } from "./unit-sums.ts";

/** What an answer that passes costs, those that do not included. */
export interface CostPerPass {
  /** US dollars; undefined where nothing passes. */
  readonly usd: number | undefined;
  /** Fieller's; undefined where too little passes to say. */
  readonly interval: Interval | undefined;
  /** Answers with a price and a verdict: what it is of. */
  readonly answers: number;
}

/**
 * The cost of all answers over the number of those that pass, by a scorer with verdicts. Judges are not in it. Answers without a
 * known price or a verdict are left out on both sides, and so is what failed, whose cost nobody tells.
 */
export function costPerPass(
  table: RunTable,
  { target, scorer, alpha }: { readonly target: string; readonly scorer: string; readonly alpha: number },
): CostPerPass {
  const places: number[] = [];
  const [costs, passes]: [number[], number[]] = [[], []];
  const repeats = table.answersOf(target);
  for (let place = 0; place < table.items.count; place += 1) {
    for (const columns of repeats) {
      const cost = columns.measureOf(place, "cost_usd");
      const passed = answerValue(columns, place, { metric: { kind: "pass", scorer } });
      if (cost === undefined || passed === undefined) continue;
      places.push(place);
      costs.push(cost);
      passes.push(passed);
    }
  }
  const cost = byItem(table, { places, values: costs });
  const passed = byItem(table, { places, values: passes });
  const total = sumOf(passed);
  const moments = crossMomentsOf(passed, cost);
  const ratio = moments.ok ? ratioInterval(moments.value, alpha) : moments;
  return {
    usd: total === 0 ? undefined : sumOf(cost) / total,
    interval: ratio.ok ? ratio.value.interval : undefined,
    answers: places.length,
  };
}

/** Repeats of an item are one unit, as is a cluster. */
function byItem(
  { items }: RunTable,
  { places, values }: { readonly places: readonly number[]; readonly values: readonly number[] },
): readonly number[] {
  const sums = new Map<number, number>();
  for (const [index, place] of places.entries())
    sums.set(place, (sums.get(place) ?? 0) + (values[index] ?? 0));
  return unitSums(items, { places: [...sums.keys()], values: [...sums.values()] }).y;
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
