import { sql, type Kysely, type RawBuilder } from "kysely";
import type { TimeRange } from "#features/traffic/time-range.ts";
import { dayOf, lowestId } from "#features/traffic/request-key.ts";
import type { LoggedQuery, RequestsQuery, UnitsQuery } from "./units-query.ts";

/** How requests are summed up for units, as when they are kept (migrations 0013, 0022). */
export interface UnitSums {
  /** What the statement reads beside requests: parts of a `with`, over `inserted`, with a comma behind each. */
  readonly before: string;
  /** A statement that sums up requests, `inserted`. */
  readonly statement: string;
  /** The columns of its sums. */
  readonly columns: readonly string[];
}

/** The units that are asked for, each with its sums (migration 0013), as a table of a statement. */
export function remainingUnits(query: RequestsQuery, sums: UnitSums): RawBuilder<unknown> {
  const { without = [] } = query;
  if (without.length === 0) return sql`(select * from experiment_units as total where ${isAskedFor(query)})`;
  const remaining = sums.columns.map(
    (column) => `total.${column} - coalesce(left_out.${column}, 0) as ${column}`,
  );
  return sql`(
    with inserted as (
      select *, decision -> 'experiment' as experiment, decision ->> 'degraded' as degraded,
        decision ->> 'format' as answer_format, case when outcome = 'completed' then total_ms end as completed_ms
      from requests where ${isLogged({ ...query, within: without })}
    ), ${sql.raw(sums.before)} left_out as (${sql.raw(sums.statement)}), remaining as (
      select total.variant, total.unit, total.first_at, total.segments, ${sql.raw(remaining.join(", "))}
      from experiment_units as total left join left_out using (experiment, phase, variant, unit)
      where ${isAskedFor(query)}
    )
    select * from remaining where requests > 0
  )`;
}

/** Requests of units that last which the log still has of some times. */
export async function experimentLogged(database: Kysely<unknown>, query: LoggedQuery): Promise<number> {
  const { rows } = await sql<{ readonly count: number }>`
    select count(*)::int as count from requests where ${isLogged(query)}
      and decision #>> '{experiment,unit}' is not null and decision #>> '{experiment,stable}' = 'true'`.execute(
    database,
  );
  return rows[0]?.count ?? 0;
}

/** The condition over `total`, the table of units, that a unit is asked for. */
export function isAskedFor({ experiment, phase, stable, perProtocol }: UnitsQuery): RawBuilder<unknown> {
  const isStable = stable === undefined ? sql`` : sql`and total.stable = ${stable}`;
  const isItsOwn = perProtocol ? sql`and total.fallbacks = 0` : sql``;
  return sql`total.experiment = ${experiment} and total.phase = ${phase} ${isStable} ${isItsOwn}`;
}

/** The condition over requests that one came at one of some times, of which there is at least one. */
export function isWithin(spans: readonly TimeRange[]): RawBuilder<unknown> {
  const each = spans.map(
    ({ fromMs, toMs }) => sql`(started_at >= ${new Date(fromMs)} and started_at < ${new Date(toMs)})`,
  );
  return sql`(${sql.join(each, sql` or `)})`;
}

/** How far the time of a request's id may be off the one that stands with it, ms: both are when it came in. */
const idTimeSlackMs = 60_000;

/** Each time by itself, so that the index of experiments' requests (migration 0016) answers it. */
function isLogged({ experiment, phase, within }: LoggedQuery): RawBuilder<unknown> {
  const each = within.map((span) => {
    const [fromMs, toMs] = [span.fromMs - idTimeSlackMs, span.toMs + idTimeSlackMs];
    return sql`(decision #>> '{experiment,name}' = ${experiment} and day >= ${dayOf(fromMs)}::date and day <= ${dayOf(toMs)}::date
      and id >= ${lowestId(fromMs)}::uuid and id < ${lowestId(toMs)}::uuid and ${isWithin([span])})`;
  });
  return sql`(${sql.join(each, sql` or `)}) and decision #>> '{experiment,phase}' = ${String(phase)}`;
}
