import { sql, type Kysely, type RawBuilder } from "kysely";
import { storeError } from "#adapters/postgres/database-port.ts";
import type { Erased, EraserStore } from "./erasure.ts";
import { dayOf } from "./request-key.ts";

/** Requests that are deleted at once, and how often in one call. */
const batchMax = 1_000;
const roundsMax = 200;
/** Days of sums that are looked through one by one: as many as are kept, and what a clock may be off. */
const sumDays = 102;
const dayMs = 86_400_000;

type Database = Kysely<unknown>;

/** Erases in Postgres or PGlite. */
export function postgresEraser(database: Database): EraserStore {
  return {
    async erase(pseudonym, nowMs) {
      try {
        return await erase(database, pseudonym, nowMs);
      } catch (error) {
        throw storeError("erase what is kept of a unit", error);
      }
    },
  };
}

async function erase(database: Database, pseudonym: string, nowMs: number): Promise<Erased> {
  const log = await eraseRequests(database, pseudonym);
  if (!log.complete) return { ...log, sums: 0 };
  // By what it is about, and by the copies of what its request was for: that may be gone from the log.
  const said = await deleted(
    database,
    sql`delete from feedback where (subject <> 'request' and subject_id = ${pseudonym})
      or ${pseudonym} in (unit, conversation, experiment_unit)`,
  );
  const sums = await eraseSums(database, pseudonym, nowMs);
  return { ...log, feedback: log.feedback + said, sums };
}

interface LogRow {
  readonly day: string;
  readonly id: string;
}

async function eraseRequests(database: Database, pseudonym: string): Promise<Omit<Erased, "sums">> {
  let requests = 0;
  let feedback = 0;
  for (let round = 0; round < roundsMax; round += 1) {
    // A unit and a conversation never have one pseudonym, but a request's unit may be its conversation.
    const { rows } = await sql<LogRow>`
      (select day::text as day, id from requests where unit = ${pseudonym} limit ${batchMax}::bigint)
      union
      (select day::text as day, id from requests where conversation = ${pseudonym} limit ${batchMax}::bigint)`.execute(
      database,
    );
    if (rows.length === 0) return { requests, feedback, complete: true };
    for (const [day, of] of Map.groupBy(rows, (row) => row.day)) {
      const ids = JSON.stringify(of.map(({ id }) => id));
      feedback += await database.transaction().execute((transaction) => eraseDay(transaction, day, ids));
    }
    requests += rows.length;
  }
  return { requests, feedback, complete: false };
}

/** Of one day, so that other days' partitions are not looked at. The requests last: by them the rest is found again. */
async function eraseDay(transaction: Database, day: string, ids: string): Promise<number> {
  const those = sql`(select jsonb_array_elements_text(${ids}::text::jsonb)::uuid)`;
  await deleted(transaction, sql`delete from attempts where day = ${day}::date and request_id in ${those}`);
  await deleted(transaction, sql`delete from captured_content where day = ${day}::date and id in ${those}`);
  const feedback = await deleted(
    transaction,
    sql`delete from feedback where subject = 'request'
      and subject_id in (select jsonb_array_elements_text(${ids}::text::jsonb))`,
  );
  await deleted(transaction, sql`delete from requests where day = ${day}::date and id in ${those}`);
  return feedback;
}

async function eraseSums(database: Database, pseudonym: string, nowMs: number): Promise<number> {
  let sums = 0;
  for (const table of ["experiment_units", "experiment_pairs", "unit_totals_default"])
    sums += await deleted(database, sql`delete from ${sql.table(table)} where unit = ${pseudonym}`);
  for (let ago = -1; ago < sumDays; ago += 1) {
    const day = dayOf(nowMs - ago * dayMs);
    sums += await deleted(
      database,
      sql`delete from unit_totals where day = ${day}::date and unit = ${pseudonym}`,
    );
  }
  return sums;
}

async function deleted(database: Database, statement: RawBuilder<unknown>): Promise<number> {
  const { numAffectedRows = 0n } = await statement.execute(database);
  return Number(numAffectedRows);
}
