import type { Migration } from "../migration.ts";

/**
 * What became of experiments (status), apart from what configurations say of them (specification). Each change takes the
 * next number of `status_epoch`, is kept whole in one transaction, and stays in `experiment_events` for ever. A phase holds
 * its design as written (json, which keeps the order of variants, and so the control) and the hashes of its variants: what
 * was compared is known however the configuration goes on.
 */
export const experiments: Migration = {
  name: "0014-experiments",
  statements: [
    `create table experiment_phases (
      experiment text not null,
      phase bigint not null check (phase > 0),
      salt text not null,
      design json not null,
      hashes jsonb not null,
      configuration bigint not null,
      started_at timestamptz not null,
      ended_at timestamptz,
      primary key (experiment, phase)
    )`,
    `create table experiments (
      experiment text primary key,
      state text not null,
      since timestamptz not null,
      phase bigint not null,
      winner text,
      changed_at timestamptz not null,
      changed_by text not null,
      why text,
      epoch bigint not null,
      foreign key (experiment, phase) references experiment_phases
    )`,
    `create table experiment_events (
      experiment text not null,
      epoch bigint not null,
      at timestamptz not null,
      actor text not null,
      from_state text not null,
      to_state text not null,
      phase bigint not null,
      why text,
      primary key (experiment, epoch)
    )`,
  ],
};
