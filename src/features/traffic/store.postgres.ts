import {
  sql,
  type ExpressionBuilder,
  type Kysely,
  type RawBuilder,
  type SqlBool,
  type Expression,
} from "kysely";
import { storeError } from "#adapters/postgres/database-port.ts";
import { pageOf } from "./page-of.ts";
import { dayOf, lowestId, requestDay } from "./request-key.ts";
import { prepareInsert, type PreparedRecords } from "./prepare-insert.ts";
import type { RequestRecord } from "./request-record.ts";
import { recordOf, type AttemptRow, type RequestRow, type TrafficTables } from "./request-row.ts";
import { DayPartitions, recordTables } from "./day-partitions.ts";
import { content, insertContent } from "./store.postgres.content.ts";
import { insertGap, readGaps } from "./store.postgres.gaps.ts";
import { insertRecords } from "./store.postgres.insert.ts";
import {
  totalsMax,
  type Group,
  type ListQuery,
  type Page,
  type RequestFilters,
  type RequestLogStore,
  type Total,
  type TotalsQuery,
} from "./store.ts";

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
    content: (requestId) =>
      reported(`read the content of request "${requestId}"`, () => content(database, requestId)),
    recordGap: (gap) => reported("note a gap", () => insertGap(database, gap)),
    gaps: (range) => reported("read gaps", () => readGaps(database, range)),
    list: (query) => reported("list requests", () => list(tables, query)),
    get: (requestId) => reported(`read request "${requestId}"`, () => get(tables, requestId)),
    totals: (query) => reported("sum requests", () => totals(tables, query)),
  };
}

async function reported<Value>(action: string, call: () => Promise<Value>): Promise<Value> {
  try {
    return await call();
  } catch (error) {
    throw storeError(action, error);
  }
}

async function list(tables: Kysely<TrafficTables>, { filters, limit, before }: ListQuery): Promise<Page> {
  const rows = await tables
    .selectFrom("requests")
    .selectAll()
    .where((where) => where.and([...filterTerms(where, filters), ...beforeTerm(before)]))
    .orderBy("day", "desc")
    .orderBy("id", "desc")
    .limit(limit + 1)
    .execute();
  return pageOf(await withAttempts(tables, rows), limit);
}

async function get(tables: Kysely<TrafficTables>, requestId: string): Promise<RequestRecord | undefined> {
  const rows = await tables
    .selectFrom("requests")
    .selectAll()
    .where("day", "=", requestDay(requestId))
    .where("id", "=", requestId)
    .execute();
  const [record] = await withAttempts(tables, rows);
  return record;
}

async function withAttempts(
  tables: Kysely<TrafficTables>,
  rows: readonly RequestRow[],
): Promise<readonly RequestRecord[]> {
  if (rows.length === 0) return [];
  const attempts: readonly AttemptRow[] = await tables
    .selectFrom("attempts")
    .selectAll()
    .where("day", "in", [...new Set(rows.map((row) => row.day))])
    .where(
      "request_id",
      "in",
      rows.map((row) => row.id),
    )
    .orderBy("attempt")
    .execute();
  const byRequest = Map.groupBy(attempts, (attempt) => attempt.request_id);
  return rows.map((row) => recordOf(row, byRequest.get(row.id) ?? []));
}

type Where = ExpressionBuilder<TrafficTables, "requests">;

function filterTerms(where: Where, filters: RequestFilters): Expression<SqlBool>[] {
  const { route, variant, model, outcome, keyId, deployment, fromMs, toMs } = filters;
  return [
    ...(route === undefined ? [] : [where("route", "=", route)]),
    ...(variant === undefined ? [] : [where("variant", "=", variant)]),
    ...(model === undefined ? [] : [where("model", "=", model)]),
    ...(outcome === undefined ? [] : [where("outcome", "=", outcome)]),
    ...(keyId === undefined ? [] : [where("key_id", "=", keyId)]),
    ...(deployment === undefined ? [] : [triedAt(deployment)]),
    ...(fromMs === undefined ? [] : [fromTime(fromMs)]),
    ...(toMs === undefined ? [] : [beforeTime(toMs)]),
  ];
}

function triedAt(deployment: string): RawBuilder<SqlBool> {
  return sql<SqlBool>`exists (select from attempts where attempts.day = requests.day
    and attempts.request_id = requests.id and attempts.deployment = ${deployment})`;
}

function fromTime(fromMs: number): RawBuilder<SqlBool> {
  return sql<SqlBool>`(day, id) >= (${dayOf(fromMs)}::date, ${lowestId(fromMs)}::uuid)`;
}

function beforeTime(toMs: number): RawBuilder<SqlBool> {
  return sql<SqlBool>`(day, id) < (${dayOf(toMs)}::date, ${lowestId(toMs)}::uuid)`;
}

function beforeTerm(before: string | undefined): RawBuilder<SqlBool>[] {
  return before === undefined
    ? []
    : [sql<SqlBool>`(day, id) < (${requestDay(before)}::date, ${before}::uuid)`];
}

/** Columns that were not asked for are absent; where no decision was taken they are null. */
type GroupRow = { readonly [Column in keyof Group]: Group[Column] | null | undefined };
type TotalRow = GroupRow & Omit<Total, "group">;

async function totals(
  tables: Kysely<TrafficTables>,
  { fromMs, toMs, by }: TotalsQuery,
): Promise<readonly Total[]> {
  const groups = sql.join(
    [...by.map((dimension) => sql.ref(dimension)), sql`()`].slice(0, Math.max(by.length, 1)),
  );
  const columns = by.map((dimension) => sql`${sql.ref(dimension)}, `);
  const { rows } = await sql<TotalRow>`
    select ${sql.join(columns, sql``)} count(*) as "requests", ${tokenSums}
    from requests where ${fromTime(fromMs)} and ${beforeTime(toMs)}
    group by ${groups} having count(*) > 0 order by count(*) desc limit ${totalsMax}`.execute(tables);
  return rows.map(({ route, variant, model, outcome, ...sums }) => ({
    group: given({ route, variant, model, outcome }),
    ...sums,
  }));
}

/** Sums of bigint are numeric in Postgres; back to bigint, which both drivers give as a number. */
const tokenSums = sql`coalesce(sum(attempt_count), 0)::bigint as "attempts",
  coalesce(sum(input_tokens), 0)::bigint as "inputTokens",
  coalesce(sum(cached_input_tokens), 0)::bigint as "cachedInputTokens",
  coalesce(sum(tool_input_tokens), 0)::bigint as "toolInputTokens",
  coalesce(sum(output_tokens), 0)::bigint as "outputTokens",
  coalesce(sum(thinking_tokens), 0)::bigint as "thinkingTokens"`;

function given({ route, variant, model, outcome }: GroupRow): Group {
  return {
    ...(typeof route === "string" && { route }),
    ...(typeof variant === "string" && { variant }),
    ...(typeof model === "string" && { model }),
    ...(typeof outcome === "string" && { outcome }),
  };
}
