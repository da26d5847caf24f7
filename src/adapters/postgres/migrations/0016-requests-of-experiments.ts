import type { Migration } from "../migration.ts";

/**
 * Finds the requests of an experiment, the newest first or all of them: quantiles are those of single requests, which no sums
 * tell. Only requests that an experiment took, or left outside, are in it: each pays an entry of 50 to 60 bytes (measured
 * 2026-11-27 over 1.3 million), others nothing but the look whether they are such.
 */
export const requestsOfExperiments: Migration = {
  name: "0016-requests-of-experiments",
  statements: [
    `create index requests_by_experiment on requests ((decision #>> '{experiment,name}'), day, id)
      where decision #>> '{experiment,name}' is not null`,
  ],
};
