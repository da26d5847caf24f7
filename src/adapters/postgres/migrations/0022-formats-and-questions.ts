import type { Migration } from "../migration.ts";
import { exposedUnitsWith, exposureColumns, exposuresWith, sumColumns } from "./0013-experiment-units.ts";
import { periods } from "./0017-experiment-periods.ts";
import { ofFirst } from "./0021-segments-of-units.ts";
import { keepRequests } from "./keep-requests.ts";

/** What is summed up for each unit besides, by its column. */
const measures = {
  format_checked: "count(*) filter (where answer_format in ('met', 'missed'))",
  format_missed: "count(*) filter (where answer_format = 'missed')",
  format_unchecked: "count(*) filter (where answer_format = 'unchecked')",
  // Answered ones.
  questions: "count(*) filter (where outcome = 'completed' and experiment ? 'question')",
} as const;

/** All new columns: `regenerated` counts answered questions that came again soon. */
const columns = [...Object.keys(measures), "regenerated"];

const sums = Object.entries(measures)
  .map(([column, sum]) => `,\n        ${sum} as ${column}`)
  .join("");

/** Sums of units, with how often questions of theirs came again, which `regenerations` has. */
function withRegenerated(statement: string): string {
  return `select sums.*, coalesce(regenerations.regenerated, 0) as regenerated from (
        ${statement}
      ) as sums left join regenerations using (experiment, phase, variant, unit)`;
}

/** The unit of an experiment's record, in columns. */
function unitOf(experiment: string): string {
  return `${experiment} ->> 'name' as experiment, (${experiment} ->> 'phase')::int as phase,
        ${experiment} ->> 'variant' as variant, ${experiment} ->> 'unit' as unit`;
}

/** When a request ended. */
const endedAt = "started_at + total_ms * interval '1 millisecond'";

/** How soon a question has to come again. */
const soon = "interval '10 minutes'";

/**
 * Requests with one question, of a batch and of those that are kept, that are looked at at most: people ask again a few times,
 * and what a program asks by the thousand must not cost its square.
 */
const sameMax = 50;

/**
 * How many more answered questions have come again than before, by unit: parts of a statement after `inserted`, which has the
 * requests. Those that were kept before are looked up by their question, so that it is the same in whatever order requests
 * come. All with one question are of one unit.
 */
const regenerations = `, asked as (
      select day, id, ${unitOf("experiment")}, experiment ->> 'question' as question, started_at, ${endedAt} as ended_at,
        outcome = 'completed' as is_answered, true as is_new,
        row_number() over (partition by experiment ->> 'question' order by started_at, id) as place
      from inserted where experiment ? 'unit' and experiment ? 'question'
    ), same_questions as materialized (
      select * from asked where place <= ${sameMax}
      union all
      select before.* from (
        select question, min(day) - 1 as first_day, max(day) + 1 as last_day from asked group by question
      ) as questions cross join lateral (
        select day, id, ${unitOf("(decision -> 'experiment')")}, questions.question, started_at, ${endedAt} as ended_at,
          outcome = 'completed' as is_answered, false as is_new, 1::bigint as place
        from requests
        where decision #>> '{experiment,question}' = questions.question and day between first_day and last_day
        limit ${sameMax}
      ) as before
    ), followed as materialized (
      select one.experiment, one.phase, one.variant, one.unit, one.id,
        bool_or(not one.is_new and not other.is_new) as was_before
      from same_questions as one join same_questions as other on other.question = one.question and other.id <> one.id
        and other.started_at between one.ended_at and one.ended_at + ${soon}
      where one.is_answered group by 1, 2, 3, 4, 5
    ), regenerations as materialized (
      select experiment, phase, variant, unit, count(*) filter (where not was_before) as regenerated
      from followed group by 1, 2, 3, 4
    )`;

/**
 * How requests are summed up for units that are in the log already: each with whether its question came again, in whatever of
 * the log that was.
 */
export const unitSums = {
  before: `questioned as materialized (
      select day, id, ${unitOf("experiment")}, experiment ->> 'question' as question, ${endedAt} as ended_at
      from inserted where outcome = 'completed' and experiment ? 'question'
    ), log_questions as materialized (
      select kept.* from (
        select question, min(day) as first_day, max(day) + 1 as last_day from questioned group by question
      ) as questions cross join lateral (
        select questions.question, id, started_at from requests
        where decision #>> '{experiment,question}' = questions.question and day between first_day and last_day
        limit ${sameMax}
      ) as kept
    ), regenerations as materialized (
      select experiment, phase, variant, unit, count(*) as regenerated
      from questioned as one where exists (
        select from log_questions as other where other.question = one.question and other.id <> one.id
          and other.started_at between one.ended_at and one.ended_at + ${soon}
      ) group by 1, 2, 3, 4
    ),`,
  statement: withRegenerated(exposedUnitsWith(sums)),
  columns: [...sumColumns, ...columns],
} as const;

const merged = columns
  .map((column) => `,\n        ${column} = total.${column} + excluded.${column}`)
  .join("");

/**
 * Whether answers have the format that was asked for, and whether the same was asked once more. Only requests of experiments that
 * name who asks are in the index. With it a batch of 500 such took 47 ms of a backend's time where a tenth asks again, instead of 43
 * (measured 2026-11-27). Without statistics of a day's table, which has just begun, it looks as cheap to
 * read all of it as to look up a question, and the plan stays when there is much in it: so it is always looked up.
 */
export const formatsAndQuestions: Migration = {
  name: "0022-formats-and-questions",
  statements: [
    `alter table experiment_units ${columns.map((column) => `add column ${column} bigint not null default 0`).join(", ")}`,
    `create index requests_by_question on requests ((decision #>> '{experiment,question}'), day)
      where decision #>> '{experiment,question}' is not null`,
    keepRequests({
      verb: "create or replace",
      returned: `${exposureColumns}, total_ms, decision ->> 'format' as answer_format`,
      counted:
        regenerations +
        exposuresWith({
          statement: withRegenerated(exposedUnitsWith(ofFirst.sum + sums)),
          merged: ofFirst.merged + merged,
        }) +
        periods,
      settings: " set enable_seqscan = off set enable_nestloop = off set jit = off",
    }),
  ],
};
