import { z } from "zod";
import { moneyShape } from "./cost-view.ts";
import { name } from "./query-schema.ts";
import { usageView } from "./reply-schema.ts";
import { instant, outcomes } from "./schema-words.ts";
import { countedDimensions, dimensions } from "./totals.ts";
import type { Resolution } from "./time-spans.ts";

const count = z.int().min(0);

const rangeShape = {
  from: instant.meta({
    description: "Requests that came in at or after this time, ISO 8601; read as the begin of its minute.",
    examples: ["2026-11-25T00:00:00Z"],
  }),
  to: instant.meta({
    description: "Requests that came in before this time, ISO 8601; read as the end of its minute.",
    examples: ["2026-11-26T00:00:00Z"],
  }),
  route: name.optional().meta({ description: "Only requests of this route.", examples: ["assistant"] }),
  variant: name
    .optional()
    .meta({ description: "Only requests for which this variant was chosen.", examples: ["assistant-flash"] }),
  deployment: name
    .optional()
    .meta({ description: "Only what is counted at this deployment.", examples: ["flash"] }),
};

function groupBy<const Names extends readonly [string, ...string[]]>(names: Names, otherwise: string) {
  return z
    .string()
    .default(otherwise)
    .transform((text) => [...new Set(text.split(",").filter((word) => word !== ""))])
    .pipe(z.array(z.enum(names)));
}

/** Query of `GET /api/requests/totals`. */
export const totalsQuery = z.object({
  ...rangeShape,
  by: groupBy(dimensions, "route,variant").meta({
    description:
      `What to group by: any of ${dimensions.join(", ")}, separated by commas; empty for one sum. ` +
      "By model or outcome the log itself is read: at most 7 days at once.",
    examples: ["route,variant"],
  }),
});

const steps = ["minute", "hour", "day"] as const satisfies readonly Resolution[];

/** Query of `GET /api/requests/series`. */
export const seriesQuery = z.object({
  ...rangeShape,
  step: z
    .enum(steps)
    .default("hour")
    .meta({ description: "How long the time of one point is, whole ones in UTC.", examples: ["hour"] }),
  by: groupBy(countedDimensions, "").meta({
    description: `What to group by: any of ${countedDimensions.join(", ")}, separated by commas; empty for one series.`,
    examples: ["route"],
  }),
});

const named = (what: string, example: string) =>
  z
    .string()
    .nullable()
    .meta({
      description: `The ${what}; null when not grouped by it, or when there is none.`,
      examples: [example],
    });

const countedGroup = {
  route: named("route", "assistant"),
  variant: named("variant", "assistant-flash"),
  deployment: named("deployment", "flash"),
};

const durations = z
  .object({
    count: count.meta({ description: "How many durations.", examples: [1180] }),
    mean: z
      .number()
      .min(0)
      .nullable()
      .meta({ description: "Their mean, milliseconds; null when there are none.", examples: [912.4] }),
    p50: z
      .number()
      .min(0)
      .nullable()
      .meta({ description: "Half of them took at most so long, milliseconds, within 5 %.", examples: [720] }),
    p95: z
      .number()
      .min(0)
      .nullable()
      .meta({
        description: "95 % of them took at most so long, milliseconds, within 5 %.",
        examples: [2410],
      }),
    p99: z
      .number()
      .min(0)
      .nullable()
      .meta({
        description: "99 % of them took at most so long, milliseconds, within 5 %.",
        examples: [4090],
      }),
  })
  .meta({ id: "Durations", description: "Durations of many requests, milliseconds." });

const sumsShape = {
  requests: count.meta({
    description: "How many requests; counted at the deployment of their last attempt.",
    examples: [1200],
  }),
  outcomes: z
    .object({
      completed: count.meta({ description: "The client got its answer.", examples: [1180] }),
      failed: count.meta({ description: "The client got an error.", examples: [12] }),
      refused: count.meta({ description: "Refused before any upstream was called.", examples: [3] }),
      aborted: count.meta({ description: "The client went away.", examples: [5] }),
    })
    .meta({ id: "OutcomeCounts", description: "How the requests ended." }),
  fallbacks: count.meta({ description: "Requests with more than one attempt.", examples: [31] }),
  emulated: count.meta({ description: "Requests that the emulator answered.", examples: [0] }),
  attempts: count.meta({
    description: "How many upstream calls; each at its own deployment.",
    examples: [1231],
  }),
  attempts_failed: count
    .nullable()
    .meta({ description: "Upstream calls that failed; null by model or outcome.", examples: [29] }),
  usage: usageView,
  cost: z
    .object({
      ...moneyShape,
      estimated_usd: moneyShape.usd.meta({
        description: "The part of it that is estimated, US dollars, exact.",
        examples: ["0"],
      }),
      unpriced_attempts: count.meta({
        description: "Upstream calls without a known price, which are not in the sum.",
        examples: [0],
      }),
    })
    .meta({ id: "TotalCost", description: "What the upstream calls cost; each at its own deployment." }),
  gateway_ms_mean: z
    .number()
    .min(0)
    .nullable()
    .meta({
      description: "Mean time in Signalbox before the first upstream call began, milliseconds.",
      examples: [0.8],
    }),
  total_ms: durations.meta({ description: "Until the end of the completed requests." }),
  first_content_ms: durations.meta({ description: "Until the first content, where there was one." }),
};

const coveredShape = {
  from: instant.meta({
    description: "Begin of what is summed, ISO 8601.",
    examples: ["2026-11-25T00:00:00.000Z"],
  }),
  to: instant.meta({
    description: "End of what is summed, ISO 8601.",
    examples: ["2026-11-26T00:00:00.000Z"],
  }),
  gaps: z
    .array(
      z.object({
        from: instant.meta({
          description: "When the first of them ended, ISO 8601.",
          examples: ["2026-11-25T03:10:00.000Z"],
        }),
        to: instant.meta({
          description: "When the last of them ended, ISO 8601.",
          examples: ["2026-11-25T03:12:30.000Z"],
        }),
        requests: count.meta({ description: "How many.", examples: [412] }),
        reason: z.string().meta({ description: "Why.", examples: ["the disk is full (ENOSPC)"] }),
      }),
    )
    .meta({
      description: "Requests of this time that were served and that the log, and these sums, do not have.",
    }),
};

/** Answer of `GET /api/requests/totals`. */
export const totalsReply = z
  .object({
    ...coveredShape,
    totals: z
      .array(
        z.object({
          ...countedGroup,
          model: named("name asked for", "assistant"),
          outcome: z
            .enum(outcomes)
            .nullable()
            .meta({ description: "How they ended; null when not grouped by it.", examples: ["completed"] }),
          ...sumsShape,
        }),
      )
      .meta({ description: "Largest group first." }),
  })
  .meta({ id: "RequestTotals", description: "Counts and sums of what is stored." });

/** Answer of `GET /api/requests/series`. */
export const seriesReply = z
  .object({
    ...coveredShape,
    points: z
      .array(
        z.object({
          start: instant.meta({
            description: "Begin of its time, ISO 8601, UTC.",
            examples: ["2026-11-25T12:00:00.000Z"],
          }),
          ...countedGroup,
          ...sumsShape,
        }),
      )
      .meta({ description: "In order of time; times without any request are left out." }),
  })
  .meta({ id: "RequestSeries", description: "Counts and sums for each minute, hour or day." });

/** Answer of `GET /api/requests/totals`. */
export type TotalsView = z.output<typeof totalsReply>;
/** Answer of `GET /api/requests/series`. */
export type SeriesView = z.output<typeof seriesReply>;
