import { sql, type Kysely } from "kysely";
import type { PhaseQuery } from "./experiment-periods.ts";

/** Deletes units of a phase, with what happened by the minute and the pairs of answers compared for them, at most `limit` of each. */
export async function dropUnits(
  database: Kysely<unknown>,
  { experiment, phase }: PhaseQuery,
  limit: number,
): Promise<number> {
  const dropped = await Promise.all(
    ["experiment_units", "experiment_periods", "experiment_pairs"].map(async (table) => {
      const { numAffectedRows = 0n } = await sql`
        delete from ${sql.table(table)} where ctid in (
          select ctid from ${sql.table(table)}
          where experiment = ${experiment} and phase = ${phase}::int limit ${limit}::bigint)`.execute(
        database,
      );
      return Number(numAffectedRows);
    }),
  );
  return Math.max(...dropped);
}
