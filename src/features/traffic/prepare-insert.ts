import { requestDay } from "./request-key.ts";
import type { RequestRecord } from "./request-record.ts";
import { attemptRows, recordOf, requestRow, type AttemptRow, type RequestRow } from "./request-row.ts";
import { storableJson } from "./storable-json.ts";

/** Records as a database takes them: text that crosses threads and connections as it is. */
export interface PreparedRecords {
  /** Rows of `requests`, a JSON array. */
  readonly requestsJson: string;
  /** Rows of `attempts`, a JSON array. */
  readonly attemptsJson: string;
  /** The days (UTC, `YYYY-MM-DD`) of the records, each once. */
  readonly days: readonly string[];
  /** How many records. */
  readonly count: number;
}

/**
 * Writes records as `insertPrepared` takes them; of those with one id only the first is kept. In the order of their ids:
 * of two batches with the same records, sent at once, one then waits for the other, and not each for the other.
 */
export function prepareInsert(batch: readonly RequestRecord[]): PreparedRecords {
  const first = new Map(batch.toReversed().map((record) => [record.requestId, record]));
  const records = [...first.values()].toSorted((one, other) => (one.requestId < other.requestId ? -1 : 1));
  return {
    requestsJson: storableJson(records.map(requestRow)),
    attemptsJson: storableJson(records.flatMap(attemptRows)),
    days: [...new Set(records.map((record) => requestDay(record.requestId)))],
    count: records.length,
  };
}

/** The records that `prepareInsert` wrote, as a database would give them back. */
export function preparedRecords({ requestsJson, attemptsJson }: PreparedRecords): readonly RequestRecord[] {
  // Both texts are what prepareInsert wrote: rows, with times as ISO 8601.
  const requests = JSON.parse(requestsJson) as readonly (RequestRow & { readonly started_at: string })[];
  const attempts = JSON.parse(attemptsJson) as readonly AttemptRow[];
  const byRequest = Map.groupBy(attempts, (attempt) => attempt.request_id);
  return requests.map((row) =>
    recordOf({ ...row, started_at: new Date(row.started_at) }, byRequest.get(row.id) ?? []),
  );
}
