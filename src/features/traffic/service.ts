import { AppError } from "#core/kernel/app-error.ts";
import type { Clock } from "#core/kernel/clock.ts";
import { requestTimeMs } from "#core/kernel/request-id.ts";
import type { CapturedContent } from "./captured-content.ts";
import type { LogGap } from "./log-gap.ts";
import { matchesFilters } from "./matches-filters.ts";
import { newestFirst, pageOf } from "./page-of.ts";
import type { RecentRequests } from "./recent-requests.ts";
import type { RequestRecord } from "./request-record.ts";
import { hoursRetentionMs, minutesRetentionMs } from "./retention.ts";
import type { ListQuery, Page, RequestLogStore } from "./store.ts";
import type { TimeRange } from "./time-range.ts";
import { resolutions, wholeSpan, type Resolution } from "./time-spans.ts";
import {
  countedDimensions,
  pointsMax,
  stepsMax,
  type Point,
  type SeriesQuery,
  type Total,
  type TotalsQuery,
} from "./totals.ts";

/** Questions to the request log. */
export interface TrafficService {
  /** The newest matching requests: also those that have ended this instant and are not yet stored. */
  list(query: ListQuery): Promise<Page>;
  /** One request, or `undefined` when there is none under this id. */
  get(requestId: string): Promise<RequestRecord | undefined>;
  /** What was kept of a request's content, or `undefined` when nothing was (or not any more). */
  content(requestId: string): Promise<CapturedContent | undefined>;
  /**
   * Counts and sums of what is stored: at most a batch behind.
   * @throws AppError invalid-request, when the log itself would have to be read for more than `loggedRangeMsMax`
   */
  totals(query: TotalsQuery): Promise<CoveredTotals>;
  /**
   * Counts and sums for each minute, hour or day.
   * @throws AppError invalid-request, when there are more than `pointsMax` points, or the minutes are not kept any more
   */
  series(query: SeriesQuery): Promise<CoveredSeries>;
}

/** The time that sums really cover, which is the one asked for rounded out, and what is missing in it. */
interface Covered extends TimeRange {
  readonly gaps: readonly LogGap[];
}

/** Sums with the time they cover. */
export interface CoveredTotals extends Covered {
  readonly totals: readonly Total[];
}

/** Sums over time with the time they cover. */
export interface CoveredSeries extends Covered {
  readonly points: readonly Point[];
}

/** Longest time for which totals read the log itself, ms: beyond, a database would be busy for long. */
const loggedRangeMsMax = 7 * 86_400_000;

/** Answers from the store and, for the newest, from the memory of this process. */
export function trafficService(
  store: RequestLogStore,
  recent: RecentRequests,
  clock: Pick<Clock, "nowMs">,
): TrafficService {
  return {
    list: async (query) => merged(query, await store.list(query), recent.all()),
    async get(requestId) {
      if (requestTimeMs(requestId) === undefined) return undefined;
      return recent.get(requestId) ?? store.get(requestId);
    },
    async content(requestId) {
      return requestTimeMs(requestId) === undefined ? undefined : store.content(requestId);
    },
    async totals(query) {
      const logged = query.by.some((key) => !countedDimensions.some((dimension) => dimension === key));
      if (logged && query.toMs - query.fromMs > loggedRangeMsMax) throw tooLong();
      const range = wholeSpan(query, logged ? "minute" : finestKept(query, clock.nowMs()));
      const { fromMs, toMs } = range;
      const [totals, gaps] = await Promise.all([store.totals({ ...query, fromMs, toMs }), store.gaps(range)]);
      return { fromMs, toMs, totals, gaps };
    },
    async series(query) {
      const { fromMs, toMs, resolution } = wholeSpan(query, query.resolution);
      if ((toMs - fromMs) / (resolutions[resolution] * 1_000) > stepsMax) throw tooManySteps(resolution);
      const finest = finestKept({ fromMs, toMs }, clock.nowMs());
      if (resolutions[finest] > resolutions[resolution]) throw tooOld(finest);
      const [points, gaps] = await Promise.all([store.series(query), store.gaps({ fromMs, toMs })]);
      if (points.length > pointsMax) throw tooMany();
      return { fromMs, toMs, points, gaps };
    },
  };
}

/** The finest resolution in which a time is still kept whole. */
function finestKept({ fromMs }: TimeRange, nowMs: number): Resolution {
  if (fromMs >= nowMs - minutesRetentionMs) return "minute";
  return fromMs >= nowMs - hoursRetentionMs ? "hour" : "day";
}

function tooLong(): AppError {
  const daysMax = loggedRangeMsMax / 86_400_000;
  return new AppError(
    "invalid-request",
    `Cannot sum by model or outcome: at most ${daysMax} days are wanted, it is more; ` +
      "the counts of outcomes are part of every sum",
  );
}

function tooOld(finest: Resolution): AppError {
  return new AppError(
    "invalid-request",
    `Cannot sum by time: step ${finest} is wanted for so long ago, it is finer`,
  );
}

function tooManySteps(resolution: Resolution): AppError {
  return new AppError(
    "invalid-request",
    `Cannot sum by time: at most ${stepsMax} ${resolution}s are wanted, there are more; ask for a longer step`,
  );
}

function tooMany(): AppError {
  return new AppError(
    "invalid-request",
    `Cannot sum by time: at most ${pointsMax} points are wanted, there are more; ` +
      "ask for a longer step, a shorter time or fewer groups",
  );
}

/** The first `limit` of both together: the store's page holds its own first ones, memory is looked at whole. */
function merged({ filters, limit, before }: ListQuery, stored: Page, recent: readonly RequestRecord[]): Page {
  const fresh = recent.filter(
    (record) => matchesFilters(record, filters) && (before === undefined || record.requestId < before),
  );
  const unique = new Map([...fresh, ...stored.records].map((record) => [record.requestId, record]));
  const page = pageOf([...unique.values()].toSorted(newestFirst), limit);
  const last = page.records.at(-1);
  return stored.next === undefined || last === undefined ? page : { ...page, next: last.requestId };
}
