import type { Migration } from "../migration.ts";

/**
 * Who is told what of experiments. A verdict as it was read last, so that only a change of it is told. Messages wait here until
 * they are taken: written with what they tell of in one transaction, so that a crash loses none, and under an id of what happened,
 * so that none is made twice. The cursor is the change of a status up to which messages were made; no row where nobody is told.
 */
export const experimentNotifications: Migration = {
  name: "0018-experiment-notifications",
  statements: [
    `create table experiment_verdicts (
      experiment text primary key,
      phase bigint not null,
      decision text not null,
      variant text,
      sentence text not null,
      changes bigint not null,
      read_at timestamptz not null
    )`,
    `create table notifications (
      id text not null,
      target text not null,
      number bigint generated always as identity,
      experiment text not null,
      kind text not null,
      body text not null,
      made_at timestamptz not null,
      state text not null default 'waiting',
      attempts integer not null default 0,
      at timestamptz not null,
      failure text,
      primary key (id, target)
    )`,
    "create index notifications_waiting on notifications (target, number) where state = 'waiting'",
    "create index notifications_by_experiment on notifications (experiment, number)",
    `create table notification_cursor (
      alone boolean primary key default true check (alone),
      epoch bigint not null
    )`,
    // Changes are read after one, of all experiments; their number is one over all.
    "create index experiment_events_by_epoch on experiment_events (epoch)",
  ],
};
