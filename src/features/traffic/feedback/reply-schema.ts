import { z } from "zod";
import { exampleId, instant } from "#features/traffic/schema-words.ts";
import { feedbackSources, feedbackStates, feedbackSubjects } from "./feedback.ts";

const feedbackId = "019a5f3c-9e10-7b02-8c4d-1f2e3d4c5b6a";
const pseudonym = "mQ3vJ8s1TzKf0aWcX9LbYg";
const count = z.int().min(0);

const valuesShape = {
  score: z
    .number()
    .nullable()
    .meta({ description: "The score; null for none.", examples: [1] }),
  label: z
    .string()
    .nullable()
    .meta({ description: "The label; null for none.", examples: ["wrong-tone"] }),
  comment: z
    .string()
    .nullable()
    .meta({ description: "The comment; null for none.", examples: ["Too long, but correct."] }),
  outcome: z
    .union([z.boolean(), z.number()])
    .nullable()
    .meta({ description: "What came of it; null when that was not said.", examples: [true] }),
  at: instant.meta({
    description: "When it was observed, ISO 8601, UTC.",
    examples: ["2026-11-25T12:00:00.000Z"],
  }),
  received_at: instant.meta({
    description: "When it came, ISO 8601, UTC.",
    examples: ["2026-11-25T12:00:05.000Z"],
  }),
  revision: z
    .int()
    .min(1)
    .meta({ description: "Number of the revision, from 1.", examples: [1] }),
};

const feedbackShape = {
  id: z.string().meta({ description: "Its id (UUIDv7, sorts by time).", examples: [feedbackId] }),
  subject: z.enum(feedbackSubjects).meta({ description: "What it is about.", examples: ["request"] }),
  subject_id: z.string().meta({
    description: "The request's id; the pseudonym of a conversation or a unit.",
    examples: [exampleId],
  }),
  name: z.string().meta({ description: "What is measured.", examples: ["thumbs"] }),
  source: z.enum(feedbackSources).meta({ description: "Who or what judged.", examples: ["end_user"] }),
  state: z.enum(feedbackStates).meta({
    description:
      "`joined` with what it is about; `pending` while its request may still come; `expired` when none came.",
    examples: ["joined"],
  }),
  ...valuesShape,
  revision_count: z
    .int()
    .min(1)
    .meta({
      description: "How many revisions came; more than `revision` when older ones came late.",
      examples: [1],
    }),
};

const keptShape = {
  ...feedbackShape,
  change: z.enum(["created", "revised", "superseded", "unchanged"]).meta({
    description:
      "`created`: the first on this subject by name, source and key. `revised`: it replaced former values. `superseded`: it was observed earlier than the values that count. `unchanged`: it said what is known.",
    examples: ["created"],
  }),
};

/** Answer of `POST /v1/feedback`. */
export const keptFeedbackReply = z
  .object(keptShape)
  .meta({ id: "KeptFeedback", description: "Feedback as it now counts, and what this call changed." });

/** Feedback, as administrators see it. */
const feedbackReply = z
  .object({
    ...feedbackShape,
    reason: z
      .string()
      .nullable()
      .meta({ description: "Why it expired; null otherwise.", examples: [null] }),
    author: z.string().meta({
      description:
        "Who sent it: a key's id (`admin` before it where the key has that scope), `admin` for the admin key, `anyone` while the gateway is open.",
      examples: ["key_5e8f0c6d2a17"],
    }),
    route: z
      .string()
      .nullable()
      .meta({ description: "Route of its request; null when there is none.", examples: ["assistant"] }),
    variant: z
      .string()
      .nullable()
      .meta({
        description: "Variant that served its request; null when there is none.",
        examples: ["assistant-flash"],
      }),
    unit: z
      .string()
      .nullable()
      .meta({
        description: "Pseudonym of its request's unit; null when not captured.",
        examples: [pseudonym],
      }),
    conversation: z
      .string()
      .nullable()
      .meta({
        description: "Pseudonym of its request's conversation; null when there is none.",
        examples: [null],
      }),
  })
  .meta({ id: "FeedbackDetail", description: "Feedback as it now counts." });

/** Answer of `GET /api/feedback`. */
export const listFeedbackReply = z
  .object({
    feedback: z.array(feedbackReply).meta({ description: "Newest first." }),
    next_cursor: z
      .string()
      .nullable()
      .meta({ description: "`cursor` of the next page; null on the last one.", examples: [feedbackId] }),
  })
  .meta({ id: "FeedbackList", description: "A page of feedback." });

/** Answer of `GET /api/feedback/{id}`. */
export const feedbackHistoryReply = feedbackReply
  .extend({
    revisions: z
      .array(
        z.object(valuesShape).meta({ id: "FeedbackRevision", description: "What was said at one time." }),
      )
      .meta({
        description: "The newest 20 in the order in which they came, the one that counts among them.",
      }),
  })
  .meta({ id: "FeedbackHistory", description: "Feedback with its revisions." });

const mean = (what: string, example: number) =>
  z
    .number()
    .nullable()
    .meta({ description: what, examples: [example] });

/** Answer of `GET /api/feedback/summary`. */
export const feedbackSummaryReply = z
  .object({
    groups: z
      .array(
        z
          .object({
            route: z
              .string()
              .nullable()
              .meta({
                description: "The route; null for feedback on units and conversations.",
                examples: ["assistant"],
              }),
            variant: z
              .string()
              .nullable()
              .meta({
                description: "The variant; null for feedback on units and conversations.",
                examples: ["assistant-flash"],
              }),
            name: z.string().meta({ description: "What is measured.", examples: ["thumbs"] }),
            count: count.meta({ description: "How many.", examples: [120] }),
            scores: count.meta({ description: "How many have a score.", examples: [118] }),
            score_mean: mean("Mean of the scores; null when there are none.", 0.81),
            outcomes: count.meta({ description: "How many have an outcome.", examples: [40] }),
            outcome_mean: mean("Mean of the outcomes, true being 1; null when there are none.", 0.35),
            positive_share: mean(
              "Share of those with a score or an outcome that are positive, 0 to 1; null when there are none.",
              0.9,
            ),
          })
          .meta({ id: "FeedbackGroup", description: "Feedback of one route, variant and name." }),
      )
      .meta({ description: "The largest 1000, largest first." }),
  })
  .meta({ id: "FeedbackSummary", description: "Feedback summed up." });

/** Feedback, as its sender gets it back. */
export type KeptFeedbackView = z.output<typeof keptFeedbackReply>;
/** Feedback, as administrators see it. */
export type FeedbackView = z.output<typeof feedbackReply>;
/** A page of feedback. */
export type FeedbackListView = z.output<typeof listFeedbackReply>;
/** Feedback with its revisions. */
export type FeedbackHistoryView = z.output<typeof feedbackHistoryReply>;
/** Feedback summed up. */
export type FeedbackSummaryView = z.output<typeof feedbackSummaryReply>;
