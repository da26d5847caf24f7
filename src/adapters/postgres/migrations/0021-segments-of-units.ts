import type { Migration } from "../migration.ts";
import { exposedUnitsWith, exposureColumns, exposuresWith } from "./0013-experiment-units.ts";
import { periods } from "./0017-experiment-periods.ts";
import { keepRequests } from "./keep-requests.ts";

/** The tags that an experiment notes of a unit: those of its first request, whatever came first into the log. */
export const ofFirst = {
  sum: `,
        (array_agg(experiment -> 'segments' order by started_at))[1] as segments`,
  merged: `,
        segments = case when excluded.first_at < total.first_at then excluded.segments else total.segments end`,
};

/**
 * What units are parted by: the values of a few tags. Of a unit, not of its requests: a later request says nothing of whom a variant
 * was assigned to.
 */
export const segmentsOfUnits: Migration = {
  name: "0021-segments-of-units",
  statements: [
    "alter table experiment_units add column segments jsonb",
    keepRequests({
      verb: "create or replace",
      returned: exposureColumns,
      counted: exposuresWith({ statement: exposedUnitsWith(ofFirst.sum), merged: ofFirst.merged }) + periods,
    }),
  ],
};
