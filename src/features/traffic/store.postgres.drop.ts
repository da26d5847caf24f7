import { sql, type Kysely } from "kysely";
import type { KeptKind } from "./store.ts";

/** Longest wait for those who read a table of which a day is dropped, ms: everybody else waits behind. */
const lockMsMax = 3_000;
/** Partitions that one call drops at most, per table; the next call goes on. */
const partitionsMax = 400;

/** A table whose days are partitions; what lies in its default partition is deleted. */
interface Daily {
  readonly table: string;
  /** The column that partitions it. */
  readonly column: "day" | "start";
}

const daily: Readonly<Record<Exclude<KeptKind, "hours">, readonly Daily[]>> = {
  // Attempts first: a request without them is still found and dropped the next time.
  rows: [
    { table: "attempts", column: "day" },
    { table: "requests", column: "day" },
  ],
  content: [{ table: "captured_content", column: "day" }],
  minutes: [{ table: "request_minutes", column: "start" }],
  units: [{ table: "unit_totals", column: "day" }],
};

/**
 * Drops what is of days before a day (UTC, `YYYY-MM-DD`).
 * @returns how many days there were of the last of its tables
 */
export async function dropBefore(database: Kysely<unknown>, day: string, what: KeptKind): Promise<number> {
  if (what === "hours") return dropHours(database, day);
  let days = 0;
  for (const table of daily[what]) days = await dropDays(database, table, day);
  return days;
}

async function dropDays(database: Kysely<unknown>, { table, column }: Daily, day: string): Promise<number> {
  const names = await partitionsBefore(database, table, day);
  for (const name of names) await dropPartition(database, name);
  const left = await deletedDays(database, `${table}_default`, column, day);
  return names.length + left;
}

async function partitionsBefore(
  database: Kysely<unknown>,
  table: string,
  day: string,
): Promise<readonly string[]> {
  const { rows } = await sql<{ readonly name: string }>`
    select relname as name from pg_inherits join pg_class on pg_class.oid = inhrelid
    where inhparent = ${table}::regclass and relname ~ ${`^${table}_[0-9]{8}$`}
      and relname < ${`${table}_${day.replaceAll("-", "")}`}
    order by relname limit ${partitionsMax}`.execute(database);
  return rows.map(({ name }) => name);
}

/** One at a time: each waits for the readers of the whole table, and others wait behind it. */
async function dropPartition(database: Kysely<unknown>, name: string): Promise<void> {
  await database.transaction().execute(async (transaction) => {
    await sql`set local lock_timeout = ${sql.lit(lockMsMax)}`.execute(transaction);
    await sql`drop table if exists ${sql.table(name)}`.execute(transaction);
  });
}

async function deletedDays(
  database: Kysely<unknown>,
  table: string,
  column: "day" | "start",
  day: string,
): Promise<number> {
  const before = sql`(${`${day} 00:00:00+00`}::timestamptz)`;
  const { rows } = await sql<{ readonly days: number }>`
    with gone as (
      delete from ${sql.table(table)} where ${sql.ref(column)} < ${column === "day" ? sql`${day}::date` : before}
      returning ${sql.ref(column)} as moment
    ) select count(distinct ${column === "day" ? sql`moment` : sql`date_bin('1 day', moment, 'epoch')`}) as days
      from gone`.execute(database);
  return rows[0]?.days ?? 0;
}

async function dropHours(database: Kysely<unknown>, day: string): Promise<number> {
  await sql`delete from log_gaps where to_time < ${`${day} 00:00:00+00`}::timestamptz`.execute(database);
  return deletedDays(database, "request_hours", "start", day);
}
