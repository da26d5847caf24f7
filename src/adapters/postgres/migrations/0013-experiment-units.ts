import type { Migration } from "../migration.ts";
import { keepRequests } from "./keep-requests.ts";

/** What is summed up for each unit, by its column: the type of the sum, and what is summed of a kept request. */
const measures = {
  requests: ["bigint", "count(*)"],
  completed: ["bigint", "count(*) filter (where outcome = 'completed')"],
  failed: ["bigint", "count(*) filter (where outcome = 'failed')"],
  aborted: ["bigint", "count(*) filter (where outcome = 'aborted')"],
  // Answered by another variant than the assigned one.
  fallbacks: ["bigint", "count(*) filter (where degraded in ('fallback', 'shorter'))"],
  kept_answers: ["bigint", "count(*) filter (where degraded = 'cached')"],
  blocked: ["bigint", "count(*) filter (where finish_reason = 'content-filter')"],
  unpriced: ["bigint", "count(*) filter (where unpriced_attempts > 0)"],
  input_tokens: ["bigint", "coalesce(sum(input_tokens + tool_input_tokens), 0)"],
  output_tokens: ["bigint", "coalesce(sum(output_tokens), 0)"],
  thinking_tokens: ["bigint", "coalesce(sum(thinking_tokens), 0)"],
  cost_pico: ["numeric", "coalesce(sum(cost_pico), 0)"],
  // Times are those of answers that were made for the request: one that had been kept is there at once.
  timed: ["bigint", `count(completed_ms) ${answered()}`],
  total_ms_sum: ["double precision", `coalesce(sum(completed_ms) ${answered()}, 0)`],
  first_content_count: ["bigint", `count(first_content_ms) ${answered()}`],
  first_content_ms_sum: ["double precision", `coalesce(sum(first_content_ms) ${answered()}, 0)`],
  // Tokens and the time in which they came, where both are known.
  streamed_tokens: [
    "bigint",
    `coalesce(sum(output_tokens + thinking_tokens) ${answered("last_content_ms > first_content_ms")}, 0)`,
  ],
  streamed_ms_sum: [
    "double precision",
    `coalesce(sum(last_content_ms - first_content_ms) ${answered("last_content_ms > first_content_ms and output_tokens is not null")}, 0)`,
  ],
} as const satisfies Readonly<Record<string, readonly [type: string, sum: string]>>;

function answered(condition = "true"): string {
  return `filter (where degraded is distinct from 'cached' and ${condition})`;
}

/** The same text for each measure, as items of a list. */
function eachMeasure(text: (column: string, type: string, sum: string) => string): string {
  return Object.entries(measures)
    .map(([column, [type, sum]]) => text(column, type, sum))
    .join(",\n        ");
}

/** What `exposures` needs of a kept request. */
export const exposureColumns = `, started_at, finish_reason, last_content_ms, unpriced_attempts,
        decision -> 'experiment' as experiment, decision ->> 'degraded' as degraded`;

/**
 * Units that met a variant in an experiment, under the variant that they were assigned, whoever answered: a statement that sums up
 * `inserted`, which has the requests.
 */
const exposedUnits = exposedUnitsWith("");

/** The same with further sums: items of a list, with a comma before each. */
export function exposedUnitsWith(further: string): string {
  return `select experiment ->> 'name' as experiment, (experiment ->> 'phase')::int as phase,
        experiment ->> 'variant' as variant, experiment ->> 'unit' as unit,
        bool_and((experiment ->> 'stable')::boolean) as stable, min(started_at) as first_at, max(started_at) as last_at,
        ${eachMeasure((column, _type, sum) => `${sum} as ${column}`)}${further}
      from inserted where experiment ? 'unit' group by 1, 2, 3, 4`;
}

/** The columns of the sums. */
export const sumColumns = Object.keys(measures);

/** Keeps them: parts of a statement after `inserted`. */
export const exposures = exposuresWith();

/**
 * The same with more columns, the last ones of the table.
 * @param added.statement sums up the requests of each unit, with those columns
 * @param added.merged what becomes of them where a unit has had requests, with a comma before each
 */
export function exposuresWith({
  statement = exposedUnits,
  merged = "",
}: { readonly statement?: string; readonly merged?: string } = {}): string {
  return `, exposures as (
      ${statement}
    ), exposed as (
      insert into experiment_units as total select * from exposures order by experiment, phase, variant, unit
      on conflict (experiment, phase, variant, unit) do update set
        first_at = least(total.first_at, excluded.first_at),
        last_at = greatest(total.last_at, excluded.last_at),
        ${eachMeasure((column) => `${column} = total.${column} + excluded.${column}`)}${merged}
    )`;
}

/**
 * What each unit of an experiment did, summed up when its requests are kept: an analysis reads a row for each unit, however
 * many requests there were. Written by the statement that keeps them, and as the other sums in the order of the keys.
 */
export const experimentUnits: Migration = {
  name: "0013-experiment-units",
  statements: [
    `create table experiment_units (
      experiment text not null,
      phase integer not null,
      variant text not null,
      unit text not null,
      -- Whether the unit can have more than one request; false: analysed apart.
      stable boolean not null,
      first_at timestamptz not null,
      last_at timestamptz not null,
      ${eachMeasure((column, type) => `${column} ${type} not null`)},
      primary key (experiment, phase, variant, unit)
    ) with (fillfactor = 80)`,
    keepRequests({ verb: "create or replace", returned: exposureColumns, counted: exposures }),
  ],
};
