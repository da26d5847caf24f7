import type { CapturedContent } from "./captured-content.ts";
import type { LogGap } from "./log-gap.ts";
import type { RequestRecord } from "./request-record.ts";

/**
 * Where the log writer delivers to: a part of the store. Each call may be made again with the same values, after a
 * crash or an answer that was lost, and must then change nothing; each is all or nothing.
 *
 * All throw AppError store-unavailable (try again) or internal (these rows are refused, also the next time).
 */
export interface LogDestination {
  /** Keeps records. @returns how many were new */
  insert(records: readonly RequestRecord[]): Promise<number>;
  /** Keeps content. The request's own row may be there or not. @returns how many were new */
  insertContent(contents: readonly CapturedContent[]): Promise<number>;
  /** Keeps the note of a gap. */
  recordGap(gap: LogGap): Promise<void>;
}
