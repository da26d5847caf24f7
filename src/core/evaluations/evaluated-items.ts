import { CodeColumn, NameCodes } from "./columns.ts";
import type { EvaluationRecord } from "./record.ts";

/** The items of a run, each at a place from 0 in the order in which they came: ids, clusters and tags. */
export class EvaluatedItems {
  readonly #ids = new NameCodes();
  readonly #clusters = { codes: new CodeColumn(), names: new NameCodes() };
  readonly #tags = new Map<string, { readonly codes: CodeColumn; readonly names: NameCodes }>();

  /** The place of a record's item. */
  add({ item, cluster, tags }: Pick<EvaluationRecord, "item" | "cluster" | "tags">): number {
    const place = this.#ids.codeOf(item);
    if (cluster !== undefined) this.#clusters.codes.set(place, 1 + this.#clusters.names.codeOf(cluster));
    for (const [key, value] of Object.entries(tags)) {
      const column = this.#tags.get(key) ?? { codes: new CodeColumn(), names: new NameCodes() };
      this.#tags.set(key, column);
      column.codes.set(place, 1 + column.names.codeOf(value));
    }
    return place;
  }

  get count(): number {
    return this.#ids.names.length;
  }

  idOf(place: number): string {
    return this.#ids.names[place] ?? "";
  }

  placeOf(id: string): number | undefined {
    return this.#ids.find(id);
  }

  /** Whether any item is in a cluster. */
  get areClustered(): boolean {
    return this.#clusters.names.names.length > 0;
  }

  /** A number for the item's cluster; one that no other item has where it stands alone. */
  clusterOf(place: number): number {
    const code = this.#clusters.codes.at(place);
    return code === 0 ? -1 - place : code;
  }

  get tagKeys(): readonly string[] {
    return [...this.#tags.keys()];
  }

  /** The values of a tag in the order in which they came. */
  tagValues(key: string): readonly string[] {
    return this.#tags.get(key)?.names.names ?? [];
  }

  /** The place of the item's value among `tagValues`; undefined where it has no such tag. */
  tagOf(key: string, place: number): number | undefined {
    const code = this.#tags.get(key)?.codes.at(place) ?? 0;
    return code === 0 ? undefined : code - 1;
  }
}
