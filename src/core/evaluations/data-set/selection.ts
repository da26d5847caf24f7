import type { DataItem } from "#core/evaluations/data-item.ts";

/** Which items of a data set are used; without a word all of them, in their order. */
export interface Selection {
  /** Only items of this split. */
  readonly split?: string;
  /** Only these. */
  readonly ids?: readonly string[];
  /** Only items that have, of each of these tags, this value or one of these. */
  readonly tags?: Readonly<Record<string, string | readonly string[]>>;
  /** Of what is left a part by chance, see `samplePriority`. */
  readonly sample?: { readonly size: number; readonly seed: string };
  /** Of what is left the first ones. */
  readonly limit?: number;
}

/** By what an item was passed over. */
export type PassedOver = "split" | "ids" | "tags" | "sample" | "limit";

/** Says why an item is passed over, by its own properties; undefined where it is not. */
export function createFilter({ split, ids, tags }: Selection): (item: DataItem) => PassedOver | undefined {
  const wantedIds = ids && new Set(ids);
  const wantedTags = Object.entries(tags ?? {}).map(
    ([name, values]) => [name, typeof values === "string" ? [values] : values] as const,
  );
  return (item) => {
    if (split !== undefined && item.split !== split) return "split";
    if (wantedIds && !wantedIds.has(item.id)) return "ids";
    const hasTags = wantedTags.every(([name, values]) => {
      const value = Object.hasOwn(item.tags, name) ? item.tags[name] : undefined;
      return value !== undefined && values.includes(value);
    });
    return hasTags ? undefined : "tags";
  };
}
