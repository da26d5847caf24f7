import type { Migration } from "../migration.ts";

/**
 * What was done with deployments while Signalbox runs (status), apart from what configurations say of them
 * (specification). Each change takes the next number of `status_epoch`. While a deployment drains, each process tells
 * what it still has under way there, so that one of them can say when it is over.
 */
export const deploymentStatus: Migration = {
  name: "0008-deployment-status",
  statements: [
    `create table deployment_status (
      deployment text primary key,
      state text not null,
      since timestamptz,
      weight double precision check (weight > 0),
      changed_at timestamptz not null,
      changed_by text not null,
      why text,
      registered jsonb,
      report jsonb,
      epoch bigint not null
    )`,
    `create table deployment_under_way (
      deployment text not null,
      process text not null,
      count bigint not null,
      seen_at timestamptz not null,
      primary key (deployment, process)
    )`,
  ],
};
