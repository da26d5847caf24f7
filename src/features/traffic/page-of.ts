import type { RequestRecord } from "./request-record.ts";
import type { Page } from "./store.ts";

/** A page of the first `limit` records; more records than that say that another page follows. */
export function pageOf(records: readonly RequestRecord[], limit: number): Page {
  const shown = records.slice(0, limit);
  const last = shown.at(-1);
  return records.length > limit && last !== undefined
    ? { records: shown, next: last.requestId }
    : { records: shown };
}

/** Newest first: ids are of one length and begin with the time. */
export function newestFirst(one: RequestRecord, other: RequestRecord): number {
  if (one.requestId === other.requestId) return 0;
  return one.requestId > other.requestId ? -1 : 1;
}
