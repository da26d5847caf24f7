import type { Migration } from "../migration.ts";

/** Why an attempt went to a deployment that was not as it should be; null of all others, which takes no room. */
export const chosenAttempts: Migration = {
  name: "0010-chosen-attempts",
  statements: ["alter table attempts add column chosen text"],
};
