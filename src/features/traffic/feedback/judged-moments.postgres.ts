import { sql, type Kysely, type RawBuilder } from "kysely";
import type { judgedVariables } from "#core/statistics/judged-units.ts";
import type { VariantMoments } from "#features/traffic/exposures/experiment-moments.ts";
import { withHashJoins } from "#features/traffic/exposures/hash-joins.postgres.ts";
import { momentsPutAside } from "#features/traffic/exposures/moments-by-variant.postgres.ts";
import type { UnitSums } from "#features/traffic/exposures/remaining-units.postgres.ts";
import type { FeedbackFilter } from "./feedback-moments.ts";
import { passes, ratings } from "./feedback-moments.postgres.ts";
import type { JudgedMomentsQuery } from "./judged-moments.ts";

/** What is summed over a unit's outputs, in the order of `judgedVariables`; null where there is none. */
const sums = {
  labelled: "count(human)",
  human: "sum(human)",
  judge: "sum(judge) filter (where human is not null)",
  both: "sum(judge * human)",
  unlabelled: "count(*) filter (where human is null)",
  rest: "sum(judge) filter (where human is null)",
  isLabelled: "least(count(human), 1)",
  graded: "count(*) filter (where judge not in (0, 1)) + count(*) filter (where human not in (0, 1))",
} as const satisfies Readonly<Record<(typeof judgedVariables)[number], string>>;

/** What a judge and humans said of each unit of the phase. */
export async function judgedMoments(
  database: Kysely<unknown>,
  { judge, human, ...query }: JudgedMomentsQuery,
  unitSums: UnitSums,
): Promise<readonly VariantMoments[]> {
  const names = [...new Set([judge.name, human.name])];
  const places = Object.values(sums);
  const added = sql.raw(places.map((sum, place) => `(${sum})::float8 as s${place}`).join(", "));
  const told = sql.raw(places.map((_, place) => `coalesce(s${place}, 0) as v${place}`).join(", "));
  const measured = sql`
    ${ratings({ ...query, names }, unitSums)}, outputs as (
      select variant, unit, ${meanOf(judge)} as judge, ${meanOf(human)} as human
      from ratings where value is not null group by variant, unit, request
    ), sums as (
      select variant, unit, ${added} from outputs where judge is not null group by variant, unit
    )
    select variant, ${told} from units left join sums using (variant, unit)`;
  // Found once: of 200,000 units with 420,000 values that took 3.2 s to 9.5 s on a busy machine, and 10.2 s to 13.2 s where they were
  // found twice (measured 2026-11-27).
  return withHashJoins(database, (transaction) =>
    momentsPutAside(transaction, { measured, variables: places.length }),
  );
}

function meanOf(filter: FeedbackFilter): RawBuilder<unknown> {
  return sql`avg(value) filter (where ${passes(filter)})`;
}
