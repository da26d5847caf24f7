import { sql, type Kysely } from "kysely";
import type { CapturedContent } from "./captured-content.ts";
import { requestDay } from "./request-key.ts";

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
