import { z } from "zod";
import { degradedSteps } from "#core/routing/degraded.ts";
import { described } from "./described.ts";

/** The request headers of ours that a model call may carry. */
export const callHeaders = z.object({
  "x-signalbox-tags": described(
    z.string().optional(),
    "Labels kept with the request's record, `key=value` pairs parted by commas; at most 32.",
  ),
  "x-signalbox-unit": described(
    z.string().max(256).optional(),
    "Whom or what the request is for: what stays with its variant. Only a pseudonym is kept.",
  ),
  "x-signalbox-conversation": described(
    z.string().max(256).optional(),
    "The conversation it belongs to; without it the first turns tell. Only a pseudonym is kept.",
  ),
  "x-signalbox-session": described(
    z.string().max(256).optional(),
    "The session it is part of, for experiments by session. Only a pseudonym is kept.",
  ),
  "x-signalbox-deadline-ms": described(
    z.int().min(1).max(3_600_000).optional(),
    "How long the client waits at most, milliseconds, 1 to 3600000.",
  ),
  "x-signalbox-cache": described(
    z.enum(["off"]).optional(),
    "`off` keeps the answer out of those that the route keeps for when nobody answers, and takes none of them.",
  ),
});

/** The response headers that tell what was decided. */
export const answerHeaders = z.object({
  "x-signalbox-request-id": described(
    z.string(),
    "Id of the request: `GET /api/requests/{id}` tells its decision and attempts.",
    "019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b",
  ),
  "x-signalbox-route": described(z.string(), "The route, or the model called by its own name.", "assistant"),
  "x-signalbox-variant": described(z.string(), "The variant that answers.", "assistant-flash"),
  "x-signalbox-deployment": described(z.string(), "The deployment that answers.", "flash"),
  "x-signalbox-attempts": described(z.string(), "How many upstream calls were made until this answer.", "1"),
  "x-signalbox-experiment": described(
    z.string().optional(),
    "The experiment that assigned the request's unit a variant, with its phase; absent where none did.",
    "flash-or-pro@2",
  ),
  "x-signalbox-shadow": described(
    z.string().optional(),
    "The experiment for which another variant answers the same request once more, off-line, with its phase; absent where " +
      "none does.",
    "argon-shadow@1",
  ),
  "x-signalbox-degraded": described(
    z.enum(degradedSteps).optional(),
    "What answers in place of what was decided: `elsewhere` (the variant at another deployment, after a failure), " +
      "`fallback` (another variant), `shorter` (another variant with fewer tokens) or `cached` (an answer that had been " +
      "kept); absent otherwise.",
    "fallback",
  ),
  trailer: described(
    z.string().optional(),
    "What stands behind a stream. `x-signalbox-cost-usd`, for clients that say `te: trailers`: what it cost. " +
      "`x-signalbox-resumed`, of a route that has broken ones gone on with: the deployment that went on with it, where " +
      "one had to.",
    "x-signalbox-resumed",
  ),
  "x-signalbox-cache": described(
    z.enum(["stale"]).optional(),
    "`stale` where the answer had been kept; `age` says for how many seconds. Absent otherwise.",
    "stale",
  ),
  "x-signalbox-emulated": described(
    z.string().optional(),
    "`true` when the answer comes from the built-in emulator, absent otherwise.",
    "true",
  ),
  "server-timing": described(z.string(), "Time spent in Signalbox itself, milliseconds.", "gateway;dur=0.42"),
});
