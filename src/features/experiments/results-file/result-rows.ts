import type { Columns } from "./columns.ts";
import type { Dropped } from "./dropped.ts";

/** A name for each row: names repeat, and are kept once. */
export interface Named {
  readonly names: readonly string[];
  /** The place of each row's name. */
  readonly of: readonly number[];
}

/** The rows of a file of results, column by column: an entry a row. */
export interface ResultRows {
  readonly columns: Columns;
  /** The names of the variants, in the order of their first rows. */
  readonly variants: readonly string[];
  /** Numbers of the unit, the variant and the cluster of each row; a row without a cluster has its unit's own. */
  readonly unit: readonly number[];
  readonly variant: readonly number[];
  readonly cluster: readonly number[];
  readonly units: number;
  readonly clusters: number;
  /** The name of each row's segment; "" where it has none. Absent where the file has none. */
  readonly segment?: Named;
  /** What each row's unit was alike with before, by name; "" where nothing tells. Absent where the file has none. */
  readonly stratum?: Named;
  /** ms since 1970, NaN where it is not told. Absent where the file has none. */
  readonly time?: readonly number[];
  /** In (0, 1]. Absent where the file has none. */
  readonly propensity?: readonly number[];
  /** The provider's version; "" where it is not told. */
  readonly version?: Named;
  /** The numbers of the metrics' columns by their index in the file; NaN where there is none. */
  readonly values: ReadonlyMap<number, readonly number[]>;
  /** Rows of the file, without its header. */
  readonly rowsRead: number;
  /** Rows that were left out. */
  readonly droppedRows: readonly Dropped[];
  /** Values that were left out of rows that stayed. */
  readonly droppedValues: readonly Dropped[];
}
