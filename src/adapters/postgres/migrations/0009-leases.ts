import type { Migration } from "../migration.ts";

/** Rights that one process of a fleet has at a time; a row whose end has passed is anybody's. */
export const leases: Migration = {
  name: "0009-leases",
  statements: [
    `create table leases (
      name text primary key,
      holder text not null,
      ends_at timestamptz not null
    )`,
  ],
};
