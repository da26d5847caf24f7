import { z } from "zod";
import { duration } from "#core/kernel/duration.ts";
import { capturePolicies, defaultCapture } from "#core/routing/capture-policy.ts";
import { strategySchema } from "#core/routing/strategies/strategy-schema.ts";
import { name } from "./name.ts";

/** Most fallbacks of a route: more could not all be tried anyway. */
const fallbacksMax = 8;

/** Most values that a required tag may have. */
const requiredMax = 20;

const deadlinesSchema = z
  .strictObject({
    first_token: duration({
      description: "Longest wait for the first content of a stream; then the next deployment is tried.",
      examples: ["8s"],
    }).optional(),
    idle: duration({
      description:
        "Longest silence within an answer that has begun; then a stream ends with an error, and a whole answer, of which " +
        "the client has seen nothing, is asked of the next deployment.",
      examples: ["15s"],
    }).optional(),
    total: duration({
      description: "Longest duration of the whole request, all attempts together.",
      examples: ["60s"],
    }).optional(),
  })
  .meta({ description: "How long each phase may take, as 500ms, 8s or 2m; what is left out is unbounded." });

/** `routes.<name>` */
export const routeSchema = z
  .strictObject({
    strategy: strategySchema.meta({
      description: "How the route chooses a variant: one strategy.",
      examples: [{ use: "support-flash" }],
    }),
    fallbacks: z
      .array(name)
      .max(fallbacksMax)
      .refine((fallbacks) => new Set(fallbacks).size === fallbacks.length, { error: "each fallback once" })
      .default([])
      .meta({
        description:
          "Variants to try, in order, when the chosen one fails before its first content or cannot serve the request.",
        examples: [["support-lite"]],
      }),
    deadlines: deadlinesSchema.default({}),
    requires: z
      .record(name, z.union([z.string().min(1), z.array(z.string().min(1)).min(1).max(requiredMax)]))
      .default({})
      .meta({
        description:
          "Tags that a deployment's provider must have to serve the route, such as its region: one of the values of each. " +
          "A request requires more by its own tags: `x-signalbox-tags: require.region=eu`.",
        examples: [{ region: ["eu", "ch"] }],
      }),
    capture: z
      .enum(capturePolicies)
      .default(defaultCapture)
      .meta({
        description:
          "What is kept of requests: `off` (decision, attempts, usage, cost, times), `metadata` (also units, " +
          "conversations, tags and the upstream's ids) or `full` (also what was asked and answered, redacted).",
        examples: [defaultCapture],
      }),
  })
  .meta({ description: "The name an application puts in `model`." });

/** A route as written. */
export type RouteSettings = z.output<typeof routeSchema>;
