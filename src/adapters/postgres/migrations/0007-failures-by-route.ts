import type { Migration } from "../migration.ts";

/** What went wrong on a route is what people look for; few requests did, so that an index of them costs next to nothing. */
export const failuresByRoute: Migration = {
  name: "0007-failures-by-route",
  statements: [
    "create index requests_failed_by_route on requests (route, outcome, day, id) where outcome <> 'completed'",
  ],
};
