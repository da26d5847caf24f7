import type { Migration } from "../migration.ts";

/**
 * What humans are asked to judge, and what they said: an item once in its queue, a verdict once of each reviewer. `content` is
 * what reviewers are shown, and tags.
 */
export const reviews: Migration = {
  name: "0024-reviews",
  statements: [
    `create table review_items (
      id text primary key,
      queue text not null,
      item text not null,
      content jsonb not null,
      reviewers_wanted integer not null,
      created_at timestamptz not null
    )`,
    "create index review_items_by_queue on review_items (queue, created_at, id)",
    `create table review_verdicts (
      id text not null references review_items on delete cascade,
      reviewer text not null,
      value double precision not null,
      comment text,
      at timestamptz not null,
      primary key (id, reviewer)
    )`,
  ],
};
