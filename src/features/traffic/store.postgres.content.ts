import { sql, type Kysely } from "kysely";
import type { CapturedContent } from "./captured-content.ts";
import { requestDay } from "./request-key.ts";
import type { LoggedExchange } from "./store.ts";

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

/** A request with its content, as far as that is there. */
export async function exchange(
  database: Kysely<unknown>,
  requestId: string,
): Promise<LoggedExchange | undefined> {
  const { rows } = await sql<ExchangeRow>`
    select dialect, operation, outcome, capture, key_id as "keyId",
      request, response, coalesce(truncated, false) as truncated, coalesce(redactions, 0) as redactions
    from requests left join captured_content using (day, id)
    where day = ${requestDay(requestId)}::date and id = ${requestId}::uuid`.execute(database);
  const [row] = rows;
  if (!row) return undefined;
  const { keyId, request, response, truncated, redactions, ...known } = row;
  return {
    ...known,
    ...(keyId !== null && { keyId }),
    ...(request !== null &&
      response !== null && { content: { requestId, request, response, truncated, redactions } }),
  };
}

interface ExchangeRow
  extends Omit<LoggedExchange, "keyId" | "content">, Pick<CapturedContent, "truncated" | "redactions"> {
  readonly keyId: string | null;
  readonly request: string | null;
  readonly response: string | null;
}
