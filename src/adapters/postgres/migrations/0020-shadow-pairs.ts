import type { Migration } from "../migration.ts";

/**
 * What experiments that compare off-line have found: each client's request with the second answer to it, and what such answers
 * may still cost. A pair has what the log sums up of both requests (json, by measure, 0 left out), since the log's rows go
 * sooner than a comparison ends; of a duel the judge's verdicts, as the score of the second answer where it stood first and
 * where it stood second. Rows are as many as a day's budget pays for. What is spent is taken before it is: a process that is
 * killed leaves it spent.
 */
export const shadowPairs: Migration = {
  name: "0020-shadow-pairs",
  statements: [
    `create table experiment_pairs (
      experiment text not null,
      phase integer not null,
      request_id uuid not null,
      shadow_id uuid not null,
      at timestamptz not null,
      -- The treatment that answered second.
      variant text not null,
      unit text not null,
      stable boolean not null,
      control json not null,
      treatment json not null,
      duel text,
      score_first double precision,
      score_second double precision,
      judge_pico bigint not null,
      primary key (experiment, phase, request_id)
    )`,
    `create table experiment_spending (
      experiment text not null,
      day date not null,
      pico numeric not null,
      primary key (experiment, day)
    )`,
    `create table experiment_pair_drops (
      experiment text not null,
      phase integer not null,
      reason text not null,
      requests bigint not null,
      primary key (experiment, phase, reason)
    )`,
  ],
};
