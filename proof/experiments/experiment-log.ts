import { sql, type Kysely } from "kysely";
import { exposures } from "#adapters/postgres/migrations/0013-experiment-units.ts";

/** What the requests of a made log are of. */
export const loggedExperiment = { experiment: "flash-or-pro", phase: 1 } as const;

/** Variants that its units are shared out to, in turn; the first is the control. */
export const loggedVariants = ["flash", "pro", "argon"] as const;

/** Requests that one statement brings. */
const batchSize = 100_000;

/**
 * Makes the requests of an experiment in the database, and sums up their units as the function that keeps requests does: two of
 * each unit, of today, a few of them failed, with times that spread out and go together in a unit. The same in every run.
 */
export async function loadExperimentLog(database: Kysely<unknown>, units: number): Promise<void> {
  await sql`select signalbox_day_partition('requests', (now() at time zone 'UTC')::date)`.execute(database);
  for (let first = 0; first < 2 * units; first += batchSize) {
    await insertRequests(database, { first, last: Math.min(2 * units, first + batchSize) - 1 });
  }
  await sql`
    with inserted as (
      select *, decision -> 'experiment' as experiment, decision ->> 'degraded' as degraded,
        case when outcome = 'completed' then total_ms end as completed_ms
      from requests
    )${sql.raw(exposures)}
    select count(*) from exposures`.execute(database);
  // As autovacuum does behind a load.
  await sql`analyze`.execute(database);
}

/** A number in (0, 1) that a number decides: its hashes with several salts are as good as several draws. */
function chance(of: string, salt: number) {
  return sql.raw(`((hashint8extended(${of}, ${salt}) & 1048575) + 1) / 1048577.0`);
}

async function insertRequests(
  database: Kysely<unknown>,
  { first, last }: { readonly first: number; readonly last: number },
): Promise<void> {
  await sql`
    insert into requests (day, id, started_at, operation, dialect, stream, model, route, variant, deployment, outcome,
      status, emulated, attempt_count, input_tokens, cached_input_tokens, tool_input_tokens, output_tokens, thinking_tokens,
      cost_pico, cost_estimated, unpriced_attempts, queue_ms, gateway_ms, first_content_ms, last_content_ms, total_ms,
      capture, tags, decision)
    select (now() at time zone 'UTC')::date, ('0197a000-0000-7000-8000-' || lpad(to_hex(number), 12, '0'))::uuid,
      date_trunc('day', now(), 'UTC') + number * interval '1 ms', 'chat', 'openai-chat', true, 'support', 'support',
      variant, variant || '-a', case when has_failed then 'failed' else 'completed' end,
      case when has_failed then 502 else 200 end, false, 1, 200 + (3000 * ${chance("number", 1)})::int, 0, 0,
      20 + (800 * ${chance("number", 2)})::int, (400 * ${chance("number", 3)})::int,
      (1e9 * ${chance("number", 4)})::bigint, false, 0, 0.2, 0.8, first_ms, total_ms - 1, total_ms, 'metadata', '{}',
      jsonb_build_object('route', 'support', 'variant', variant, 'strategy', 'weighted',
        'candidates', jsonb_build_array(jsonb_build_object('variant', variant, 'probability', 1)), 'propensity', 1,
        'ladder', jsonb_build_array(variant || '-a', 'last-resort'), 'reason', '0.5 fell into its share',
        'warnings', '[]'::jsonb, 'snapshot', jsonb_build_object('configuration', 'c1', 'statusEpoch', 1),
        'experiment', jsonb_build_object('name', ${loggedExperiment.experiment}::text,
          'phase', ${loggedExperiment.phase}::int, 'variant', variant, 'propensity', 0.3333,
          'unit', 'unit-' || unit, 'stable', true))
    from (
      select *, first_ms + 200 * exp(2 * ${chance("unit", 5)} + 2 * ${chance("number", 6)}) as total_ms from (
        select number, number / 2 as unit,
          (${[...loggedVariants]}::text[])[number / 2 % ${sql.lit(loggedVariants.length)} + 1] as variant,
          ${chance("number", 7)} < 0.03 as has_failed,
          150 * exp(${chance("number / 2", 8)} + ${chance("number", 9)}) as first_ms
        from generate_series(${first}::bigint, ${last}::bigint) as number
      ) as drawn
    ) as timed`.execute(database);
}
