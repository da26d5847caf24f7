import { AppError } from "#core/kernel/app-error.ts";
import {
  detailView,
  listQueryOf,
  listRequestsQuery,
  listRequestsReply,
  pageView,
  requestDetail,
  requestParams,
  totalsQuery,
  totalsQueryOf,
  totalsReply,
  totalsView,
  type TrafficService,
} from "#features/traffic/index.ts";
import type { ServedEndpoint } from "#http/endpoint.ts";
import { served } from "#http/served.ts";

/** `/api/requests`: the log of requests. */
export function requestEndpoints(traffic: TrafficService): readonly ServedEndpoint[] {
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
      summary: "Count requests and tokens",
      description:
        "Counts and token sums over a time, by route, variant, model or outcome; at most a batch behind.",
      query: totalsQuery.strict(),
      response: totalsReply,
      responseDescription: "The sums, largest group first.",
      answer: async ({ query }) => totalsView(await traffic.totals(totalsQueryOf(query))),
    }),
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
  ];
}
