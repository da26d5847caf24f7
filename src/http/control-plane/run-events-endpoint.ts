import { z } from "zod";
import type { Timers } from "#core/kernel/timers.ts";
import { runParams, runView, type JobService } from "#features/evaluations/index.ts";
import type { ServedEndpoint } from "#http/endpoint.ts";
import { inputReader } from "#http/served.ts";
import { runEventsBody } from "./run-events-body.ts";

/** What the events of a run are read from. */
export interface RunEventsPorts {
  readonly service: Pick<JobService, "get">;
  readonly timers: Timers;
}

/** `/api/evaluations/runs/{id}/events`: how far a run is. */
export function runEventsEndpoint({ service, timers }: RunEventsPorts): ServedEndpoint {
  return {
    ...endpoint,
    handle: async (input) => {
      const { id } = read(input).params;
      const body = runEventsBody(await service.get(id), { read: () => service.get(id), timers });
      input.signal.addEventListener("abort", () => body.destroy(), { once: true });
      return {
        status: 200,
        // nginx would hold events back until its buffer is full.
        headers: { "content-type": "text/event-stream; charset=utf-8", "x-accel-buffering": "no" },
        body,
      };
    },
  };
}

const endpoint = {
  method: "GET",
  path: "/api/evaluations/runs/{id}/events",
  operationId: "watchEvaluationRun",
  tag: "Evaluations",
  summary: "Watch a run",
  description:
    "Server-sent events: `progress` with the run, at once and whenever it has changed, about each second; the stream ends when the run is over, or after an hour. A comment comes every 15 seconds.",
  protection: "admin",
  params: runParams,
  replies: {
    200: {
      description: "The events.",
      content: {
        "text/event-stream": z
          .strictObject({
            event: z.literal("progress").meta({ description: "What it tells.", examples: ["progress"] }),
            data: runView,
          })
          .meta({ description: "One event; `data` is JSON." }),
      },
    },
  },
  errors: "problem",
} as const satisfies Omit<ServedEndpoint, "handle">;

const read = inputReader(endpoint);
