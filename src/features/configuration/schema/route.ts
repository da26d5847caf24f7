import { z } from "zod";
import { duration } from "#core/kernel/duration.ts";
import { dollars, picoPerDollar } from "#core/pricing/money.ts";
import { ratioOfPercent } from "#core/pricing/factor.ts";
import { fallbackCauses } from "#core/routing/route-resilience.ts";
import { capturePolicies, defaultCapture } from "#core/routing/capture-policy.ts";
import { strategySchema } from "#core/routing/strategies/strategy-schema.ts";
import { affinitySchema } from "./affinity.ts";
import { keptAnswersSchema } from "./kept-answers.ts";
import { name } from "./name.ts";

/** Most fallbacks of a route: more could not all be tried anyway. */
const fallbacksMax = 8;

/** Most values that a required tag may have. */
const requiredMax = 20;

const deadlinesSchema = z
  .strictObject({
    first_token: duration({
      description:
        "Longest wait for the first content of a stream, 120s where nothing is written; then the next deployment is tried.",
      examples: ["8s"],
    }).optional(),
    answer: duration({
      description:
        "Longest wait for a whole answer (not a stream) from one deployment; then the next one is tried. Not bounded where " +
        "nothing is written: a model at work and one that hangs look alike.",
      examples: ["30s"],
    }).optional(),
    idle: duration({
      description:
        "Longest silence within an answer that has begun, 60s where nothing is written; then a stream ends with an error, and a whole answer, of which " +
        "the client has seen nothing, is asked of the next deployment.",
      examples: ["15s"],
    }).optional(),
    total: duration({
      description:
        "Longest duration of the whole request, all attempts together; 10m where nothing is written.",
      examples: ["60s"],
    }).optional(),
  })
  .meta({ description: "How long each phase may take, as 500ms, 8s or 2m; what is left out has a default." });

const fallbackSchema = z.union(
  [
    name,
    z.strictObject({
      use: name.meta({ description: "The variant to try.", examples: ["support-lite"] }),
      on: z
        .array(z.enum(fallbackCauses))
        .min(1)
        .meta({
          description:
            "What it is for, all but `blocked` where nothing is written: `error` (an error, a timeout, or nobody to ask), `rate_limit`, `context` (the prompt is too " +
            "long for the model), `budget` (an answer could cost more than the route's `cost_max`) or `blocked` (a safety " +
            "filter blocked the answer before any of it).",
          examples: [["error", "rate_limit", "context", "budget", "blocked"]],
        })
        .optional(),
      max_output_tokens: z
        .int()
        .min(1)
        .meta({
          description:
            "Most tokens of its answers, thinking included: a cheaper answer where the chosen variant has none. Holds where " +
            "the client asks for more, or the variant's own parameter allows more.",
          examples: [500],
        })
        .optional(),
    }),
  ],
  {
    error:
      "the name of a variant, or { use: <variant>, on: [error, rate_limit, context, budget, blocked], max_output_tokens: <tokens> }",
  },
);

/** Most attempts for one request. */
const attemptsLimit = 8;

const retriesSchema = z
  .strictObject({
    attempts: z
      .int()
      .min(1)
      .max(attemptsLimit)
      .default(3)
      .meta({
        description: "Most attempts for one request, the first and the fallbacks' included.",
        examples: [3],
      }),
  })
  .meta({ description: "How often a request is tried.", examples: [{ attempts: 3 }] });

const extraSchema = z
  .string({ error: "a percentage above 0 and up to 100% such as 5%" })
  .default("5%")
  .meta({
    description: "Most second attempts, in percent of the requests of the last minute.",
    examples: ["5%"],
  })
  .transform((text, context) => {
    const ratio = ratioOfPercent(text);
    const share = ratio ? ratio.numerator / ratio.denominator : 0;
    if (share > 0 && share <= 1) return share;
    context.issues.push({
      code: "custom",
      input: text,
      message: "a percentage above 0 and up to 100% such as 5%",
    });
    return z.NEVER;
  });

const hedgeSchema = z
  .union(
    [
      z.boolean(),
      z.strictObject({
        extra: extraSchema,
        spend: dollars({
          description: "Most that second attempts may cost in an hour.",
          examples: ["$1"],
          most: "$1000",
        }).default(picoPerDollar),
        tools: z
          .boolean()
          .default(false)
          .meta({
            description:
              "Whether requests with function tools are hedged too: only where calling a tool twice does no harm.",
            examples: [false],
          }),
      }),
    ],
    { error: 'true, false, or { extra: 5%, spend: "$1" }' },
  )
  .meta({
    description:
      "Whether a request that is slow to begin is also sent to a second deployment of the same variant; the first " +
      "content wins. Costs what the second attempt costs.",
    examples: [true, { extra: "5%", spend: "$1" }],
  });

/** `routes.<name>` */
export const routeSchema = z
  .strictObject({
    strategy: strategySchema.meta({
      description: "How the route chooses a variant: one strategy.",
      examples: [{ use: "support-flash" }],
    }),
    fallbacks: z
      .array(fallbackSchema)
      .max(fallbacksMax)
      .refine((fallbacks) => new Set(fallbacks.map(fallbackName)).size === fallbacks.length, {
        error: "each fallback once",
      })
      .default([])
      .meta({
        description:
          "Variants to try, in order, when the chosen one fails before its first content or cannot serve the request. One that " +
          "is only a name is for every cause but blocked content.",
        examples: [["support-lite"], [{ use: "support-lite", on: ["error", "blocked"] }]],
      }),
    deadlines: deadlinesSchema.default({}),
    retries: retriesSchema.default({ attempts: 3 }),
    hedge: hedgeSchema.default(false),
    affinity: affinitySchema.default(false),
    cost_max: dollars({
      description:
        "Most that a request may cost with all its attempts: a deployment is asked only if the longest answer fits. One " +
        "without a known price is not asked.",
      examples: ["$0.50"],
      most: "$1000",
    }).optional(),
    kept_answers: keptAnswersSchema.optional(),
    resume: z
      .boolean()
      .default(false)
      .meta({
        description:
          "Whether a stream that breaks is gone on with by another deployment, which is sent what the client has of it. Only " +
          "by models that go on with such a beginning (`capabilities.prefill`); the joint may show.",
        examples: [true],
      }),
    priority: z
      .enum(["high", "normal", "low"])
      .default("normal")
      .meta({
        description: "Who goes first, and who is refused last, where not all requests can be served at once.",
        examples: ["normal"],
      }),
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

/** The variant that a fallback names. */
export function fallbackName(fallback: z.output<typeof fallbackSchema>): string {
  return typeof fallback === "string" ? fallback : fallback.use;
}

/** A route as written. */
export type RouteSettings = z.output<typeof routeSchema>;
