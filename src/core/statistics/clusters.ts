import { ok, type Result } from "#core/kernel/result.ts";
import { crossMomentsOf, mergedCrossMoments, noCrossMoments, type CrossMoments } from "./cross-moments.ts";
import { mergedMoments, momentsOf, noMoments, type Moments } from "./moments.ts";
import { ratioSample } from "./ratio-metric.ts";
import { refused, type Refusal } from "./refusal.ts";

/** Items (messages, prompts) that belong together (conversations, users, passages). Mergeable where no cluster is in two parts. */
export interface ClusteredMoments {
  /** Of all items, as if each stood alone. */
  readonly items: Moments;
  /** One pair a cluster: x its number of items, y the sum of their values. Its `ratioSample` is the mean over items. */
  readonly clusters: CrossMoments;
}

/** How much less items in clusters tell than as many that are independent. */
export interface DesignEffect {
  /** The variance of the mean over that of independent items: 1 where clusters do not matter, below where items of one differ more. */
  readonly designEffect: number;
  /** Independent items that would tell as much; Infinity where the mean of clusters does not vary at all. */
  readonly effectiveItems: number;
  /** How alike two items of one cluster are, at most 1; undefined where no cluster has two. */
  readonly intraclassCorrelation: number | undefined;
}

/** No items at all: what merging begins with. */
export const noClusteredMoments: ClusteredMoments = { items: noMoments, clusters: noCrossMoments };

/**
 * Moments of values, each with the name of its cluster. The sums of clusters vary with their sizes: of values that are far
 * from 0 against their spread (times of day), take a constant off first. Refuses `not-finite`, and `bad-value` for lists of
 * different lengths.
 */
export function clusteredMomentsOf(
  values: readonly number[],
  clusters: readonly (string | number)[],
): Result<ClusteredMoments, Refusal> {
  if (values.length !== clusters.length) {
    return refused("bad-value", `There are ${values.length} values and ${clusters.length} names of clusters`);
  }
  const items = momentsOf(values);
  if (!items.ok) return items;
  const places = new Map<string | number, number>();
  const [sizes, sums]: [number[], number[]] = [[], []];
  for (const [index, value] of values.entries()) {
    const name = clusters[index] ?? "";
    const place = places.get(name) ?? places.size;
    places.set(name, place);
    sizes[place] = (sizes[place] ?? 0) + 1;
    sums[place] = (sums[place] ?? 0) + value;
  }
  const cross = crossMomentsOf(sizes, sums);
  return cross.ok ? ok({ items: items.value, clusters: cross.value }) : cross;
}

/** Moments of both lists pooled; a cluster in both counts as two. */
export function mergedClusteredMoments(a: ClusteredMoments, b: ClusteredMoments): ClusteredMoments {
  return { items: mergedMoments(a.items, b.items), clusters: mergedCrossMoments(a.clusters, b.clusters) };
}

/**
 * The design effect of a mean over clustered items: sum over clusters of (S - n m)^2 over sum over items of (y - m)^2, with n
 * items and the sum S in a cluster, m the mean of all items. It is the clustered variance of Miller (2024, arXiv:2411.00640,
 * eq. 4) over that of independent items, both with the divisor n. The intraclass correlation r is that of all pairs of items
 * in one cluster (Fisher 1925), for which Kish (1965) holds exactly: effect = 1 + (sum n^2 / sum n - 1) r.
 *
 * Refuses `too-few` below 2 clusters, `no-variance` where all items are equal, `bad-value` where items and clusters do not
 * belong to each other, and as `ratioSample`.
 */
export function designEffect({ items, clusters }: ClusteredMoments): Result<DesignEffect, Refusal> {
  const mean = ratioSample(clusters);
  if (!mean.ok) return mean;
  const { count, mean: size, squaredDeviations } = clusters.x;
  if (Math.round(count * size) !== items.count) {
    return refused("bad-value", `The clusters have ${count * size} items, there are ${items.count}`);
  }
  if (items.squaredDeviations === 0) return refused("no-variance", "All items are equal");
  const between = mean.value.variance * (count - 1) * size;
  const effect = (between / items.squaredDeviations) * size;
  const pairs = squaredDeviations + count * size * (size - 1);
  return ok({
    designEffect: effect,
    effectiveItems: items.count / effect,
    intraclassCorrelation: pairs === 0 ? undefined : (effect - 1) * (items.count / pairs),
  });
}
