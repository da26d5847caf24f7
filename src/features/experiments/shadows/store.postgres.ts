import { sql, type Kysely, type RawBuilder } from "kysely";
import { storeError } from "#adapters/postgres/database-port.ts";
import { postgresSpendingStore } from "#features/gateway/index.ts";
import { momentsByVariant } from "#features/traffic/index.ts";
import { duelEnds, type DropReason, type DuelEnd, type ShadowPair } from "./shadow-pair.ts";
import type { Dropped, DuelCounts, PairVariable, PhaseName, ShadowStore, UnitDuels } from "./store.ts";

type Database = Kysely<unknown>;

/** Pairs and spending in Postgres or PGlite; the tables are explained in migration 0020. */
export function postgresShadowStore(database: Database): ShadowStore {
  return {
    ...postgresSpendingStore(database, "experiment"),
    keep: (pair) => reported("keep a pair", () => keep(database, pair)),
    drop: (dropped) => reported("count what was not compared", () => drop(database, dropped)),
    dropped: (phase) =>
      reported("read what was not compared", async () => {
        const { rows } = await sql<{ readonly reason: DropReason; readonly requests: number }>`
          select reason, requests::float8 as requests from experiment_pair_drops
          where ${of(phase)} order by reason collate "C"`.execute(database);
        return rows;
      }),
    moments: (phase, variables) =>
      reported("read pairs", () =>
        momentsByVariant(database, {
          before: sql`unit_sums as materialized (${unitSums(phase, variables)}),`,
          measured: sql`select * from unit_sums`,
          variables: variables.length,
        }),
      ),
    duelCounts: (phase) => reported("read duels", () => duelCounts(database, phase)),
    unitDuels: (phase, limit) => reported("read duels", () => unitDuels(database, phase, limit)),
    unstable: (phase) =>
      reported("read pairs", async () => {
        const { rows } = await sql<{ readonly pairs: number }>`
          select count(*)::int as pairs from experiment_pairs where ${of(phase)} and not stable`.execute(
          database,
        );
        return rows[0]?.pairs ?? 0;
      }),
  };
}

async function reported<Value>(action: string, call: () => Promise<Value>): Promise<Value> {
  try {
    return await call();
  } catch (error) {
    throw storeError(action, error);
  }
}

function of({ experiment, phase }: PhaseName): RawBuilder<unknown> {
  return sql`experiment = ${experiment} and phase = ${phase}::int`;
}

async function keep(database: Database, pair: ShadowPair): Promise<void> {
  const { duel } = pair;
  await sql`
    insert into experiment_pairs (experiment, phase, request_id, shadow_id, at, variant, unit, stable, control, treatment,
      duel, score_first, score_second, judge_pico)
    values (${pair.experiment}, ${pair.phase}::int, ${pair.requestId}::uuid, ${pair.shadowId}::uuid,
      ${new Date(pair.atMs)}, ${pair.variant}, ${pair.unit}, ${pair.stable},
      ${JSON.stringify(pair.control)}::json, ${JSON.stringify(pair.treatment)}::json, ${duel?.end ?? null}::text,
      ${duel?.scores?.first ?? null}::float8, ${duel?.scores?.second ?? null}::float8, ${duel?.picoDollars ?? 0}::bigint)
    on conflict do nothing`.execute(database);
}

async function drop(database: Database, dropped: readonly Dropped[]): Promise<void> {
  for (const { experiment, phase, reason, requests } of dropped) {
    await sql`
      insert into experiment_pair_drops as total (experiment, phase, reason, requests)
      values (${experiment}, ${phase}::int, ${reason}, ${requests}::bigint)
      on conflict (experiment, phase, reason) do update set requests = total.requests + excluded.requests`.execute(
      database,
    );
  }
}

const judged = "(case when duel in ('won', 'lost', 'tied', 'inconsistent') then 1 else 0 end)";
/** Of the treatment: 1 a win, 1/2 a tie, 0 a loss. */
const score = "(case duel when 'won' then 1 when 'tied' then 0.5 when 'inconsistent' then 0.5 else 0 end)";

/**
 * A row for each unit and treatment, with the sums of the variables; names and expressions are of this file. Each json is read
 * once for all of its measures.
 */
function unitSums(phase: PhaseName, variables: readonly PairVariable[]): RawBuilder<unknown> {
  const sums = variables.map(
    (variable, place) => `coalesce(sum(${valueOf(variable)}), 0)::float8 as v${place}`,
  );
  return sql`
    select ${sql.raw(["variant", ...sums].join(", "))}
    from experiment_pairs ${sideOf("control", variables)} ${sideOf("treatment", variables)}
    where ${of(phase)} group by variant, unit`;
}

/** The measures of a side that are asked for, as columns of its name; nothing where none is. */
function sideOf(side: "control" | "treatment", variables: readonly PairVariable[]): RawBuilder<unknown> {
  const columns = variables.flatMap((variable) =>
    typeof variable === "object" && variable.side === side ? [`"${variable.measure}" float8`] : [],
  );
  return columns.length === 0
    ? sql``
    : sql.raw(`cross join lateral json_to_record(${side}) as of_${side}(${columns.join(", ")})`);
}

function valueOf(variable: PairVariable): string {
  if (variable === "judged") return judged;
  return variable === "score" ? score : `of_${variable.side}."${variable.measure}"`;
}

async function duelCounts(database: Database, phase: PhaseName): Promise<readonly DuelCounts[]> {
  const { rows } = await sql<DuelRow>`
    select variant, duel, count(*)::int as duels, sum(judge_pico)::float8 as pico
    from experiment_pairs where ${of(phase)} and duel is not null
    group by variant, duel order by variant collate "C"`.execute(database);
  return [...Map.groupBy(rows, ({ variant }) => variant)].map(([variant, ended]) => ({
    variant,
    ends: endsOf(ended),
    picoDollars: ended.reduce((sum, { pico }) => sum + pico, 0),
  }));
}

interface DuelRow {
  readonly variant: string;
  readonly duel: DuelEnd;
  readonly duels: number;
  readonly pico: number;
}

function endsOf(rows: readonly DuelRow[]): DuelCounts["ends"] {
  const count = (end: DuelEnd) => rows.find(({ duel }) => duel === end)?.duels ?? 0;
  const [won, lost, tied, inconsistent, failed, unanswered] = duelEnds.map(count);
  return {
    won: won ?? 0,
    lost: lost ?? 0,
    tied: tied ?? 0,
    inconsistent: inconsistent ?? 0,
    "judge-failed": failed ?? 0,
    unanswered: unanswered ?? 0,
  };
}

async function unitDuels(database: Database, phase: PhaseName, limit: number): Promise<readonly UnitDuels[]> {
  const { rows } = await sql<UnitDuels>`
    select variant, unit, sum(${sql.raw(judged)})::int as judged, sum(${sql.raw(score)})::float8 as score,
      sum(score_first)::float8 as "scoreFirst", sum(score_second)::float8 as "scoreSecond"
    from experiment_pairs where ${of(phase)} and score_first is not null
    group by variant, unit order by variant collate "C", unit collate "C" limit ${limit}::int`.execute(
    database,
  );
  return rows;
}
