import type { JsonObject } from "#core/kernel/json.ts";
import type { Result } from "#core/kernel/result.ts";

/** A row of a file, whatever its format. */
export interface RawRow {
  /** Where it stands, from 1; of a row of several lines one of them. */
  readonly line: number;
  /** Its fields, or why it has none. */
  readonly content: Result<JsonObject, string>;
  /** What its format says beside its fields: tags, and scorers of this row alone. */
  readonly tags?: JsonObject;
  readonly scorers?: Readonly<Record<string, JsonObject>>;
}

/** Longest row, bytes (CSV: characters): what is longer is no row, but a quote or a bracket that stays open. */
export const rowLengthMax = 16_000_000;

/** Why a longer one is refused. */
export const tooLong = `longer than ${rowLengthMax / 1e6} MB`;
/** Why a row with bytes that are no UTF-8 is refused. */
export const notUtf8 = "bytes that are no UTF-8";
