import type { Migration } from "../migration.ts";

/**
 * Finds the requests of an experiment, the newest first or all of them: quantiles are those of single requests, which no sums
 * tell. Only requests that an experiment took, or left outside, are in it.
 */
export const requestsOfExperiments: Migration = {
  name: "0016-requests-of-experiments",
  statements: [
    `create index requests_by_experiment on requests ((decision #>> '{experiment,name}'), day, id)
      where decision #>> '{experiment,name}' is not null`,
  ],
};
