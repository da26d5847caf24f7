import type { Migration } from "../migration.ts";
import { exposureColumns, exposures } from "./0013-experiment-units.ts";
import { keepRequests } from "./keep-requests.ts";

/** What is summed up for each period, by its column. */
const measures = {
  requests: "count(*)",
  failed: "count(*) filter (where outcome = 'failed')",
  aborted: "count(*) filter (where outcome = 'aborted')",
  fallbacks: "count(*) filter (where degraded in ('fallback', 'shorter'))",
  kept_answers: "count(*) filter (where degraded = 'cached')",
} as const;

/** The same text for each measure, as items of a list. */
function eachMeasure(text: (column: string, sum: string) => string): string {
  return Object.entries(measures)
    .map(([column, sum]) => text(column, sum))
    .join(",\n        ");
}

/** What happened to units that last, minute by minute: parts of a statement after `inserted`, which has the requests. */
export const periods = `, period_sums as (
      select experiment ->> 'name' as experiment, (experiment ->> 'phase')::int as phase,
        experiment ->> 'variant' as variant, minute as start, coalesce(experiment #>> '{answered,model}', '') as model,
        coalesce(experiment #>> '{answered,version}', '') as version,
        ${eachMeasure((column, sum) => `${sum} as ${column}`)}
      from inserted where experiment ? 'unit' and (experiment ->> 'stable')::boolean group by 1, 2, 3, 4, 5, 6
    ), periods as (
      insert into experiment_periods as total select * from period_sums
      order by experiment, phase, variant, start, model, version
      on conflict (experiment, phase, variant, start, model, version) do update set
        ${eachMeasure((column) => `${column} = total.${column} + excluded.${column}`)}
    )`;

/**
 * What happened to the requests of an experiment in each minute, and which versions of a model providers said answered them:
 * what tells incidents and silent changes of models, however many requests there were. Minutes, as in the totals: an incident
 * is often a few of them, and what is left out for it is no more than it was. A variant has at most 1,440 a day for each
 * version, of 120 bytes each. They stay as long as the units of their experiment, and go by
 * `delete from experiment_periods where experiment = ... and phase = ...`.
 */
export const experimentPeriods: Migration = {
  name: "0017-experiment-periods",
  statements: [
    `create table experiment_periods (
      experiment text not null,
      phase integer not null,
      variant text not null,
      start timestamptz not null,
      -- The model that was asked for and the version that answered; both empty where the assigned variant made no answer, or
      -- its provider did not say.
      model text not null,
      version text not null,
      ${eachMeasure((column) => `${column} bigint not null`)},
      primary key (experiment, phase, variant, start, model, version)
    ) with (fillfactor = 80)`,
    keepRequests({
      verb: "create or replace",
      returned: exposureColumns,
      counted: exposures + periods,
    }),
  ],
};
