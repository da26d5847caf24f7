import { z } from "zod";
import { described } from "#http/openapi/described.ts";

/** How a deployment is for this process, as `/api/deployments` tells it. */
export const deploymentHealthView = z
  .object({
    state: described(
      z.enum(["closed", "open", "half-open"]),
      "Its breaker: closed takes requests; open keeps them away, since it failed or was too slow; half-open lets a few through to see whether it is well again.",
      "closed",
    ),
    since: described(
      z.string(),
      "When the breaker came into this state, ISO 8601.",
      "2026-11-25T12:00:00.000Z",
    ),
    reason: described(
      z.enum(["failures-in-row", "success-share", "slow-first-content", "probe-failed"]).nullable(),
      "Why the breaker opened last; null where it never did.",
      "failures-in-row",
    ),
    open_until: described(
      z.string().nullable(),
      "From when on a request or an unbilled call may try it again, ISO 8601; null while the breaker is closed.",
      "2026-11-25T12:00:07.500Z",
    ),
    cooling_until: described(
      z.string().nullable(),
      "Until when nobody asks it, because it, its credential or its quota said so (a 429 with a time, a bad key), ISO 8601; null where that is not so.",
      "2026-11-25T12:00:42.000Z",
    ),
    share: described(
      z.number(),
      "The part of its weight that it takes, above 0 and up to 1: less than 1 while it is new or has just recovered.",
      0.25,
    ),
    in_flight: described(z.int(), "Attempts under way there from this process.", 2),
    in_flight_max: described(
      z.int(),
      "Most attempts at once that it is given: falls when it refuses for too much load, rises again as it answers.",
      900,
    ),
    headroom: described(
      z.number(),
      "The scarcest of what is left of this minute's requests and tokens, 0 to 1; 1 where no limit is known.",
      0.62,
    ),
    spared_share: described(
      z.number(),
      "The part of requests that goes elsewhere because it would probably refuse them, from 0 to below 1.",
      0,
    ),
    first_content_p95_ms: described(
      z.number().nullable(),
      "What 95 % of its streams took at most from asking to the first content, milliseconds; null while too few are known.",
      640,
    ),
    last_attempt_at: described(
      z.string().nullable(),
      "When an attempt of this process ended there last, ISO 8601; null where none has.",
      "2026-11-25T11:59:58.120Z",
    ),
  })
  .meta({
    id: "DeploymentHealth",
    description:
      "How a deployment is, as this process has seen it since it started. It decides whom the next attempt asks, never which variant is chosen.",
  });

/** How a deployment is, as `/api/deployments` tells it. */
export type DeploymentHealthView = z.output<typeof deploymentHealthView>;
