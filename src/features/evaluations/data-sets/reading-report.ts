import type { PassedOver } from "#core/evaluations/data-set/selection.ts";

/** What reading a data set came to. */
export interface ReadingReport {
  /** Whether the file was read to its end; a limit or a reader that stops ends it earlier, and all counts are of what was read. */
  readonly isWhole: boolean;
  /** Rows of the file, empty lines left out. */
  readonly rows: number;
  /** Rows that became items. */
  readonly items: number;
  /** Items that were chosen, which are those that were given. */
  readonly selected: number;
  /** Items that were passed over, by the part of the selection that did. */
  readonly passedOver: Readonly<Partial<Record<PassedOver, number>>>;
  /** Rows that are no items, by reason, from the most frequent to the rarest. */
  readonly refused: readonly RefusedRows[];
  /** The first refused rows. */
  readonly firstRefused: readonly RefusedRow[];
  /** Items whose id was made of their content; of those, such that are the same as earlier ones. */
  readonly madeIds: number;
  readonly repeatedRows: number;
  /** Items of each split, by name. */
  readonly splits: Readonly<Record<string, number>>;
  /** Items that lack a field (absent, null or an empty text) that others have, by field. */
  readonly missing: Readonly<Record<string, number>>;
  /** SHA-256 over the chosen items in their order. */
  readonly digest: string;
  /** Bytes of the file's content, after decompression. */
  readonly bytes: number;
  readonly isCompressed: boolean;
  readonly hasByteOrderMark: boolean;
  /** Whether a line ends in CR LF. */
  readonly hasCrLf: boolean;
  /** What else was noticed, a sentence each: what a format has that is not understood. */
  readonly notes: readonly string[];
}

/** Rows that were refused for one reason. */
export interface RefusedRows {
  readonly reason: string;
  readonly count: number;
}

/** A row that was refused. */
export interface RefusedRow {
  /** From 1. */
  readonly line: number;
  readonly reason: string;
}
