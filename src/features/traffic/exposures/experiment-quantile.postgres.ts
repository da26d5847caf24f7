import { sql, type Kysely, type RawBuilder, type Transaction } from "kysely";
import { assert } from "#core/kernel/assert.ts";
import { ok } from "#core/kernel/result.ts";
import { crossMomentsFromSums } from "#core/statistics/cross-moments.ts";
import { quantilePlaces } from "#core/statistics/quantile-estimate.ts";
import type {
  QuantileMeasure,
  QuantileQuery,
  RequestsAround,
  VariantQuantile,
} from "./experiment-quantile.ts";
import { isAskedFor, isWithin } from "./remaining-units.postgres.ts";

/** Where a value is, and which requests have one: as migration 0013 counts `timed` and `first_content_count`. */
const columns: Readonly<Record<QuantileMeasure, string>> = {
  totalMs: "total_ms",
  firstContentMs: "first_content_ms",
};
const conditions: Readonly<Record<QuantileMeasure, string>> = {
  totalMs: "outcome = 'completed'",
  firstContentMs: "first_content_ms is not null",
};

interface CountRow {
  readonly variant: string;
  readonly count: number;
}

interface AroundRow {
  readonly variant: string;
  readonly around: readonly [lower: number, at: number, upper: number];
  readonly units: number;
  readonly sum_x: number;
  readonly sum_y: number;
  readonly squares_x: number;
  readonly squares_y: number;
  readonly products: number;
}

/**
 * Once over the requests, whose values are put aside: how many there are says which places of them are wanted. Places are
 * found by sorting in the database, and units are summed up there: a row for each variant leaves it.
 */
export async function experimentQuantile(
  database: Kysely<unknown>,
  query: QuantileQuery,
): Promise<readonly VariantQuantile[]> {
  return database
    .transaction()
    .execute((transaction) => quantileOfValues(transaction, requestValues(query), query));
}

/**
 * A quantile of the values that a statement gives: its rows have a variant, a unit and a value, in this order.
 * @param transaction in which they are put aside
 */
export async function quantileOfValues(
  transaction: Transaction<unknown>,
  values: RawBuilder<unknown>,
  query: Pick<QuantileQuery, "level" | "alpha">,
): Promise<readonly VariantQuantile[]> {
  await putAside(transaction, values);
  const { rows } = await sql<CountRow>`
    select variant, count(*)::int as count from experiment_values
    group by variant order by variant collate "C"`.execute(transaction);
  const arms = rows.map(({ variant, count }) => ({
    variant,
    count,
    places: quantilePlaces({ count, level: query.level, alpha: query.alpha }),
  }));
  const wanted = arms.flatMap(({ variant, count, places }) =>
    places.ok ? [{ variant, count, ...places.value }] : [],
  );
  const found = await aroundOf(transaction, wanted);
  return arms.map(({ variant, count, places }) => ({
    variant,
    count,
    around: places.ok ? ok(requestsAround(found.get(variant))) : places,
  }));
}

/** Until the transaction ends. */
async function putAside(transaction: Transaction<unknown>, values: RawBuilder<unknown>): Promise<void> {
  await sql`create temporary table experiment_values
    (variant text not null, unit text not null, ms double precision not null) on commit drop`.execute(
    transaction,
  );
  await sql`insert into experiment_values ${values}`.execute(transaction);
}

/** The requests of the experiment with a value: variant, unit and value. */
function requestValues(query: QuantileQuery): RawBuilder<unknown> {
  const { experiment, phase, stable, measure, perProtocol, without = [] } = query;
  const isLeft = without.length === 0 ? sql`` : sql`and not ${isWithin(without)}`;
  const isItsOwn = perProtocol
    ? sql`and (decision #>> '{experiment,variant}', decision #>> '{experiment,unit}') in (
        select variant, unit from experiment_units as total where ${isAskedFor(query)})`
    : sql``;
  const isStable =
    stable === undefined ? sql`` : sql`and decision #>> '{experiment,stable}' = ${String(stable)}`;
  return sql`
    select decision #>> '{experiment,variant}', decision #>> '{experiment,unit}', ${sql.ref(columns[measure])}
    from requests where decision #>> '{experiment,name}' = ${experiment}
      and decision #>> '{experiment,phase}' = ${String(phase)} and decision #>> '{experiment,unit}' is not null
      and decision ->> 'degraded' is distinct from 'cached' and ${sql.raw(conditions[measure])}
      ${isStable} ${isLeft} ${isItsOwn}`;
}

/** Which places of the sorted values of a variant. */
interface WantedPlaces {
  readonly variant: string;
  readonly count: number;
  readonly lower: number;
  readonly at: number;
  readonly upper: number;
}

/** `percentile_disc` takes the place ceil(share x count): shares are of the middle before it, which no rounding moves. */
async function aroundOf(
  transaction: Transaction<unknown>,
  wanted: readonly WantedPlaces[],
): Promise<ReadonlyMap<string, AroundRow>> {
  if (wanted.length === 0) return new Map();
  const shares = wanted.map(({ variant, count, lower, at, upper }) => ({
    variant,
    shares: [lower, at, upper].map((place) => (place - 0.5) / count),
  }));
  const { rows } = await sql<AroundRow>`
    with places as (
      select variant, shares from json_to_recordset(${JSON.stringify(shares)}::json) as place (variant text, shares float8[])
    ), around as (
      select variant, (
        select percentile_disc(shares) within group (order by ms) from experiment_values where variant = places.variant
      ) as around from places
    ), units as (
      select variant, count(*) as x, count(*) filter (where ms <= around[2]) as y
      from experiment_values join around using (variant) group by variant, unit
    ), sums as (
      select variant, count(*)::float8 as units, sum(x)::float8 as sum_x, sum(y)::float8 as sum_y,
        sum(x * x)::float8 as squares_x, sum(y * y)::float8 as squares_y, sum(x * y)::float8 as products
      from units group by variant
    )
    select sums.*, to_json(around) as around from sums join around using (variant)`.execute(transaction);
  return new Map(rows.map((row) => [row.variant, row]));
}

/** Sums of whole numbers are exact, so that nothing is lost between them. */
function requestsAround(row: AroundRow | undefined): RequestsAround {
  assert(row !== undefined, "a variant with values has values at their places");
  const [lower, at, upper] = row.around;
  const below = crossMomentsFromSums({
    count: row.units,
    sumX: row.sum_x,
    sumY: row.sum_y,
    sumSquaresX: row.squares_x,
    sumSquaresY: row.squares_y,
    sumProducts: row.products,
  });
  assert(below.ok, "counts of requests are finite");
  return { values: { lower, at, upper }, below: below.value };
}
