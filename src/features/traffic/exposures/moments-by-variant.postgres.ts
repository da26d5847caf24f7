import { sql, type Kysely, type RawBuilder, type Transaction } from "kysely";
import { present } from "#core/kernel/present.ts";
import type { VariantMoments } from "./experiment-moments.ts";

/** Units whose mean the sums are taken around: near enough to each variant's, and read at once. */
const pilotUnits = 1_000;

/** Sums of one variant: of deviations from the pilot's means, and the products of each two of these, row after row. */
interface MomentsRow {
  readonly variant: string;
  readonly part?: number;
  readonly units: number;
  readonly abouts: readonly number[];
  readonly sums: readonly number[];
  /** Of the first with all, of the second with itself and those after it, ... */
  readonly products: readonly number[];
}

/** What units have, in the database. */
interface MeasuredUnits {
  /** A statement with a row for each unit: its `variant`, and `v0`, `v1`, ... of the type float8. */
  readonly measured: RawBuilder<unknown>;
  /** What that reads, where it is dear to find twice: parts of a `with`, with a comma behind. Absent where it is cheap. */
  readonly before?: RawBuilder<unknown>;
  /** How many `v` there are. */
  readonly variables: number;
  /** Whether each row has a `part`, and moments are told part by part. */
  readonly isParted?: boolean;
}

/**
 * The moments of each variant's units, in the order of the variants' names and their parts: in one pass around the means of a few units,
 * corrected for what these are off (Chan, Golub and LeVeque 1983, The American Statistician 37(3), eq. 1.7), which costs
 * (off / standard deviation)^2 of the last digit. A second pass around each variant's own means took twice to four times as
 * long (measured 2026-11-27 over 1,000,000 units). A row for each variant leaves the database.
 */
export async function momentsByVariant(
  database: Kysely<unknown>,
  { measured, variables, before = sql``, isParted = false }: MeasuredUnits,
): Promise<readonly VariantMoments[]> {
  const groups = isParted ? "variant, part" : "variant";
  const places = [...Array(variables).keys()];
  const each = (text: (place: number) => string) => places.map((place) => text(place));
  const products = places.flatMap((one) => places.slice(one).map((other) => `sum(d${one} * d${other})`));
  const { rows } = await sql<MomentsRow>`
    -- Worked out once: without statistics of the table it looks cheap enough to work out anew for each unit.
    with ${before} pilot as materialized (
      select ${listed("count(*)", ...each((place) => `avg(v${place}) as m${place}`))}
      from (select * from (${measured}) as all_of_them limit ${sql.lit(pilotUnits)}) as few
    ), deviating as (
      select ${listed(
        groups,
        ...each((place) => `m${place}`),
        ...each((place) => `v${place} - m${place} as d${place}`),
      )}
      from (${measured}) as measured cross join pilot
      -- Keeps each deviation from being worked out anew in every product.
      offset 0
    )
    select ${sql.raw(groups)}, count(*)::int as units, ${array(each((place) => `min(m${place})`))} as abouts,
      ${array(each((place) => `sum(d${place})`))} as sums, ${array(products)} as products
    from deviating group by ${sql.raw(groups)}
    order by variant collate "C" ${sql.raw(isParted ? ", part" : "")}`.execute(database);
  return rows.map(momentsOf);
}

/** The same of units that are dear to find: they are looked for once, and put aside until the transaction ends. */
export async function momentsPutAside(
  transaction: Transaction<unknown>,
  { measured, ...asked }: MeasuredUnits,
): Promise<readonly VariantMoments[]> {
  const values = [...Array(asked.variables).keys()].map((place) => `v${place} double precision`);
  const columns = ["variant text not null", ...values, ...(asked.isParted ? ["part integer"] : [])];
  await sql`create temporary table measured_units (${listed(...columns)}) on commit drop`.execute(
    transaction,
  );
  await sql`insert into measured_units ${measured}`.execute(transaction);
  return momentsByVariant(transaction, { ...asked, measured: sql`select * from measured_units` });
}

/** Names and expressions of this file, none of them from outside. */
function listed(...expressions: readonly string[]): RawBuilder<unknown> {
  return sql.raw(expressions.join(", "));
}

/** As JSON, which both drivers read alike, and which says a number exactly. */
function array(expressions: readonly string[]): RawBuilder<unknown> {
  return sql`to_json(array[${listed(...expressions)}]::float8[])`;
}

/** What a correction of sums may leave of nothing, as a share of them. */
const rounding = 1e-12;

function momentsOf({ variant, part, units, abouts, sums, products }: MomentsRow): VariantMoments {
  const lost = sums.map((sum) => sum / units);
  const deviations = abouts.map((): number[] => []);
  let next = 0;
  for (const [one, row] of deviations.entries()) {
    for (const [more, other] of deviations.slice(one).entries()) {
      const about = products[next++] ?? 0;
      const product = about - (sums[one] ?? 0) * (lost[one + more] ?? 0);
      // A sum of squares is never below 0; what the correction leaves of one that is 0 is rounding.
      if (more === 0) row[one] = product > rounding * about ? product : 0;
      else row[one + more] = other[one] = product;
    }
  }
  return {
    variant,
    ...present({ part }),
    units,
    means: abouts.map((about, place) => about + (lost[place] ?? 0)),
    deviations,
  };
}
