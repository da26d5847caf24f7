import type { CapturedContent } from "./captured-content.ts";
import type { LogDestination } from "./log-destination.ts";
import type { LogGap } from "./log-gap.ts";
import type { PreparedRecords } from "./prepare-insert.ts";
import type { Outcome, RequestRecord } from "./request-record.ts";

/** Rows that one page holds at most. */
export const pageSizeMax = 200;

/** Groups that one call of `totals` gives at most: the largest ones. */
export const totalsMax = 1_000;

/** Gaps that one call gives at most. */
export const gapsMax = 100;

/** Where request records are kept. Implementations: memory (tests), Postgres and PGlite; one contract for all. */
export interface RequestLogStore extends LogDestination {
  /**
   * Keeps records. A record whose id is kept already changes nothing, so that a batch can be sent again.
   * All or nothing.
   * @param records ids are UUIDv7; at most `batchSizeMax` of the recorder at once
   * @returns how many were new
   * @throws AppError store-unavailable (try again) or internal (the database refuses these rows)
   */
  insert(records: readonly RequestRecord[]): Promise<number>;
  /** Keeps records that `prepareInsert` wrote: what `insert` does, with the writing elsewhere. */
  insertPrepared(prepared: PreparedRecords): Promise<number>;
  /** The newest records that match, newest first (by id, so that records of one millisecond keep one order). */
  list(query: ListQuery): Promise<Page>;
  /** Notes of gaps that reach into a time, the oldest first, at most `gapsMax`. */
  gaps(range: TimeRange): Promise<readonly LogGap[]>;
  /** What was kept of a request's content, or `undefined` when nothing was (or not any more). */
  content(requestId: string): Promise<CapturedContent | undefined>;
  /** One record, or `undefined` when there is none under this id. */
  get(requestId: string): Promise<RequestRecord | undefined>;
  /** Counts and sums over a time, by the given dimensions, the largest groups first. */
  totals(query: TotalsQuery): Promise<readonly Total[]>;
}

/** A time from (inclusive) to (exclusive), ms since 1970. */
export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What a record must be to be listed. Absent filters let everything pass. */
export interface RequestFilters {
  readonly route?: string;
  readonly variant?: string;
  /** A deployment that at least one attempt went to. */
  readonly deployment?: string;
  /** The name that the client asked for. */
  readonly model?: string;
  readonly outcome?: Outcome;
  readonly keyId?: string;
  /** Came in at or after, ms since 1970. */
  readonly fromMs?: number;
  /** Came in before, ms since 1970. */
  readonly toMs?: number;
}

/** Which page of which records. */
export interface ListQuery {
  readonly filters: RequestFilters;
  /** Rows wanted, 1 to `pageSizeMax`. */
  readonly limit: number;
  /** The id of the last record of the page before: only older ones are listed. */
  readonly before?: string;
}

/** One page, newest first. */
export interface Page {
  readonly records: readonly RequestRecord[];
  /** `before` of the next page; absent on the last one. */
  readonly next?: string;
}

/** What totals can be grouped by. */
export const dimensions = ["route", "variant", "model", "outcome"] as const;

/** One of them. */
export type Dimension = (typeof dimensions)[number];

/** What is to be summed. */
export interface TotalsQuery {
  /** Came in at or after, ms since 1970. */
  readonly fromMs: number;
  /** Came in before, ms since 1970. */
  readonly toMs: number;
  /** Empty for one sum over everything. */
  readonly by: readonly Dimension[];
}

/** The values that requests of one group share. */
export interface Group {
  readonly route?: string;
  readonly variant?: string;
  readonly model?: string;
  readonly outcome?: Outcome;
}

/** Counts and sums of one group. Tokens are those of the attempts that answered. */
export interface Total {
  /** The group: a value for each dimension asked for, `undefined` where records have none (no decision was taken). */
  readonly group: Group;
  readonly requests: number;
  readonly attempts: number;
  readonly inputTokens: number;
  readonly cachedInputTokens: number;
  readonly toolInputTokens: number;
  readonly outputTokens: number;
  readonly thinkingTokens: number;
}
