import { sql, type Kysely } from "kysely";
import { isAskedFor } from "./remaining-units.postgres.ts";
import type { EntriesQuery, SegmentsQuery, UnitEntries } from "./unit-parts.ts";

/** Times as JSON has them: with their zone. */
interface EntriesRow {
  readonly first: string | null;
  readonly last: string | null;
  readonly times: readonly string[] | null;
}

/** When units came; undefined where none did. One pass, and a sort of their times. */
export async function unitEntries(
  database: Kysely<unknown>,
  { moments, ...units }: EntriesQuery,
): Promise<UnitEntries | undefined> {
  const shares = Array.from({ length: moments }, (_, moment) => (moment + 1) / moments);
  const { rows } = await sql<EntriesRow>`
    select to_json(min(first_at)) as first, to_json(max(first_at)) as last,
      to_json(percentile_disc(array[${sql.raw(shares.join(", "))}]::float8[])
        within group (order by first_at)) as times
    from experiment_units as total where ${isAskedFor(units)}`.execute(database);
  const [row] = rows;
  if (!row || row.first === null || row.last === null) return undefined;
  const timesMs = (row.times ?? []).map((time) => Date.parse(time));
  return { firstMs: Date.parse(row.first), lastMs: Date.parse(row.last), timesMs };
}

/** The values of a tag that the most units have, those with the most first; as many as are asked for. */
export async function unitSegments(
  database: Kysely<unknown>,
  { tag, limit, ...units }: SegmentsQuery,
): Promise<readonly string[]> {
  const { rows } = await sql<{ readonly value: string }>`
    select value from (
      select segments ->> ${tag}::text as value from experiment_units as total where ${isAskedFor(units)}
    ) as noted
    where value is not null group by value order by count(*) desc, value collate "C" limit ${limit}::bigint`.execute(
    database,
  );
  return rows.map(({ value }) => value);
}
