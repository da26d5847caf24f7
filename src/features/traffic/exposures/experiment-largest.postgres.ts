import { sql, type Kysely } from "kysely";
import type { LargestUnit } from "#core/experiments/findings/traffic-findings.ts";
import type { PhaseQuery } from "./experiment-periods.ts";

interface LargestRow extends Omit<LargestUnit, "requestsOfAll"> {
  readonly of_all: number;
}

/** The unit with the most requests of each variant, of those that last (migration 0013). */
export async function experimentLargest(
  database: Kysely<unknown>,
  { experiment, phase }: PhaseQuery,
): Promise<readonly LargestUnit[]> {
  const those = sql`experiment_units where experiment = ${experiment} and phase = ${phase} and stable`;
  // Sorting all units for the first of each variant would cost more than the two passes.
  const { rows } = await sql<LargestRow>`
    with variants as (
      select variant, max(requests) as requests, count(*)::float8 as units, sum(requests)::float8 as of_all
      from ${those} group by variant
    )
    select variant, min(unit collate "C") as unit, requests::float8 as requests, units, of_all
    from variants join (select variant, unit, requests from ${those}) as unit using (variant, requests)
    group by variant, requests, units, of_all order by variant collate "C"`.execute(database);
  return rows.map(({ of_all: requestsOfAll, ...same }) => ({ ...same, requestsOfAll }));
}
