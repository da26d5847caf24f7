import type { ComparedSides, PairedItems } from "./paired-items.ts";

/** Which items are worse and which better than before. */
export interface ChangedItems {
  readonly regressions: ItemChanges;
  readonly improvements: ItemChanges;
}

/** Items that changed one way. */
export interface ItemChanges {
  readonly count: number;
  /** The largest changes first, at most 200. */
  readonly items: readonly ItemChange[];
}

/** One item on both sides, repeats averaged. */
export interface ItemChange {
  readonly item: string;
  readonly baseline: number;
  readonly candidate: number;
}

/** Items that are named, at most. */
const namedMax = 200;

/** Items whose value is another: those that got worse, and those that got better; none where no way is the better one. */
export function changedItems(
  { candidate: { table } }: ComparedSides,
  pairs: PairedItems,
  better: "higher" | "lower" | undefined,
): ChangedItems {
  const [worse, improved]: [number[], number[]] = [[], []];
  if (better !== undefined) {
    for (const index of pairs.places.keys()) {
      const change = changeOf(pairs, index) * (better === "higher" ? 1 : -1);
      if (change < 0) worse.push(index);
      if (change > 0) improved.push(index);
    }
  }
  const named = (indexes: readonly number[]): ItemChanges => ({
    count: indexes.length,
    items: largest(pairs, indexes)
      .toSorted((a, b) => Math.abs(changeOf(pairs, b)) - Math.abs(changeOf(pairs, a)))
      .slice(0, namedMax)
      .map((index) => ({
        item: table.items.idOf(pairs.places[index] ?? 0),
        baseline: pairs.baseline[index] ?? 0,
        candidate: pairs.candidate[index] ?? 0,
      })),
  });
  return { regressions: named(worse), improvements: named(improved) };
}

/** Those that may be among the named ones: not all of a million are sorted by what they are. */
function largest(pairs: PairedItems, indexes: readonly number[]): readonly number[] {
  if (indexes.length <= namedMax) return indexes;
  const sizes = Float64Array.from(indexes, (index) => Math.abs(changeOf(pairs, index))).toSorted();
  const least = sizes[sizes.length - namedMax] ?? 0;
  const above = indexes.filter((index) => Math.abs(changeOf(pairs, index)) > least);
  const asLarge = indexes.filter((index) => Math.abs(changeOf(pairs, index)) === least);
  return [...above, ...asLarge.slice(0, namedMax - above.length)];
}

function changeOf({ baseline, candidate }: PairedItems, index: number): number {
  return (candidate[index] ?? 0) - (baseline[index] ?? 0);
}
