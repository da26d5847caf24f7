import { meanOfItems, shareOfItems, type RunEstimate } from "#core/evaluations/estimates.ts";
import type { EvaluatedItems } from "#core/evaluations/evaluated-items.ts";
import type { ItemValues } from "#core/evaluations/item-values.ts";
import { unitMoments } from "#core/evaluations/unit-sums.ts";
import { clusteredProportion } from "#core/statistics/clustered-proportion.ts";
import { intervalOfDifference } from "#core/statistics/interval-difference.ts";
import { cohenKappa, type Agreement } from "#core/statistics/agreement.ts";
import type { Judgements } from "./judgements.ts";

/** A share of items, and of how many independent ones it is: what a correction by it takes. */
export interface ErrorRate extends RunEstimate {
  /** Whole, >= 1: fewer than items where they come in clusters. */
  readonly trials: number;
}

/** The mean share of judgements; each may be several verdicts. Undefined without one. */
export function shareOf<One extends { readonly place: number }>(
  { items, all }: Judgements<One>,
  read: { readonly share: (one: One) => number; readonly verdicts?: number; readonly alpha: number },
): RunEstimate | undefined {
  const { share, verdicts = 1, alpha } = read;
  return shareOfItems(items, { ...valuesOf(all, share), answers: all.length * verdicts }, alpha);
}

/** The mean of judgements; undefined without one. */
export function meanOf<One extends { readonly place: number }>(
  { items, all }: Judgements<One>,
  { value, alpha }: { readonly value: (one: One) => number; readonly alpha: number },
): RunEstimate | undefined {
  return meanOfItems(items, { ...valuesOf(all, value), answers: all.length }, alpha);
}

/** A share with the number of independent items that would tell as much; undefined without an item. */
export function errorRateOf<One extends { readonly place: number }>(
  judgements: Judgements<One>,
  read: { readonly share: (one: One) => boolean; readonly alpha: number },
): ErrorRate | undefined {
  const share = (one: One): number => Number(read.share(one));
  const found = shareOf(judgements, { share, alpha: read.alpha });
  if (!found) return undefined;
  const { items, all } = judgements;
  const values = { ...valuesOf(all, share), answers: all.length };
  return { ...found, trials: effectiveTrials(items, values, read.alpha) };
}

/** How many independent answers would tell as much: whole, >= 1, fewer than answers where items have several or come in clusters. */
export function effectiveTrials(items: EvaluatedItems, values: ItemValues, alpha: number): number {
  const moments = unitMoments(items, values);
  const found = moments.ok ? clusteredProportion(moments.value, { trials: values.answers, alpha }) : moments;
  // One unit alone tells as much as one answer.
  return found.ok ? Math.max(1, Math.floor(found.value.effectiveTrials)) : 1;
}

/** b - a of shares of other items each. Its interval assumes that these do not share clusters. */
export function differenceOf(a: RunEstimate, b: RunEstimate): RunEstimate {
  const known = { value: b.value - a.value, items: a.items + b.items, units: a.units + b.units };
  if (!a.interval || !b.interval) return { ...known, why: a.why ?? b.why ?? "A share has no interval" };
  return {
    ...known,
    interval: intervalOfDifference(
      { value: a.value, interval: a.interval },
      { value: b.value, interval: b.interval },
    ),
  };
}

/** Cohen's kappa of two readings of the same items; none of its intervals is robust to clusters, which have none. */
export function kappaOf<One extends { readonly place: number }>(
  { items, all }: Judgements<One>,
  read: { readonly one: (one: One) => number; readonly other: (one: One) => number; readonly alpha: number },
): RunEstimate | undefined {
  if (all.length === 0) return undefined;
  const values = all.map((one) => [read.one(one), read.other(one)] as const);
  const categories = [...new Set(values.flat())].toSorted((a, b) => a - b);
  const table = categories.map((row) =>
    categories.map((column) => values.filter(([a, b]) => a === row && b === column).length),
  );
  const found = cohenKappa(table, { alpha: read.alpha });
  return found.ok
    ? kappaEstimate(found.value, { items: all.length, isClustered: items.areClustered })
    : undefined;
}

function kappaEstimate(
  { kappa, interval, standardError }: Agreement,
  { items, isClustered }: { readonly items: number; readonly isClustered: boolean },
): RunEstimate {
  const known = { value: kappa, items, units: items };
  if (isClustered) return { ...known, why: "The items come in clusters" };
  return interval
    ? { ...known, interval, standardError }
    : { ...known, why: "All items are rated alike, which says nothing of how sure that is" };
}

function valuesOf<One extends { readonly place: number }>(
  all: readonly One[],
  value: (one: One) => number,
): { readonly places: readonly number[]; readonly values: readonly number[] } {
  return { places: all.map(({ place }) => place), values: all.map(value) };
}
