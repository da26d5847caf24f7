import { z } from "zod";
import { requestIdPattern } from "#core/kernel/request-id.ts";
import { isStorableText, storableText } from "#core/kernel/storable-text.ts";
import { exampleId, instant, outcomes } from "./schema-words.ts";
import { pageSizeMax } from "./store.ts";

/** Longest name that a filter takes, characters; no configured name and no recorded model is longer. */
const nameLengthMax = 256;
/** Rows of a page when the caller does not say. */
const pageSizeDefault = 50;

/** A name in a filter: Postgres has no text with NUL in it. */
export const name = z.string().min(1).max(nameLengthMax).refine(isStorableText, `must be ${storableText}`);

/** Labels that one query asks for at most. */
const tagsMax = 8;

const tag = name.regex(/^[^=]+=/, "must be name=value");

/** Query of `GET /api/requests`. */
export const listRequestsQuery = z.object({
  route: name.optional().meta({ description: "Only requests of this route.", examples: ["assistant"] }),
  variant: name
    .optional()
    .meta({ description: "Only requests served by this variant.", examples: ["assistant-flash"] }),
  deployment: name.optional().meta({
    description: "Only requests of which at least one attempt went to this deployment.",
    examples: ["flash"],
  }),
  model: name
    .optional()
    .meta({ description: "Only requests in which the client asked for this name.", examples: ["assistant"] }),
  outcome: z
    .enum(outcomes)
    .optional()
    .meta({
      description:
        "Only requests that ended so: `completed`; `failed` (the client got an error, or an error in a stream); " +
        "`refused` (before any upstream was called); `aborted` (the client went away).",
      examples: ["failed"],
    }),
  key_id: name
    .optional()
    .meta({ description: "Only requests made with this API key.", examples: ["key_5e8f0c6d2a17"] }),
  error_code: name.optional().meta({
    description: "Only requests that ended with this error code.",
    examples: ["upstream-timeout"],
  }),
  conversation: name.optional().meta({
    description: "Only requests of this conversation: its pseudonym, as requests tell it.",
    examples: ["Qm4b1ZkqC0mSd6XxW3As8F"],
  }),
  unit: name.optional().meta({
    description: "Only requests of this unit: its pseudonym, as requests tell it.",
    examples: ["s8FJvqk2ZkqC0mSd6XxW3A"],
  }),
  experiment: name.optional().meta({
    description: "Only requests that this experiment took, also those that it left outside.",
    examples: ["flash-or-pro"],
  }),
  min_cost: z
    .string()
    .regex(/^\d{1,3}(\.\d{1,12})?$/, "must be US dollars below 1000, such as 0.05")
    .optional()
    .meta({ description: "Only requests that cost at least so many US dollars.", examples: ["0.05"] }),
  emulated: z
    .enum(["true", "false"])
    .optional()
    .meta({ description: "Only requests that the emulator answered, or only others.", examples: ["false"] }),
  tag: z
    .union([tag, z.array(tag).max(tagsMax)])
    .optional()
    .meta({
      description: `Only requests with this label, as name=value; up to ${tagsMax} times.`,
      examples: ["team=search"],
    }),
  from: instant.optional().meta({
    description: "Only requests that came in at or after this time, ISO 8601.",
    examples: ["2026-11-25T00:00:00Z"],
  }),
  to: instant.optional().meta({
    description: "Only requests that came in before this time, ISO 8601.",
    examples: ["2026-11-26T00:00:00Z"],
  }),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(pageSizeMax)
    .default(pageSizeDefault)
    .meta({ description: `Most requests of the page, 1 to ${pageSizeMax}.`, examples: [pageSizeDefault] }),
  cursor: z
    .string()
    .regex(requestIdPattern, "must be the next_cursor of the page before")
    .optional()
    .meta({ description: "`next_cursor` of the page before: older requests follow.", examples: [exampleId] }),
});

/** Query of `GET /api/requests/export`. */
export const exportQuery = listRequestsQuery.omit({ limit: true, cursor: true }).extend({
  format: z
    .enum(["jsonl", "csv"])
    .default("jsonl")
    .meta({
      description:
        "`jsonl`: a line of JSON for each request, with its decision and attempts. `csv`: a row for each request, RFC 4180.",
      examples: ["csv"],
    }),
});

/** Query of `GET /api/requests/tail`. */
export const tailQuery = listRequestsQuery.pick({
  route: true,
  variant: true,
  deployment: true,
  model: true,
  outcome: true,
  key_id: true,
});

/** Path parameters of `GET /api/requests/{id}`. */
export const requestParams = z.object({
  id: z
    .string()
    .regex(requestIdPattern, "must be a request id")
    .meta({
      description: "The request's id, as in the header `x-signalbox-request-id`.",
      examples: [exampleId],
    }),
});
