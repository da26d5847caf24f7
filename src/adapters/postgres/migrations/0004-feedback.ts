import type { Migration } from "../migration.ts";

/**
 * Feedback on requests, conversations and units. `feedback` holds what counts now, one row for each subject, name,
 * source and author; `feedback_revisions` how it came to be. What sums need of the request (route, variant, unit) is
 * copied when the request is found, so that they read this table only and outlive the request's own row.
 */
export const feedback: Migration = {
  name: "0004-feedback",
  statements: [
    `create table feedback (
      id uuid primary key,
      subject text not null,
      subject_id text not null,
      request_day date,
      name text not null,
      source text not null,
      author text not null,
      state text not null,
      reason text,
      revision integer not null,
      revision_count integer not null,
      observed_at timestamptz not null,
      received_at timestamptz not null,
      score double precision,
      label text,
      comment text,
      outcome double precision,
      outcome_is_boolean boolean,
      route text,
      variant text,
      unit text,
      conversation text,
      constraint feedback_once unique (subject_id, subject, author, name, source)
    )`,
    "create index feedback_by_name on feedback (name, id)",
    "create index feedback_by_route on feedback (route, id) where route is not null",
    "create index feedback_by_time on feedback (observed_at)",
    "create index feedback_by_receipt on feedback (received_at)",
    "create index feedback_pending on feedback (id) where state = 'pending'",
    `create table feedback_revisions (
      feedback_id uuid not null references feedback on delete cascade,
      revision integer not null,
      author text not null,
      client_id text,
      observed_at timestamptz not null,
      received_at timestamptz not null,
      score double precision,
      label text,
      comment text,
      outcome double precision,
      outcome_is_boolean boolean,
      primary key (feedback_id, revision)
    )`,
    `create unique index feedback_revisions_by_client_id on feedback_revisions (author, client_id)
      where client_id is not null`,
    // By hash: four bytes a row instead of the whole id, and only equality is ever asked.
    `create index requests_by_upstream_response on requests using hash (upstream_response_id)
      where upstream_response_id is not null`,
  ],
};
