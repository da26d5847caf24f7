import { z } from "zod";
import { AppError } from "#core/kernel/app-error.ts";
import { requestIdPattern } from "#core/kernel/request-id.ts";
import type { Timers } from "#core/kernel/timers.ts";
import { listQueryOf, tailEvent, tailQuery, type LiveTail } from "#features/traffic/index.ts";
import type { RawInput, ServedEndpoint } from "#http/endpoint.ts";
import { inputReader } from "#http/served.ts";
import { heartbeatMs, tailStreamBody } from "./tail-stream-body.ts";

/** What the tail needs. */
export interface TailPorts {
  readonly tail: Pick<LiveTail, "listen">;
  readonly timers: Timers;
}

/** `/api/requests/tail`: requests as they end. */
export function tailEndpoint({ tail, timers }: TailPorts): ServedEndpoint {
  return {
    ...endpoint,
    handle: (input) => {
      const { query } = read(input);
      const after = lastEventId(input);
      const listener = tail.listen({
        filters: listQueryOf({ ...query, limit: 1 }).filters,
        ...(after !== undefined && { after }),
      });
      const body = tailStreamBody(listener, timers);
      input.signal.addEventListener("abort", () => body.destroy(), { once: true });
      return Promise.resolve({
        status: 200,
        // nginx would hold events back until its buffer is full.
        headers: { "content-type": "text/event-stream; charset=utf-8", "x-accel-buffering": "no" },
        body,
      });
    },
  };
}

const endpoint = {
  method: "GET",
  path: "/api/requests/tail",
  operationId: "tailRequests",
  tag: "Requests",
  summary: "Watch requests end",
  description:
    "Server-sent events: `request` with the summary of each request as it ends (its `id:` is the request's id), and " +
    "`dropped` where events are missing because the reader was too slow or was away too long. With `Last-Event-ID` it " +
    "goes on behind that request, as far as this process remembers (the last 1000). A comment comes every " +
    `${heartbeatMs / 1000} seconds; after an hour the stream ends, and a client connects again.`,
  protection: "admin",
  query: tailQuery.strict(),
  headers: z.object({
    "last-event-id": z
      .string()
      .optional()
      .meta({
        description: "Id of the last request heard of; browsers send it when they connect again.",
        examples: ["019a5f3c-7d2e-7c41-9b3a-5e8f0c6d2a17"],
      }),
  }),
  replies: { 200: { description: "The events.", content: { "text/event-stream": tailEvent } } },
  errors: "problem",
} as const satisfies Omit<ServedEndpoint, "handle">;

const read = inputReader(endpoint);

function lastEventId({ headers }: RawInput): string | undefined {
  const id = headers["last-event-id"];
  if (id === undefined || id === "") return undefined;
  if (typeof id === "string" && requestIdPattern.test(id)) return id;
  throw new AppError("invalid-request", 'Cannot read header "last-event-id": the id of a request is wanted');
}
