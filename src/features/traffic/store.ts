import type { LargestUnit } from "#core/experiments/findings/traffic-findings.ts";
import type { CapturedContent } from "./captured-content.ts";
import type { MomentsQuery, VariantMoments } from "./exposures/experiment-moments.ts";
import type {
  AnsweredVersion,
  ExperimentPeriod,
  PeriodsQuery,
  PhaseQuery,
  VersionsQuery,
} from "./exposures/experiment-periods.ts";
import type { EntriesQuery, SegmentsQuery, UnitEntries } from "./exposures/unit-parts.ts";
import type { QuantileQuery, VariantQuantile } from "./exposures/experiment-quantile.ts";
import type { LogDestination } from "./log-destination.ts";
import type { LogGap } from "./log-gap.ts";
import type { PreparedRecords } from "./prepare-insert.ts";
import type { Outcome, RequestRecord } from "./request-record.ts";
import type { TimeRange } from "./time-range.ts";
import type { Point, SeriesQuery, Total, TotalsQuery } from "./totals.ts";
import type { LoggedQuery } from "./exposures/units-query.ts";

/** Rows that one page holds at most. */
export const pageSizeMax = 200;

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
  /** Makes room for days (UTC, `YYYY-MM-DD`) before their first records come; without it the first batch does. */
  prepareDays(days: readonly string[]): Promise<void>;
  /**
   * Drops what is of days before a day (UTC, `YYYY-MM-DD`); counts outlive the rows that were counted.
   * @returns how many days went; 0 when there was none left
   */
  dropBefore(day: string, what: KeptKind): Promise<number>;
  /**
   * Deletes units of a phase of an experiment, with what happened by the minute: what they summed up is gone then.
   * @returns how many; at most `limit` a call
   */
  dropUnits(phase: PhaseQuery, limit: number): Promise<number>;
  /** The newest records that match, newest first (by id, so that records of one millisecond keep one order). */
  list(query: ListQuery): Promise<Page>;
  /** Notes of gaps that reach into a time, the oldest first, at most `gapsMax`. */
  gaps(range: TimeRange): Promise<readonly LogGap[]>;
  /** What was kept of a request's content, or `undefined` when nothing was (or not any more). */
  content(requestId: string): Promise<CapturedContent | undefined>;
  /** A request with its content, as far as that is kept, or `undefined` when there is none under this id. */
  exchange(requestId: string): Promise<LoggedExchange | undefined>;
  /** One record, or `undefined` when there is none under this id. */
  get(requestId: string): Promise<RequestRecord | undefined>;
  /** Counts and sums over a time, by the given dimensions, the largest groups first, at most `totalsMax`. */
  totals(query: TotalsQuery): Promise<readonly Total[]>;
  /**
   * Counts and sums for each minute, hour or day with any request, the earliest first; at most `pointsMax` + 1, the last
   * of which says that there are more.
   */
  series(query: SeriesQuery): Promise<readonly Point[]>;
  /**
   * What the units of each variant of a phase of an experiment tell, in the order of the variants' names; none for a variant
   * that no unit met. Summed up when requests are kept: what it costs grows with the units, not with their requests. Rows that
   * are dropped stay in it.
   */
  experimentMoments(query: MomentsQuery): Promise<readonly VariantMoments[]>;
  /**
   * What `quantileEstimate` takes of the requests of each variant of a phase of an experiment, in the order of the variants'
   * names; none for a variant without a value. Read from the requests: what it costs grows with them, and of requests whose
   * rows were dropped it knows nothing, unlike `experimentMoments`.
   */
  experimentQuantile(query: QuantileQuery): Promise<readonly VariantQuantile[]>;
  /** Requests of a phase of an experiment which the log still has of some times, of units that last. */
  experimentLogged(query: LoggedQuery): Promise<number>;
  /** When the units of a phase of an experiment came; undefined where none did. */
  experimentEntries(query: EntriesQuery): Promise<UnitEntries | undefined>;
  /** The values of a tag that the most units of a phase of an experiment have, those with the most first. */
  experimentSegments(query: SegmentsQuery): Promise<readonly string[]>;
  /**
   * The unit with the most requests of each variant of a phase of an experiment, of units that last, in the order of the
   * variants' names; of several the first by its pseudonym. What it costs grows with the units.
   */
  experimentLargest(query: PhaseQuery): Promise<readonly LargestUnit[]>;
  /**
   * What happened in each period of a phase of an experiment, the earliest first, then in the order of the variants' names;
   * none for a period without requests. Summed up by the minute when requests are kept: what it costs grows with the periods,
   * not with their requests.
   */
  experimentPeriods(query: PeriodsQuery): Promise<readonly ExperimentPeriod[]>;
  /**
   * What providers said answered the requests of a phase of an experiment, where the assigned variant did: by variant, model and
   * first answer; of more than `versionsMax` those with the most requests.
   */
  experimentVersions(query: VersionsQuery): Promise<readonly AnsweredVersion[]>;
}

/** The content of a request, with what tells whose it is and whether it is all of it. */
export interface LoggedExchange extends Pick<
  RequestRecord,
  "dialect" | "operation" | "outcome" | "capture" | "keyId"
> {
  /** Absent when nothing was kept, or not yet, or not any more. */
  readonly content?: CapturedContent;
}

/** What is kept for a time of its own: requests with their attempts, content, and counts. Counts by the day stay. */
export type KeptKind = "rows" | "content" | "minutes" | "hours" | "units";

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
  readonly errorCode?: string;
  /** The pseudonym of a conversation. */
  readonly conversation?: string;
  /** The pseudonym of a unit. */
  readonly unit?: string;
  /** An experiment that took the request, also one that left it outside. */
  readonly experiment?: string;
  /** Cost at least so much, pico-dollars. */
  readonly picoDollarsMin?: number;
  readonly emulated?: boolean;
  /** Labels that it must carry. */
  readonly tags?: Readonly<Record<string, string>>;
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
