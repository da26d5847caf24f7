import type { Migration } from "../migration.ts";

/**
 * What feedback tells of experiments: for which phase, variant and unit its request was, copied when the request is found, as
 * its route is, so that the request's own row may go. All four or none. Feedback that was joined before has none and counts for
 * no experiment. What is said about conversations and units is found by their pseudonym: few of all feedback is such.
 */
export const ratedExposures: Migration = {
  name: "0015-rated-exposures",
  statements: [
    `alter table feedback
      add column experiment text,
      add column experiment_phase integer,
      add column experiment_variant text,
      add column experiment_unit text`,
    `create index feedback_by_experiment on feedback (experiment, experiment_phase, name)
      where experiment is not null`,
    "create index feedback_by_named_subject on feedback (name, subject_id) where subject <> 'request'",
  ],
};
