import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Database } from "#adapters/postgres/database-port.ts";
import { openDatabase } from "#adapters/postgres/open-database.ts";
import { postgresRequestLogStore } from "#features/traffic/index.ts";

let database: Database;
beforeAll(async () => {
  database = await openDatabase({ kind: "memory" });
});
afterAll(() => database.close());

const units = 500;

/** Units of one experiment, in a table of which nobody has taken statistics: nobody does in the embedded database. */
async function fill(): Promise<void> {
  const columns = await sql<{ readonly column_name: string; readonly data_type: string }>`
    select column_name, data_type from information_schema.columns
    where table_name = 'experiment_units' order by ordinal_position`.execute(database.kysely);
  const known = new Map([
    ["experiment", "'tone'"],
    ["phase", "1"],
    ["variant", "case when number % 2 = 0 then 'calm' else 'lively' end"],
    ["unit", "'unit-' || number"],
    ["stable", "true"],
    ["first_at", "now()"],
    ["last_at", "now()"],
    ["segments", "null"],
  ]);
  const values = columns.rows.map(({ column_name }) => known.get(column_name) ?? "number % 7");
  await sql`
    insert into experiment_units select ${sql.raw(values.join(", "))}
    from generate_series(1, ${sql.lit(units)}) as number`.execute(database.kysely);
}

test("units are read a few times, however many there are, and whatever the database knows of their number", async () => {
  await fill();
  const scans = await database.kysely.transaction().execute(async (transaction) => {
    const moments = await postgresRequestLogStore(transaction).experimentMoments({
      experiment: "tone",
      phase: 1,
      stable: true,
      measures: ["requests", "outputTokens"],
    });
    expect(moments.map((of) => of.units)).toEqual([units / 2, units / 2]);
    const { rows } = await sql<{ readonly scans: string }>`
      select coalesce(sum(pg_stat_get_xact_numscans(relation)), 0)::text as scans from (
        select 'experiment_units'::regclass::oid as relation
        union all
        select indexrelid from pg_index where indrelid = 'experiment_units'::regclass
      ) as relations`.execute(transaction);
    return Number(rows[0]?.scans);
  });
  // Twice, and once more where the planner has looked at the index. Each unit anew would be hundreds of times.
  expect(scans).toBeLessThan(5);
});
