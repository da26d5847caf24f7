import { z } from "zod";
import { AppError } from "#core/kernel/app-error.ts";
import type { Timers } from "#core/kernel/timers.ts";
import {
  detailView,
  listQueryOf,
  listRequestsQuery,
  listRequestsReply,
  contentView,
  decisionSchema,
  pageView,
  requestContent,
  requestDetail,
  requestParams,
  seriesQuery,
  seriesQueryOf,
  seriesReply,
  seriesView,
  totalsQuery,
  totalsQueryOf,
  totalsReply,
  totalsView,
  type TrafficService,
} from "#features/traffic/index.ts";
import type { ServedEndpoint } from "#http/endpoint.ts";
import { served } from "#http/served.ts";
import { exportEndpoint } from "./export-endpoint.ts";

const decisionReply = z
  .object({
    id: requestDetail.shape.id,
    decision: decisionSchema,
    attempts: requestDetail.shape.attempts,
  })
  .meta({ id: "DecisionOfRequest", description: "A decision with the attempts that followed from it." });

/** `/api/requests`: the log of requests. */
export function requestEndpoints(traffic: TrafficService, timers: Timers): readonly ServedEndpoint[] {
  const shared = { method: "GET", tag: "Requests", protection: "admin" } as const;
  return [
    served({
      ...shared,
      path: "/api/requests",
      operationId: "listRequests",
      summary: "List requests",
      description:
        "Requests that have ended, newest first, a page at a time. Every filter that is given must hold.",
      // A mistyped filter must not pass for no filter.
      query: listRequestsQuery.strict(),
      response: listRequestsReply,
      responseDescription: "A page of requests.",
      answer: async ({ query }) => pageView(await traffic.list(listQueryOf(query))),
    }),
    served({
      ...shared,
      path: "/api/requests/totals",
      operationId: "sumRequests",
      summary: "Sum requests, tokens, cost and durations",
      description:
        "Counts, sums and quantiles over a time, by route, variant and deployment; at most a batch behind. They are " +
        "counted when requests are kept, thus as fast for millions, and outlive the requests' own rows: by the minute " +
        "for 14 days, by the hour for 400, by the day for ever; `from` and `to` say what was summed. By model or " +
        "outcome the log itself is read, where attempts and cost are with the deployment of the last attempt.",
      query: totalsQuery.strict(),
      response: totalsReply,
      responseDescription: "The sums, largest group first.",
      answer: async ({ query }) => totalsView(await traffic.totals(totalsQueryOf(query))),
    }),
    served({
      ...shared,
      path: "/api/requests/series",
      operationId: "sumRequestsOverTime",
      summary: "Sums by the minute, hour or day",
      description: "What `GET /api/requests/totals` sums, for each minute, hour or day of a time.",
      query: seriesQuery.strict(),
      response: seriesReply,
      responseDescription: "The points, in order of time.",
      answer: async ({ query }) => seriesView(await traffic.series(seriesQueryOf(query))),
    }),
    exportEndpoint({ requests: traffic, timers }),
    served({
      ...shared,
      path: "/api/requests/{id}",
      operationId: "getRequest",
      summary: "One request",
      description:
        "A request with its decision and every attempt. It is there as soon as the answer has ended.",
      params: requestParams,
      response: requestDetail,
      responseDescription: "The request.",
      answer: async ({ params }) => {
        const record = await traffic.get(params.id);
        if (record) return detailView(record);
        throw new AppError("not-found", `Cannot find request "${params.id}": the log has no such id`);
      },
    }),
    served({
      ...shared,
      path: "/api/decisions/{id}",
      operationId: "getDecision",
      summary: "Why a request was served as it was",
      description:
        "The decision of one request: who was looked at, who was left out and why, how likely the choice was, and whom the " +
        "attempts then went to. `POST /api/routes/{route}/explain` says the same of a request that was not made.",
      params: requestParams,
      response: decisionReply,
      responseDescription: "The decision.",
      answer: async ({ params }) => {
        const record = await traffic.get(params.id);
        const { id, decision, attempts } = record ? detailView(record) : {};
        if (id !== undefined && decision && attempts) return { id, decision, attempts };
        throw new AppError("not-found", `Cannot find decision "${params.id}": the log has none of that id`);
      },
    }),
    served({
      ...shared,
      path: "/api/requests/{id}/content",
      operationId: "getRequestContent",
      summary: "Content of one request",
      description:
        "What was asked and answered, redacted, where the request's route captures it (`capture: full`) and as long as " +
        "it is kept.",
      params: requestParams,
      response: requestContent,
      responseDescription: "The content.",
      answer: async ({ params }) => {
        const content = await traffic.content(params.id);
        if (content) return contentView(content);
        throw new AppError("not-found", `Cannot find the content of request "${params.id}": none is kept`);
      },
    }),
  ];
}
