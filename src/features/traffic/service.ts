import { requestTimeMs } from "#core/kernel/request-id.ts";
import { matchesFilters } from "./matches-filters.ts";
import { newestFirst, pageOf } from "./page-of.ts";
import type { RecentRequests } from "./recent-requests.ts";
import type { RequestRecord } from "./request-record.ts";
import type { ListQuery, Page, RequestLogStore, Total, TotalsQuery } from "./store.ts";

/** Questions to the request log. */
export interface TrafficService {
  /** The newest matching requests: also those that have ended this instant and are not yet stored. */
  list(query: ListQuery): Promise<Page>;
  /** One request, or `undefined` when there is none under this id. */
  get(requestId: string): Promise<RequestRecord | undefined>;
  /** Counts and sums of what is stored: at most a batch behind. */
  totals(query: TotalsQuery): Promise<readonly Total[]>;
}

/** Answers from the store and, for the newest, from the memory of this process. */
export function trafficService(store: RequestLogStore, recent: RecentRequests): TrafficService {
  return {
    list: async (query) => merged(query, await store.list(query), recent.all()),
    async get(requestId) {
      if (requestTimeMs(requestId) === undefined) return undefined;
      return recent.get(requestId) ?? store.get(requestId);
    },
    totals: (query) => store.totals(query),
  };
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
