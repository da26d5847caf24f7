import type { Migration } from "../migration.ts";

/**
 * What judges of live answers have cost, by evaluation and day (UTC), whole pico-dollars: taken before it is spent, so that all
 * replicas keep to one budget.
 */
export const evaluationSpending: Migration = {
  name: "0023-evaluation-spending",
  statements: [
    `create table evaluation_spending (
      evaluation text not null,
      day date not null,
      pico numeric not null,
      primary key (evaluation, day)
    )`,
  ],
};
