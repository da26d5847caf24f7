import { z } from "zod";
import { fallbackCauses } from "#core/routing/route-resilience.ts";
import { described } from "#http/openapi/described.ts";

/** What a route does about failures, as `/api/routes` tells it. */
export const routeResilienceView = z
  .object({
    attempts_max: described(
      z.int(),
      "Most attempts for one request, the first and the fallbacks' included.",
      3,
    ),
    priority: described(
      z.enum(["high", "normal", "low"]),
      "Who goes first, and who is refused last, where not all can be served at once.",
      "normal",
    ),
    hedge: described(
      z
        .object({
          extra: described(
            z.number(),
            "Second attempts for each request at most, above 0 and up to 1.",
            0.05,
          ),
          spend_usd: described(z.string(), "What they may cost in an hour at most, US dollars.", "1"),
          tools: described(z.boolean(), "Whether requests with function tools are hedged too.", false),
        })
        .nullable(),
      "Second attempts beside slow ones; null for none.",
    ),
    fallbacks: described(
      z.array(
        z.object({
          variant: described(z.string(), "The variant that is tried.", "assistant-lite"),
          on: described(z.array(z.enum(fallbackCauses)), "What it is for.", [
            "error",
            "rate_limit",
            "context",
            "budget",
          ]),
          max_output_tokens: described(
            z.int().nullable(),
            "Most tokens of its answers; null where the route does not bound them.",
            500,
          ),
        }),
      ),
      "What is tried, in this order, when the chosen variant fails.",
    ),
    cost_max_usd: described(
      z.string().nullable(),
      "Most that a request may cost with all its attempts, US dollars; null for no bound.",
      "0.5",
    ),
    resume: described(z.boolean(), "Whether a stream that breaks is gone on with elsewhere.", false),
    kept_answers: described(
      z
        .object({
          max_age_ms: described(z.number(), "How old one may be when it is given, milliseconds.", 3_600_000),
          shared: described(z.boolean(), "Whether all callers have them in common.", false),
        })
        .nullable(),
      "Answers that are kept in memory for when nobody answers; null for none.",
    ),
  })
  .meta({ id: "RouteResilience", description: "What a route does when a deployment fails or is slow." });

/** What a route does about failures, as the API tells it. */
export type RouteResilienceView = z.output<typeof routeResilienceView>;
