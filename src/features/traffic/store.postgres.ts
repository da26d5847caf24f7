import type { Kysely } from "kysely";
import { storeError } from "#adapters/postgres/database-port.ts";
import { unitSums } from "#adapters/postgres/unit-sums-port.ts";
import type { TrafficTables } from "./request-row.ts";
import { kyselyStatements } from "#adapters/postgres/kysely-statements.ts";
import { postgresLogDestination } from "./log-destination.postgres.ts";
import { contentTables, DayPartitions, recordTables } from "./day-partitions.ts";
import { content, exchange } from "./store.postgres.content.ts";
import { unitEntries, unitSegments } from "./exposures/unit-entries.postgres.ts";
import { experimentMoments } from "./exposures/experiment-moments.postgres.ts";
import { experimentLargest } from "./exposures/experiment-largest.postgres.ts";
import { experimentPeriods, experimentVersions } from "./exposures/experiment-periods.postgres.ts";
import { dropUnits } from "./exposures/experiment-units.postgres.ts";
import { experimentQuantile } from "./exposures/experiment-quantile.postgres.ts";
import { dropBefore } from "./store.postgres.drop.ts";
import { experimentLogged } from "./exposures/remaining-units.postgres.ts";
import { readGaps } from "./store.postgres.gaps.ts";
import { series, totals } from "./store.postgres.totals.ts";
import { get, list } from "./store.postgres.list.ts";
import type { RequestLogStore } from "./store.ts";

/** The request log in Postgres or PGlite. */
export function postgresRequestLogStore(database: Kysely<unknown>): RequestLogStore {
  const tables = database.withTables<TrafficTables>();
  const statements = kyselyStatements(database);
  const partitions = new DayPartitions(statements);
  return {
    ...postgresLogDestination(statements, partitions),
    prepareDays: (days) =>
      reported("make partitions", () => partitions.make([...recordTables, ...contentTables], days)),
    dropBefore: (day, what) => reported(`drop ${what} before ${day}`, () => dropBefore(database, day, what)),
    dropUnits: (phase, limit) =>
      reported(`drop the units of experiment "${phase.experiment}"`, () => dropUnits(database, phase, limit)),
    content: (requestId) =>
      reported(`read the content of request "${requestId}"`, () => content(database, requestId)),
    exchange: (requestId) =>
      reported(`read request "${requestId}" and its content`, () => exchange(database, requestId)),
    gaps: (range) => reported("read gaps", () => readGaps(database, range)),
    list: (query) => reported("list requests", () => list(tables, query)),
    get: (requestId) => reported(`read request "${requestId}"`, () => get(tables, requestId)),
    totals: (query) => reported("sum requests", () => totals(database, query)),
    experimentMoments: (query) =>
      reported(`read the units of experiment "${query.experiment}"`, () =>
        experimentMoments(database, query, unitSums),
      ),
    experimentQuantile: (query) =>
      reported(`read the requests of experiment "${query.experiment}"`, () =>
        experimentQuantile(database, query),
      ),
    experimentLogged: (query) =>
      reported(`count the requests of experiment "${query.experiment}"`, () =>
        experimentLogged(database, query),
      ),
    experimentEntries: (query) =>
      reported(`read the units of experiment "${query.experiment}"`, () => unitEntries(database, query)),
    experimentSegments: (query) =>
      reported(`read the units of experiment "${query.experiment}"`, () => unitSegments(database, query)),
    experimentLargest: (query) =>
      reported(`read the units of experiment "${query.experiment}"`, () =>
        experimentLargest(database, query),
      ),
    experimentPeriods: (query) =>
      reported(`read the periods of experiment "${query.experiment}"`, () =>
        experimentPeriods(database, query),
      ),
    experimentVersions: (query) =>
      reported(`read the versions of experiment "${query.experiment}"`, () =>
        experimentVersions(database, query),
      ),
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
