import type { JsonObject } from "#core/kernel/json.ts";

/** One item of a data set: what is asked, and what is known of it. */
export interface DataItem {
  /** Unique in its data set: its own, or made of its content. */
  readonly id: string;
  /** The fields of its row: prompts fill in from them, scorers find the reference among them. */
  readonly fields: JsonObject;
  /** Such as `test`; absent where the set is not split. */
  readonly split?: string;
  /** Items of one cluster are not independent; absent where each stands alone. */
  readonly cluster?: string;
  /** By which results may be sliced. */
  readonly tags: Readonly<Record<string, string>>;
  /** Scorers of this item alone, by name, as an evaluation describes them; not checked. Absent where it has none. */
  readonly scorers?: Readonly<Record<string, JsonObject>>;
}
