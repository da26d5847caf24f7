import type { Migration } from "../migration.ts";

/** Attempts that brought more of an answer which an earlier one had begun; null, as in older rows, is none. */
export const continuingAttempts: Migration = {
  name: "0011-continuing-attempts",
  statements: ["alter table attempts add column continues boolean"],
};
