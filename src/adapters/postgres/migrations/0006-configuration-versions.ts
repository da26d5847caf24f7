import type { Migration } from "../migration.ts";

/**
 * Configurations as people applied them (specification), and what controllers observe and do (status): apart, so that
 * neither is ever mistaken for the other. Versions are only ever added. A version's number is its parent's and one:
 * of two that are applied on the same parent at once, the primary key lets one in.
 */
export const configurationVersions: Migration = {
  name: "0006-configuration-versions",
  statements: [
    `create table configuration_versions (
      number bigint primary key,
      version text not null,
      text text not null,
      applied_at timestamptz not null,
      applied_by text not null,
      comment text,
      source text not null,
      parent bigint references configuration_versions,
      restores bigint references configuration_versions,
      constraint one_after_another check (number = coalesce(parent, 0) + 1)
    )`,
    "create index configuration_versions_by_content on configuration_versions (version, number)",
    `create table status (
      key text primary key,
      value jsonb not null,
      epoch bigint not null,
      changed_at timestamptz not null
    )`,
    // One row. Whoever changes the status takes its next number first, so that changes go one after another.
    "create table status_epoch (only_row boolean primary key default true check (only_row), epoch bigint not null)",
    "insert into status_epoch (epoch) values (0)",
  ],
};
