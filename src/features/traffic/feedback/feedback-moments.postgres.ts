import { sql, type Kysely, type RawBuilder } from "kysely";
import { onlyStable } from "#features/traffic/experiment-moments.postgres.ts";
import type { VariantMoments } from "#features/traffic/experiment-moments.ts";
import type { PhaseQuery } from "#features/traffic/experiment-periods.ts";
import { momentsByVariant } from "#features/traffic/moments-by-variant.postgres.ts";
import { ratedNamesMax, type FeedbackMomentsQuery, type RatedName } from "./feedback-moments.ts";

/** The sum of the values and their number, of each unit of the phase: 0 and 0 where nothing was said. */
export async function feedbackMoments(
  database: Kysely<unknown>,
  query: FeedbackMomentsQuery,
): Promise<readonly VariantMoments[]> {
  const measured = sql`
    ${ratings(query)}, sums as (
      select variant, unit, sum(value) as total, count(*)::float8 as number from ratings group by variant, unit
    )
    select variant, coalesce(total, 0) as v0, coalesce(number, 0) as v1
    from units left join sums using (variant, unit)`;
  return hashing(database, (transaction) => momentsByVariant(transaction, { measured, variables: 2 }));
}

/** What there is, by name, what was said most often first. */
export async function feedbackNames(
  database: Kysely<unknown>,
  query: PhaseQuery,
): Promise<readonly RatedName[]> {
  const names = sql<RatedName>`
    ${ratings(query)}
    select name, count(*) as ratings, count(distinct (variant, unit)) as units
    from ratings group by name
    order by count(*) desc, name collate "C" limit ${ratedNamesMax}`;
  return hashing(database, async (transaction) => (await names.execute(transaction)).rows);
}

/**
 * Reads with joins by hash or by order, whatever the statistics of the tables say: they lag behind an experiment that has just
 * begun, and what looks like a few units is then looked through once for each feedback: 200,000 units with 100,000 of their
 * feedback took more than the 15 s that a statement may take, instead of 5 s (measured 2026-11-27).
 */
async function hashing<Value>(
  database: Kysely<unknown>,
  read: (transaction: Kysely<unknown>) => Promise<Value>,
): Promise<Value> {
  return database.transaction().execute(async (transaction) => {
    await sql`set local enable_nestloop = off`.execute(transaction);
    return read(transaction);
  });
}

/**
 * The beginning of a statement: `units` of the phase, and `ratings` with a row for each value that counts for one of them.
 * What is said about a conversation or a unit (whose pseudonyms differ, so that only the kind which the experiment randomises
 * is found) is of the last phase that it had met by then.
 */
function ratings({
  experiment,
  phase,
  stable,
  name,
}: PhaseQuery & Partial<FeedbackMomentsQuery>): RawBuilder<unknown> {
  const counts = sql`state = 'joined' and coalesce(score, outcome) is not null
    ${name === undefined ? sql`` : sql`and name = ${name}`}`;
  return sql`
    with units as (
      select variant, unit, first_at from experiment_units
      where experiment = ${experiment} and phase = ${phase} ${onlyStable(stable)}
    ), later as (
      select unit, min(first_at) as first_at from experiment_units
      where experiment = ${experiment} and phase > ${phase} group by unit
    ), said as (
      select subject_id, observed_at, name, coalesce(score, outcome) as value from feedback
      where subject <> 'request' and ${counts}
    ), ratings as (
      select units.variant, units.unit, name, coalesce(score, outcome) as value
      from feedback join units on units.variant = experiment_variant and units.unit = experiment_unit
      where experiment = ${experiment} and experiment_phase = ${phase} and ${counts}
      union all
      select units.variant, units.unit, name, value
      from said join units on units.unit = subject_id left join later on later.unit = subject_id
      where observed_at >= units.first_at and (later.first_at is null or observed_at < later.first_at)
    )`;
}
