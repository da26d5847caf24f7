import type { Migration } from "../migration.ts";

/** Attempts that went on with a stream which had broken elsewhere; null, as in older rows, is none. */
export const resumingAttempts: Migration = {
  name: "0012-resuming-attempts",
  statements: ["alter table attempts add column resumes boolean"],
};
