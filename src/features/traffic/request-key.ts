import { assert } from "#core/kernel/assert.ts";
import { requestTimeMs } from "#core/kernel/request-id.ts";

/** Milliseconds since 1970 that a UUIDv7 can hold: 48 bits. */
const timeMsMax = 2 ** 48 - 1;

/** The day (UTC) inside a request's id, as `YYYY-MM-DD`: the first part of every key in the log. */
export function requestDay(requestId: string): string {
  const timeMs = requestTimeMs(requestId);
  assert(timeMs !== undefined, "request ids are UUIDv7");
  return dayOf(timeMs);
}

/**
 * The smallest text that any id of this millisecond or later can have. Ids sort by time, so that a range of time is
 * a range of ids, which the primary key answers.
 */
export function lowestId(timeMs: number): string {
  const time = Math.ceil(Math.min(Math.max(timeMs, 0), timeMsMax))
    .toString(16)
    .padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-0000-0000-000000000000`;
}

/** The day (UTC) of a time as `YYYY-MM-DD`; times outside what an id can hold give the first or last day of those. */
export function dayOf(timeMs: number): string {
  const date = new Date(Math.min(Math.max(timeMs, 0), dateMsMax));
  return date.toISOString().slice(0, 10);
}

/** The end of the year 9999, beyond which `toISOString` writes years that Postgres does not read. */
const dateMsMax = 253_402_300_799_999;
