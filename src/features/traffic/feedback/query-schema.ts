import { z } from "zod";
import { requestIdPattern } from "#core/kernel/request-id.ts";
import { isStorableText, storableText } from "#core/kernel/storable-text.ts";
import { exampleId, instant } from "#features/traffic/schema-words.ts";
import { feedbackSources, feedbackStates } from "./feedback.ts";
import { feedbackPageMax, type FeedbackFilters, type FeedbackQuery, type SummaryQuery } from "./store.ts";

/** Longest name that a filter takes, characters. */
const nameLengthMax = 256;
/** Feedback of a page when the caller does not say. */
const pageSizeDefault = 50;

const name = z.string().min(1).max(nameLengthMax).refine(isStorableText, `must be ${storableText}`);
const id = z.string().regex(requestIdPattern, "must be an id");

const filters = {
  name: name.optional().meta({ description: "Only feedback of this name.", examples: ["thumbs"] }),
  source: z
    .enum(feedbackSources)
    .optional()
    .meta({ description: "Only feedback of this source.", examples: ["end_user"] }),
  route: name.optional().meta({ description: "Only on requests of this route.", examples: ["assistant"] }),
  variant: name
    .optional()
    .meta({ description: "Only on requests served by this variant.", examples: ["assistant-flash"] }),
};

const page = {
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(feedbackPageMax)
    .default(pageSizeDefault)
    .meta({
      description: `Most feedback of the page, 1 to ${feedbackPageMax}.`,
      examples: [pageSizeDefault],
    }),
  cursor: id.optional().meta({
    description: "`next_cursor` of the page before: older feedback follows.",
    examples: [exampleId],
  }),
};

/** Query of `GET /api/feedback`. */
export const listFeedbackQuery = z.strictObject({
  request_id: id.optional().meta({ description: "Only on this request.", examples: [exampleId] }),
  ...filters,
  state: z
    .enum(feedbackStates)
    .optional()
    .meta({
      description:
        "Only feedback in this state: `joined` with what it is about, `pending` while its request may still come, `expired` when none came.",
      examples: ["joined"],
    }),
  from: instant.optional().meta({
    description: "Only feedback that first came at or after this time, ISO 8601.",
    examples: ["2026-11-25T00:00:00Z"],
  }),
  to: instant.optional().meta({
    description: "Only feedback that first came before this time, ISO 8601.",
    examples: ["2026-11-26T00:00:00Z"],
  }),
  ...page,
});

/** Query of `GET /api/requests/{id}/feedback`. */
export const requestFeedbackQuery = z.strictObject(page);

/** Path parameters of `GET /api/feedback/{id}`. */
export const feedbackParams = z.object({
  id: z
    .string()
    .regex(requestIdPattern, "must be a feedback's id")
    .meta({ description: "The feedback's id.", examples: [exampleId] }),
});

/** Query of `GET /api/feedback/summary`. */
export const feedbackSummaryQuery = z.strictObject({
  from: instant.meta({
    description: "Feedback observed at or after this time, ISO 8601.",
    examples: ["2026-11-25T00:00:00Z"],
  }),
  to: instant.meta({
    description: "Feedback observed before this time, ISO 8601.",
    examples: ["2026-11-26T00:00:00Z"],
  }),
  ...filters,
  positive_above: z.coerce
    .number()
    .default(0)
    .meta({
      description: "A score above this is positive; where there is no score, an outcome (true is 1).",
      examples: [0],
    }),
});

/** The question that a parsed query asks. */
export function feedbackQueryOf(query: z.output<typeof listFeedbackQuery>): FeedbackQuery {
  const { request_id: requestId, state, from, to, limit, cursor } = query;
  return {
    filters: {
      ...filtersOf(query),
      ...(requestId !== undefined && { requestId }),
      ...(state !== undefined && { state }),
      ...(from !== undefined && { fromMs: Date.parse(from) }),
      ...(to !== undefined && { toMs: Date.parse(to) }),
    },
    limit,
    ...(cursor !== undefined && { before: cursor }),
  };
}

/** The question that a parsed query asks. */
export function summaryQueryOf(query: z.output<typeof feedbackSummaryQuery>): SummaryQuery {
  return {
    fromMs: Date.parse(query.from),
    toMs: Date.parse(query.to),
    filters: filtersOf(query),
    positiveAbove: query.positive_above,
  };
}

function filtersOf({
  name,
  source,
  route,
  variant,
}: Pick<
  z.output<typeof listFeedbackQuery>,
  "name" | "source" | "route" | "variant"
>): SummaryQuery["filters"] {
  return {
    ...(name !== undefined && { name }),
    ...(source !== undefined && { source }),
    ...(route !== undefined && { route }),
    ...(variant !== undefined && { variant }),
  } satisfies FeedbackFilters;
}
