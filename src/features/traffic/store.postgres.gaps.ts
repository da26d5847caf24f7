import { sql, type Kysely } from "kysely";
import type { LogGap } from "./log-gap.ts";
import { gapsMax } from "./store.ts";
import type { TimeRange } from "./time-range.ts";

interface GapRow {
  readonly from_time: Date;
  readonly to_time: Date;
  readonly requests: number;
  readonly reason: string;
}

/** Gaps that reach into a time, the oldest first. */
export async function readGaps(
  database: Kysely<unknown>,
  { fromMs, toMs }: TimeRange,
): Promise<readonly LogGap[]> {
  const { rows } = await sql<GapRow>`select from_time, to_time, requests, reason from log_gaps
    where from_time < ${new Date(toMs)} and to_time >= ${new Date(fromMs)}
    order by from_time, to_time, reason limit ${gapsMax}`.execute(database);
  return rows.map((row) => ({
    fromMs: row.from_time.getTime(),
    toMs: row.to_time.getTime(),
    requests: row.requests,
    reason: row.reason,
  }));
}
