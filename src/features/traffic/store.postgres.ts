import type { Kysely } from "kysely";
import { storeError } from "#adapters/postgres/database-port.ts";
import { prepareInsert, type PreparedRecords } from "./prepare-insert.ts";
import type { TrafficTables } from "./request-row.ts";
import { contentTables, DayPartitions, recordTables } from "./day-partitions.ts";
import { content, insertContent } from "./store.postgres.content.ts";
import { dropBefore } from "./store.postgres.drop.ts";
import { insertGap, readGaps } from "./store.postgres.gaps.ts";
import { insertRecords } from "./store.postgres.insert.ts";
import { series, totals } from "./store.postgres.totals.ts";
import { get, list } from "./store.postgres.list.ts";
import type { RequestLogStore } from "./store.ts";

/** The request log in Postgres or PGlite. */
export function postgresRequestLogStore(database: Kysely<unknown>): RequestLogStore {
  const tables = database.withTables<TrafficTables>();
  const partitions = new DayPartitions(database);
  const insertPrepared = (prepared: PreparedRecords): Promise<number> =>
    reported(`keep ${prepared.count} requests`, async () => {
      await partitions.make(recordTables, prepared.days);
      return insertRecords(database, prepared);
    });
  return {
    insert: (records) => insertPrepared(prepareInsert(records)),
    insertPrepared,
    insertContent: (contents) =>
      reported(`keep the content of ${contents.length} requests`, () =>
        insertContent(database, partitions, contents),
      ),
    prepareDays: (days) =>
      reported("make partitions", () => partitions.make([...recordTables, ...contentTables], days)),
    dropBefore: (day, what) => reported(`drop ${what} before ${day}`, () => dropBefore(database, day, what)),
    content: (requestId) =>
      reported(`read the content of request "${requestId}"`, () => content(database, requestId)),
    recordGap: (gap) => reported("note a gap", () => insertGap(database, gap)),
    gaps: (range) => reported("read gaps", () => readGaps(database, range)),
    list: (query) => reported("list requests", () => list(tables, query)),
    get: (requestId) => reported(`read request "${requestId}"`, () => get(tables, requestId)),
    totals: (query) => reported("sum requests", () => totals(database, query)),
    series: (query) => reported("sum requests by time", () => series(database, query)),
  };
}

async function reported<Value>(action: string, call: () => Promise<Value>): Promise<Value> {
  try {
    return await call();
  } catch (error) {
    throw storeError(action, error);
  }
}
