/** A time from (inclusive) to (exclusive), ms since 1970. */
export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}
