import type { Migration } from "../migration.ts";

/**
 * Finds a unit in whatever experiments it was, by its pseudonym alone: feedback stays as long as an experiment has the unit that it
 * counts for. By hash: four bytes a row, and only equality is ever asked. Feedback that is old is looked through in the order in
 * which it came, its id telling apart what came at once.
 */
export const unitsByName: Migration = {
  name: "0019-units-by-name",
  statements: [
    "create index experiment_units_by_unit on experiment_units using hash (unit)",
    "create index feedback_by_age on feedback (received_at, id)",
    "drop index feedback_by_receipt",
  ],
};
