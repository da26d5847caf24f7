import { z } from "zod";
import { requestIdPattern } from "#core/kernel/request-id.ts";
import { exampleId, instant, outcomes } from "./schema-words.ts";
import { dimensions, pageSizeMax } from "./store.ts";

/** Longest name that a filter takes, characters; no configured name and no recorded model is longer. */
const nameLengthMax = 256;
/** Rows of a page when the caller does not say. */
const pageSizeDefault = 50;

/** A name in a filter: Postgres has no text with NUL in it. */
const name = z
  .string()
  .min(1)
  .max(nameLengthMax)
  .regex(/^[^\0]*$/, "must not contain NUL");

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

/** Query of `GET /api/requests/totals`. */
export const totalsQuery = z.object({
  from: instant.meta({
    description: "Requests that came in at or after this time, ISO 8601.",
    examples: ["2026-11-25T00:00:00Z"],
  }),
  to: instant.meta({
    description: "Requests that came in before this time, ISO 8601.",
    examples: ["2026-11-26T00:00:00Z"],
  }),
  by: z
    .string()
    .default("route,variant")
    .transform((text) => [...new Set(text.split(",").filter((word) => word !== ""))])
    .pipe(z.array(z.enum(dimensions)))
    .meta({
      description: `What to group by: any of ${dimensions.join(", ")}, separated by commas; empty for one sum.`,
      examples: ["route,variant"],
    }),
});
