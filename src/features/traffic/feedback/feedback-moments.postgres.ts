import { sql, type Kysely, type RawBuilder } from "kysely";
import { measureColumns } from "#features/traffic/exposures/experiment-moments.postgres.ts";
import type { VariantMoments } from "#features/traffic/exposures/experiment-moments.ts";
import { quantileOfValues } from "#features/traffic/exposures/experiment-quantile.postgres.ts";
import type { PhaseQuery } from "#features/traffic/exposures/experiment-periods.ts";
import type { VariantQuantile } from "#features/traffic/exposures/experiment-quantile.ts";
import { withHashJoins } from "#features/traffic/exposures/hash-joins.postgres.ts";
import {
  momentsByVariant,
  momentsPutAside,
} from "#features/traffic/exposures/moments-by-variant.postgres.ts";
import { remainingUnits, type UnitSums } from "#features/traffic/exposures/remaining-units.postgres.ts";
import { lowestId } from "#features/traffic/request-key.ts";
import type { TimeRange } from "#features/traffic/time-range.ts";
import { partColumn } from "#features/traffic/exposures/unit-parts.postgres.ts";
import {
  ratedNamesMax,
  type FeedbackFilter,
  type FeedbackMomentsQuery,
  type FeedbackQuantileQuery,
  type FeedbackSum,
  type RatedName,
} from "./feedback-moments.ts";

/** What each unit of the phase did, and what was said about it: 0 where nothing was said. */
export async function feedbackMoments(
  database: Kysely<unknown>,
  query: FeedbackMomentsQuery,
  unitSums: UnitSums,
): Promise<readonly VariantMoments[]> {
  const { measures = [], sums, parts } = query;
  const names = namesOf(sums);
  const numbers = sums.map((sum, place) => sql`${numberOf(sum, query)} as ${sql.ref(`s${place}`)}`);
  const told = [
    ...measures.map((_, place) => sql.ref(`v${place}`)),
    ...sums.map((_, place) => {
      return sql`coalesce(${sql.ref(`s${place}`)}, 0) as ${sql.ref(`v${measures.length + place}`)}`;
    }),
  ];
  const measured = sql`
    ${ratings({ ...query, names }, unitSums)}, sums as (
      select variant, unit, ${sql.join(numbers)} from ratings group by variant, unit
    )
    select variant, ${sql.join(told)} ${partColumn(parts)} from units left join sums using (variant, unit)`;
  const variables = measures.length + sums.length;
  const units = { measured, variables, isParted: parts !== undefined };
  const moments = query.without?.length ? momentsPutAside : momentsByVariant;
  return withHashJoins(database, (transaction) => moments(transaction, units));
}

/** A quantile of single values. */
export async function feedbackQuantile(
  database: Kysely<unknown>,
  query: FeedbackQuantileQuery,
  unitSums: UnitSums,
): Promise<readonly VariantQuantile[]> {
  const values = sql`
    ${ratings({ ...query, names: [query.name] }, unitSums)}
    select variant, unit, value from ratings where value is not null and ${passes(query)}`;
  return withHashJoins(database, (transaction) => quantileOfValues(transaction, values, query));
}

/** What there is, by name, what was said most often first. */
export async function feedbackNames(
  database: Kysely<unknown>,
  query: PhaseQuery,
  unitSums: UnitSums,
): Promise<readonly RatedName[]> {
  const names = sql<RatedName>`
    ${ratings(query, unitSums)}
    select name, count(*) as ratings, count(distinct (variant, unit)) as units
    from ratings where value is not null group by name
    order by count(*) desc, name collate "C" limit ${ratedNamesMax}`;
  return withHashJoins(database, async (transaction) => (await names.execute(transaction)).rows);
}

/** The names of what is looked through; undefined for all. */
function namesOf(sums: readonly FeedbackSum[]): readonly string[] | undefined {
  const names = sums.map(({ name }) => name);
  return names.includes(undefined) ? undefined : [...new Set(names.filter((name) => name !== undefined))];
}

/** Which ratings are added up. */
const terms: Readonly<Record<FeedbackSum["of"], string>> = {
  values: "true",
  valued: "value is not null",
  positive: "value > 0",
  labelled: "label is not null",
  all: "true",
  affirmed: "(value is null or value > 0)",
  requests: "request is not null",
};

/** A number of a unit, from its ratings; of the type float8, null where the unit has none that it counts. */
function numberOf(
  wanted: FeedbackSum,
  { without = [] }: Pick<FeedbackMomentsQuery, "without">,
): RawBuilder<unknown> {
  const { of, unitMax } = wanted;
  const isLeft = of === "requests" ? sql.join(without.map(isOutside), sql` `) : sql``;
  const filter = sql`${sql.raw(terms[of])} and ${passes(wanted)} ${isLeft}`;
  const total = sql`(${addedBy(wanted)} filter (where ${filter}))::float8`;
  return unitMax === undefined ? total : sql`least(${total}, ${unitMax}::float8)`;
}

/** How the ratings that count make one number. */
function addedBy({ of, valueMax }: FeedbackSum): RawBuilder<unknown> {
  if (of === "requests") return sql`count(distinct request)`;
  if (of !== "values") return sql`count(*)`;
  return valueMax === undefined ? sql`sum(value)` : sql`sum(least(value, ${valueMax}::float8))`;
}

/** The condition that a rating's request came at another time, which its id tells. */
function isOutside({ fromMs, toMs }: TimeRange): RawBuilder<unknown> {
  return sql`and not (request collate "C" >= ${lowestId(fromMs)} and request collate "C" < ${lowestId(toMs)})`;
}

/** Whether a row of `ratings` is one of those that are wanted. */
export function passes({ name, sources, labels }: FeedbackFilter): RawBuilder<unknown> {
  const isNamed = name === undefined ? sql`true` : sql`name = ${name}`;
  return sql`${isNamed} ${oneOf("source", sources)} ${oneOf("label", labels)}`;
}

function oneOf(
  column: "source" | "label" | "name",
  words: readonly string[] | undefined,
): RawBuilder<unknown> {
  return words === undefined ? sql`` : sql`and ${sql.ref(column)} in (${sql.join(words)})`;
}

/**
 * The beginning of a statement: `units` of the phase with their measures, and `ratings` with a row for each feedback that counts
 * for one of them. What is said about a conversation or a unit (whose pseudonyms differ, so that only the kind which the
 * experiment randomises is found) is of the last phase that it had met by then.
 * `request` is the id of the request that is rated, null where the unit as a whole is.
 */
export function ratings(
  query: PhaseQuery & Partial<FeedbackMomentsQuery> & { readonly names?: readonly string[] | undefined },
  unitSums: UnitSums,
): RawBuilder<unknown> {
  const { experiment, phase, window, measures = [], names } = query;
  const counts = sql`state = 'joined' ${oneOf("name", names)}`;
  const isOver = window
    ? sql`and first_at <= ${new Date(window.nowMs - window.lengthMs).toISOString()}::timestamptz`
    : sql``;
  const isWithin = window
    ? sql`and observed_at < units.first_at + ${window.lengthMs}::float8 * interval '1 millisecond'`
    : sql``;
  const said = sql.raw("name, source, label, coalesce(score, outcome) as value");
  const columns = sql.raw(
    ["variant", "unit", "first_at", "segments", ...measureColumns(measures)].join(", "),
  );
  return sql`
    with units as (
      select ${columns} from ${remainingUnits(query, unitSums)} as remaining where true ${isOver}
    ), later as (
      select unit, min(first_at) as first_at from experiment_units
      where experiment = ${experiment} and phase > ${phase} group by unit
    ), said as (
      select subject_id, observed_at, ${said} from feedback where subject <> 'request' and ${counts}
    ), ratings as (
      select units.variant, units.unit, ${said}, subject_id as request
      from feedback join units on units.variant = experiment_variant and units.unit = experiment_unit
      where experiment = ${experiment} and experiment_phase = ${phase} and ${counts} ${isWithin}
      union all
      select units.variant, units.unit, name, source, label, value, null
      from said join units on units.unit = subject_id left join later on later.unit = subject_id
      where observed_at >= units.first_at and (later.first_at is null or observed_at < later.first_at) ${isWithin}
    )`;
}
