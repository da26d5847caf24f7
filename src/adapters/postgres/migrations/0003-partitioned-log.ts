import type { Migration } from "../migration.ts";
import { allBucketColumns } from "./histogram-columns.ts";

/**
 * The request log by days. `requests`, `attempts`, `captured_content`, the minutes of `request_totals` and
 * `unit_totals` are partitioned by the day inside the request id (UTC), so that a day leaves by dropping a table.
 * Days that no partition was made for (a clock that is far off) are in the default partitions: nothing is refused.
 */
export const partitionedLog: Migration = {
  name: "0003-partitioned-log",
  statements: [
    /*
     * Makes the partition of one day, for days near today by the database's clock: 40 back and 2 ahead. A wrong clock
     * thus makes 43 tables at most, whatever ids it brings; its rows are in the default partition, as are those of a
     * day which the default partition already has rows of. The lock makes concurrent creators wait for each other;
     * "if not exists" alone lets the later one fail.
     */
    `create function signalbox_day_partition(parent text, day date, storage text default '')
    returns void language plpgsql as $$
    declare
      today date := (now() at time zone 'UTC')::date;
      name text := parent || to_char(day, '"_"YYYYMMDD');
    begin
      if day not between today - 40 and today + 2 or to_regclass(name) is not null then return; end if;
      perform pg_advisory_xact_lock(5714926102);
      execute format('create table if not exists %I partition of %I for values from (%L) to (%L) %s',
        name, parent, day || ' 00:00:00+00', day + 1 || ' 00:00:00+00', storage);
    exception when check_violation then null;
    end $$`,
    // The rows that were there wait under these names for 0005, which moves and counts them.
    "alter table requests rename to requests_0002",
    "alter table attempts rename to attempts_0002",
    "alter table requests_0002 drop constraint requests_pkey",
    "drop index requests_by_route, requests_by_variant, requests_by_key, requests_not_completed",
    "alter table attempts_0002 drop constraint attempts_pkey",
    "drop index attempts_by_deployment",
    `create table requests (
      day date not null,
      id uuid not null,
      started_at timestamptz not null,
      operation text not null,
      dialect text not null,
      stream boolean not null,
      model text not null,
      key_id text,
      route text,
      variant text,
      deployment text,
      outcome text not null,
      status integer not null,
      error_code text,
      finish_reason text,
      upstream_response_id text,
      emulated boolean not null,
      attempt_count integer not null,
      input_tokens bigint,
      cached_input_tokens bigint,
      tool_input_tokens bigint,
      output_tokens bigint,
      thinking_tokens bigint,
      usage_by_modality jsonb,
      service_tier text,
      cost_pico bigint,
      cost_estimated boolean,
      unpriced_attempts integer,
      queue_ms double precision not null,
      gateway_ms double precision not null,
      first_byte_ms double precision,
      first_content_ms double precision,
      last_content_ms double precision,
      total_ms double precision not null,
      unit text,
      unit_source text,
      conversation text,
      capture text not null,
      tags jsonb not null,
      decision jsonb
    ) partition by range (day)`,
    "create table requests_default partition of requests default",
    `create table attempts (
      day date not null,
      request_id uuid not null,
      attempt integer not null,
      deployment text not null,
      provider text not null,
      variant text not null,
      model text not null,
      outcome text not null,
      status integer,
      failure text,
      input_tokens bigint,
      cached_input_tokens bigint,
      tool_input_tokens bigint,
      output_tokens bigint,
      thinking_tokens bigint,
      usage_by_modality jsonb,
      service_tier text,
      cost_pico bigint,
      cost_estimated boolean,
      started_ms double precision not null,
      connect_ms double precision,
      first_byte_ms double precision,
      first_content_ms double precision,
      last_content_ms double precision,
      total_ms double precision not null
    ) partition by range (day)`,
    "create table attempts_default partition of attempts default",
    "alter table requests add primary key (day, id)",
    "create index requests_by_route on requests (route, day, id)",
    "create index requests_by_variant on requests (variant, day, id)",
    "create index requests_by_deployment on requests (deployment, day, id) where deployment is not null",
    "create index requests_moved_on on requests (day, id) where attempt_count > 1",
    "create index requests_by_key on requests (key_id, day, id) where key_id is not null",
    "create index requests_not_completed on requests (outcome, day, id) where outcome <> 'completed'",
    "create index requests_by_conversation on requests (conversation, day, id) where conversation is not null",
    "create index requests_by_unit on requests (unit, day, id) where unit is not null",
    "alter table attempts add primary key (day, request_id, attempt)",
    `create table captured_content (
      day date not null,
      id uuid not null,
      request text not null,
      response text not null,
      truncated boolean not null,
      redactions integer not null,
      bytes bigint not null,
      primary key (day, id)
    ) partition by range (day)`,
    "create table captured_content_default partition of captured_content default",
    `create table log_gaps (
      from_time timestamptz not null,
      to_time timestamptz not null,
      reason text not null,
      requests bigint not null,
      primary key (from_time, to_time, reason)
    )`,
    /*
     * Counts and sums per route, variant and deployment ('' where there is none) at three resolutions: minutes, hours
     * and days (60, 3600 and 86400 s), which start at whole ones in UTC.
     */
    `create table request_totals (
      resolution_s integer not null,
      start timestamptz not null,
      route text not null,
      variant text not null,
      deployment text not null,
      requests bigint not null,
      completed bigint not null,
      failed bigint not null,
      refused bigint not null,
      aborted bigint not null,
      emulated bigint not null,
      fallbacks bigint not null,
      input_tokens bigint not null,
      cached_input_tokens bigint not null,
      tool_input_tokens bigint not null,
      output_tokens bigint not null,
      thinking_tokens bigint not null,
      gateway_ms_sum double precision not null,
      total_ms_sum double precision not null,
      first_content_count bigint not null,
      first_content_ms_sum double precision not null,
      attempts bigint not null,
      attempts_failed bigint not null,
      attempts_unpriced bigint not null,
      cost_pico numeric not null,
      cost_estimated_pico numeric not null,
      ${allBucketColumns.map((column) => `${column} integer`).join(", ")},
      primary key (resolution_s, start, route, variant, deployment)
    ) partition by list (resolution_s)`,
    "create table request_minutes partition of request_totals for values in (60) partition by range (start)",
    "create table request_minutes_default partition of request_minutes default with (fillfactor = 60)",
    "create table request_hours partition of request_totals for values in (3600) with (fillfactor = 60)",
    "create table request_days partition of request_totals for values in (86400) with (fillfactor = 60)",
    /*
     * Sums and sums of squares per unit and day: what an experiment compares. Units that are a single request
     * (source "request") are together under '': with one request each, the sums of squares say all there is to say.
     */
    `create table unit_totals (
      day date not null,
      route text not null,
      variant text not null,
      unit text not null,
      requests bigint not null,
      completed bigint not null,
      failed bigint not null,
      aborted bigint not null,
      input_tokens bigint not null,
      output_tokens bigint not null,
      cost_pico numeric not null,
      cost_pico_squares double precision not null,
      total_ms_sum double precision not null,
      total_ms_squares double precision not null,
      first_content_count bigint not null,
      first_content_ms_sum double precision not null,
      first_content_ms_squares double precision not null,
      primary key (day, route, variant, unit)
    ) partition by range (day)`,
    "create table unit_totals_default partition of unit_totals default",
  ],
};
