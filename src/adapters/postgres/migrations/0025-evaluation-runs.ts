import type { Migration } from "../migration.ts";

/**
 * Runs of evaluations that Signalbox carries out itself. A run is one process's at a time: `holder` until `lease_ends_at`, and
 * `epoch` counts who has taken it, so that whoever lost it writes nothing more. Evaluations and items are json, not jsonb: the
 * order of targets says which others are compared with. A line is text as a run's file has it: JSON's escapes hold what Postgres
 * has no place for.
 */
export const evaluationRuns: Migration = {
  name: "0025-evaluation-runs",
  statements: [
    `create table evaluation_runs (
      id uuid primary key,
      name text not null,
      evaluation json not null,
      -- Of an evaluation that brings its items; null for a bundled set.
      items json,
      manifest json,
      state text not null,
      -- Why it ended before all was done.
      stop json,
      -- Tasks: all there are, those that are over, those of them without an answer, those whose answers were lost.
      total integer not null default 0,
      done integer not null default 0,
      failed integer not null default 0,
      lost integer not null default 0,
      cost_usd double precision not null default 0,
      retries_errors boolean not null default false,
      stop_wanted boolean not null default false,
      created_at timestamptz not null,
      created_by text not null,
      started_at timestamptz,
      finished_at timestamptz,
      epoch bigint not null default 0,
      holder text,
      lease_ends_at timestamptz
    )`,
    // What every process looks for again and again; of runs that are over it has nothing.
    `create index evaluation_runs_open on evaluation_runs (id) where state in ('queued', 'running')`,
    `create table evaluation_lines (
      run uuid not null references evaluation_runs (id) on delete cascade,
      sequence bigint not null,
      position integer not null,
      target text not null,
      repeat integer not null,
      kind text not null,
      line text not null,
      primary key (run, sequence)
    )`,
  ],
};
