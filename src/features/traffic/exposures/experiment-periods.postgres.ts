import { sql, type Kysely } from "kysely";
import {
  versionsMax,
  type AnsweredVersion,
  type ExperimentPeriod,
  type PeriodsQuery,
  type VersionsQuery,
} from "./experiment-periods.ts";

interface PeriodRow extends Omit<ExperimentPeriod, "startMs" | "keptAnswers"> {
  readonly start_ms: number;
  readonly kept_answers: number;
}

interface VersionRow extends Omit<AnsweredVersion, "firstMs" | "lastMs"> {
  readonly first_ms: number;
  readonly last_ms: number;
}

/** What happened in each period, from sums by the minute (migration 0017). */
export async function experimentPeriods(
  database: Kysely<unknown>,
  { experiment, phase, widthMs }: PeriodsQuery,
): Promise<readonly ExperimentPeriod[]> {
  const { rows } = await sql<PeriodRow>`
    select variant, (extract(epoch from date_bin(${widthMs} * interval '1 ms', start, 'epoch')) * 1000)::float8 as start_ms,
      sum(requests)::float8 as requests, sum(failed)::float8 as failed, sum(aborted)::float8 as aborted,
      sum(fallbacks)::float8 as fallbacks, sum(kept_answers)::float8 as kept_answers
    from experiment_periods where experiment = ${experiment} and phase = ${phase}
    group by variant, start_ms order by start_ms, variant collate "C"`.execute(database);
  return rows.map(({ start_ms: startMs, kept_answers: keptAnswers, ...same }) => ({
    ...same,
    startMs,
    keptAnswers,
  }));
}

/** What providers said answered (migration 0017). */
export async function experimentVersions(
  database: Kysely<unknown>,
  { experiment, phase, sinceMs = 0 }: VersionsQuery,
): Promise<readonly AnsweredVersion[]> {
  const { rows } = await sql<VersionRow>`
    select * from (
      select variant, model, version, sum(requests)::float8 as requests,
        (extract(epoch from min(start)) * 1000)::float8 as first_ms, (extract(epoch from max(start)) * 1000)::float8 as last_ms
      from experiment_periods where experiment = ${experiment} and phase = ${phase} and version <> ''
        and start >= to_timestamp(${sinceMs / 1_000}::float8)
      group by variant, model, version order by requests desc, version collate "C" limit ${sql.lit(versionsMax)}
    ) as most
    order by variant collate "C", model collate "C", first_ms, version collate "C"`.execute(database);
  return rows.map(({ first_ms: firstMs, last_ms: lastMs, ...same }) => ({ ...same, firstMs, lastMs }));
}
