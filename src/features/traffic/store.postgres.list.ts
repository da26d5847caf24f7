import {
  sql,
  type Expression,
  type ExpressionBuilder,
  type Kysely,
  type RawBuilder,
  type SqlBool,
} from "kysely";
import { pageOf } from "./page-of.ts";
import { dayOf, lowestId, requestDay } from "./request-key.ts";
import type { RequestRecord } from "./request-record.ts";
import { recordOf, type AttemptRow, type RequestRow, type TrafficTables } from "./request-row.ts";
import { storableJson } from "./storable-json.ts";
import type { ListQuery, Page, RequestFilters } from "./store.ts";

/** A page of the requests that match, newest first. */
export async function list(
  tables: Kysely<TrafficTables>,
  { filters, limit, before }: ListQuery,
): Promise<Page> {
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

/** One request with its attempts. */
export async function get(
  tables: Kysely<TrafficTables>,
  requestId: string,
): Promise<RequestRecord | undefined> {
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
  const { deployment, picoDollarsMin, tags, fromMs, toMs } = filters;
  return [
    ...equalTerms(where, filters),
    ...(deployment === undefined ? [] : [triedAt(deployment)]),
    ...(picoDollarsMin === undefined ? [] : [where("cost_pico", ">=", picoDollarsMin)]),
    ...(tags === undefined ? [] : [sql<SqlBool>`tags @> ${storableJson(tags)}::text::jsonb`]),
    ...(fromMs === undefined ? [] : [fromTime(fromMs)]),
    ...(toMs === undefined ? [] : [beforeTime(toMs)]),
  ];
}

function equalTerms(where: Where, filters: RequestFilters): Expression<SqlBool>[] {
  const { route, variant, model, outcome, keyId, errorCode, conversation, unit, emulated } = filters;
  return [
    ...(route === undefined ? [] : [where("route", "=", route)]),
    ...(variant === undefined ? [] : [where("variant", "=", variant)]),
    ...(model === undefined ? [] : [where("model", "=", model)]),
    ...(outcome === undefined ? [] : [where("outcome", "=", outcome)]),
    ...(keyId === undefined ? [] : [where("key_id", "=", keyId)]),
    ...(errorCode === undefined ? [] : [where("error_code", "=", errorCode)]),
    ...(conversation === undefined ? [] : [where("conversation", "=", conversation)]),
    ...(unit === undefined ? [] : [where("unit", "=", unit)]),
    ...(emulated === undefined ? [] : [where("emulated", "=", emulated)]),
  ];
}

function triedAt(deployment: string): RawBuilder<SqlBool> {
  return sql<SqlBool>`exists (select from attempts where attempts.day = requests.day
    and attempts.request_id = requests.id and attempts.deployment = ${deployment})`;
}

/** The day alone once more: it says which partitions need no look, which a comparison of both together does not. */
function fromTime(fromMs: number): RawBuilder<SqlBool> {
  const day = dayOf(fromMs);
  return sql<SqlBool>`(day >= ${day}::date and (day, id) >= (${day}::date, ${lowestId(fromMs)}::uuid))`;
}

function beforeTime(toMs: number): RawBuilder<SqlBool> {
  return beforeId(dayOf(toMs), lowestId(toMs));
}

function beforeTerm(before: string | undefined): RawBuilder<SqlBool>[] {
  return before === undefined ? [] : [beforeId(requestDay(before), before)];
}

function beforeId(day: string, id: string): RawBuilder<SqlBool> {
  return sql<SqlBool>`(day <= ${day}::date and (day, id) < (${day}::date, ${id}::uuid))`;
}
