import type { RunEstimate } from "./estimates.ts";
import type { RunTable } from "./run-table.ts";

/** A target by one scorer, in parts by a tag. */
export interface SliceTable {
  readonly tag: string;
  /** The largest first, at most 50. */
  readonly slices: readonly Slice[];
  /** Values of the tag that are not among them. */
  readonly more: number;
}

/** Items with one value of a tag. */
export interface Slice {
  readonly value: string;
  readonly estimate: RunEstimate;
}

/** Values of a tag, at most, that are shown. */
const slicesMax = 50;
/** Tags, at most: more are not what a person slices by. */
const tagsMax = 20;
/** A tag with more values than this names single items, not groups of them. */
const valuesMax = 1000;

/**
 * Parts by each tag of the items.
 * @param estimate what the items have that a test of places lets through; undefined where none has anything
 */
export function sliceTables(
  { items }: RunTable,
  estimate: (isIn: (place: number) => boolean) => RunEstimate | undefined,
): readonly SliceTable[] {
  return items.tagKeys.slice(0, tagsMax).flatMap((tag) => {
    const values = items.tagValues(tag);
    if (values.length > valuesMax) return [];
    const sizes = values.map(() => 0);
    for (let place = 0; place < items.count; place += 1) {
      const at = items.tagOf(tag, place);
      if (at !== undefined) sizes[at] = (sizes[at] ?? 0) + 1;
    }
    const largest = [...values.entries()].toSorted(([a], [b]) => (sizes[b] ?? 0) - (sizes[a] ?? 0));
    const slices = largest.slice(0, slicesMax).flatMap(([at, value]) => {
      const found = estimate((place) => items.tagOf(tag, place) === at);
      return found ? [{ value, estimate: found }] : [];
    });
    return slices.length === 0
      ? []
      : [{ tag, slices, more: values.length - Math.min(values.length, slicesMax) }];
  });
}
