import { storeError } from "#adapters/postgres/database-port.ts";
import type { Statements } from "#adapters/postgres/statements-port.ts";
import type { CapturedContent } from "./captured-content.ts";
import { contentTables, recordTables, type DayPartitions } from "./day-partitions.ts";
import type { LogDestination } from "./log-destination.ts";
import type { LogGap } from "./log-gap.ts";
import { prepareInsert, type PreparedRecords } from "./prepare-insert.ts";
import { requestDay } from "./request-key.ts";
import { storableJson } from "./storable-json.ts";

/** Where the log writer delivers to, in Postgres or PGlite; and records whose rows are written already. */
export interface PostgresLogDestination extends LogDestination {
  insertPrepared(prepared: PreparedRecords): Promise<number>;
}

/**
 * The part of the store that only writes. Made of plain statements, since the thread that writes the log has no use
 * for a query builder, which would cost it 10 MB more (measured 2026-11-25).
 */
export function postgresLogDestination(
  statements: Statements,
  partitions: DayPartitions,
): PostgresLogDestination {
  const insertPrepared = (prepared: PreparedRecords): Promise<number> =>
    reported(`keep ${prepared.count} requests`, async () => {
      await partitions.make(recordTables, prepared.days);
      return insertRecords(statements, prepared);
    });
  return {
    insert: (records) => insertPrepared(prepareInsert(records)),
    insertPrepared,
    insertContent: (contents) =>
      reported(`keep the content of ${contents.length} requests`, () =>
        insertContent(statements, partitions, contents),
      ),
    recordGap: (gap) => reported("note a gap", () => insertGap(statements, gap)),
  };
}

/**
 * Keeps prepared records and counts them: one statement, all or nothing (migration 0005). Rows go as one JSON
 * parameter, which was the fastest way over both drivers (27.7k rows/s on PGlite against 16.1k by VALUES, measured
 * 2026-11-25) and has no limit on the number of parameters.
 * @returns how many were new
 */
async function insertRecords(
  statements: Statements,
  { requestsJson, attemptsJson, count }: PreparedRecords,
): Promise<number> {
  if (count === 0) return 0;
  const { rows } = await statements.run("select signalbox_keep_requests($1, $2) as inserted", [
    requestsJson,
    attemptsJson,
  ]);
  return Number(rows[0]?.["inserted"] ?? 0);
}

/** Keeps content. The row of its request may come later or never: the two have different ways and lifetimes. */
async function insertContent(
  statements: Statements,
  partitions: DayPartitions,
  contents: readonly CapturedContent[],
): Promise<number> {
  if (contents.length === 0) return 0;
  const rows = contents
    .map(contentRow)
    .toSorted((one, other) => (one.id < other.id ? -1 : Number(one.id > other.id)));
  await partitions.make(contentTables, [...new Set(rows.map(({ day }) => day))]);
  const { affectedRows } = await statements.run(
    `insert into captured_content select * from json_populate_recordset(null::captured_content, $1::text::json)
      on conflict do nothing`,
    [storableJson(rows)],
  );
  return affectedRows;
}

function contentRow({ requestId, request, response, truncated, redactions }: CapturedContent) {
  const bytes = Buffer.byteLength(request) + Buffer.byteLength(response);
  return { day: requestDay(requestId), id: requestId, request, response, truncated, redactions, bytes };
}

/** Keeps the note of a gap; the same note a second time changes nothing. */
async function insertGap(statements: Statements, { fromMs, toMs, requests, reason }: LogGap): Promise<void> {
  await statements.run(
    "insert into log_gaps (from_time, to_time, requests, reason) values ($1, $2, $3, $4) on conflict do nothing",
    [new Date(fromMs), new Date(toMs), requests, reason],
  );
}

async function reported<Value>(action: string, call: () => Promise<Value>): Promise<Value> {
  try {
    return await call();
  } catch (error) {
    throw storeError(action, error);
  }
}
