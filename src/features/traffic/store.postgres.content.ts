import { sql, type Kysely } from "kysely";
import type { CapturedContent } from "./captured-content.ts";
import { contentTables, type DayPartitions } from "./day-partitions.ts";
import { requestDay } from "./request-key.ts";
import { storableJson } from "./storable-json.ts";

/** Keeps content. The row of its request may come later or never: the two have different ways and lifetimes. */
export async function insertContent(
  database: Kysely<unknown>,
  partitions: DayPartitions,
  contents: readonly CapturedContent[],
): Promise<number> {
  if (contents.length === 0) return 0;
  const rows = contents.map(contentRow);
  await partitions.make(contentTables, [...new Set(rows.map(({ day }) => day))]);
  const { numAffectedRows } = await sql`
    insert into captured_content
    select * from json_populate_recordset(null::captured_content, ${storableJson(rows)}::text::json)
    on conflict do nothing`.execute(database);
  return Number(numAffectedRows ?? 0);
}

/** The content of one request. */
export async function content(
  database: Kysely<unknown>,
  requestId: string,
): Promise<CapturedContent | undefined> {
  const { rows } = await sql<CapturedContent>`
    select id as "requestId", request, response, truncated, redactions from captured_content
    where day = ${requestDay(requestId)}::date and id = ${requestId}::uuid`.execute(database);
  return rows[0];
}

function contentRow({ requestId, request, response, truncated, redactions }: CapturedContent) {
  const bytes = Buffer.byteLength(request) + Buffer.byteLength(response);
  return { day: requestDay(requestId), id: requestId, request, response, truncated, redactions, bytes };
}
