import { z } from "zod";
import { AppError } from "#core/kernel/app-error.ts";
import { requestIdPattern } from "#core/kernel/request-id.ts";
import type { Outcome, RequestRecord } from "#features/traffic/index.ts";
import type { ServedEndpoint } from "#http/endpoint.ts";
import { described } from "#http/openapi/described.ts";
import { served } from "#http/served.ts";
import { outcomes, requestView, viewOfRequest } from "./request-view.ts";

/** Most requests of one page. */
const pageSizeMax = 200;

/** Which requests are wanted: all that are given must hold. */
export interface RequestFilter {
  readonly route?: string;
  readonly variant?: string;
  /** A deployment that any attempt called. */
  readonly deployment?: string;
  /** The name the client asked for. */
  readonly model?: string;
  readonly outcome?: Outcome;
  readonly keyId?: string;
  /** Came in at or after, ms since 1970. */
  readonly fromMs?: number;
  /** Came in before, ms since 1970. */
  readonly toMs?: number;
}

/** Which page of which requests. */
export interface RequestQuery {
  readonly filters: RequestFilter;
  /** 1 to 200. */
  readonly limit: number;
  /** Only requests older than this id. */
  readonly before?: string;
}

/** A page, newest first. */
export interface RequestPage {
  readonly records: readonly RequestRecord[];
  /** `before` of the next page; absent on the last one. */
  readonly next?: string;
}

/** Reads the request log. */
export interface RequestReader {
  /** Newest first. */
  list(query: RequestQuery): Promise<RequestPage>;
  /** The request of that id, also when it ended just now and is not written yet. */
  get(requestId: string): Promise<RequestRecord | undefined>;
}

const name = (description: string, example: string) =>
  described(z.string().min(1).max(300).optional(), description, example);
const moment = (description: string) =>
  described(z.iso.datetime({ offset: true }).optional(), `${description}, ISO 8601.`, "2026-11-25T10:00:00Z");

const listQuery = z.strictObject({
  route: name("Only this route.", "assistant"),
  variant: name("Only this variant.", "assistant-flash"),
  deployment: name("Only requests with an attempt at this deployment.", "flash"),
  model: name("Only requests that asked for this name.", "assistant"),
  outcome: described(z.enum(outcomes).optional(), "Only this outcome.", "failed"),
  key_id: name("Only requests with this API key, by its public id.", "key_8f3a"),
  from: moment("Only requests that came in then or later"),
  to: moment("Only requests that came in before"),
  limit: described(
    z.coerce.number().int().min(1).max(pageSizeMax).default(50),
    "Most requests of the page, 1 to 200.",
    50,
  ),
  before: described(
    z.string().regex(requestIdPattern).optional(),
    "Only requests older than this id: `next_before` of the page before.",
  ),
});

const requestPageView = z
  .object({
    requests: described(z.array(requestView), "The requests, newest first."),
    next_before: described(
      z.string().nullable(),
      "Value of `before` for the next page; null on the last.",
      "019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b",
    ),
  })
  .meta({ id: "RequestPage", description: "A page of the request log." });

/** `/api/requests`: the log of requests. */
export function requestEndpoints(reader: RequestReader): readonly ServedEndpoint[] {
  return [listRequests(reader), getRequest(reader)];
}

function listRequests(reader: RequestReader): ServedEndpoint {
  return served({
    method: "GET",
    path: "/api/requests",
    operationId: "listRequests",
    tag: "Requests",
    summary: "List requests",
    description:
      "Requests that have ended, newest first, a page at a time. Every filter that is given must hold.",
    protection: "admin",
    query: listQuery,
    response: requestPageView,
    responseDescription: "A page of requests.",
    answer: async ({ query }) => {
      const { before, limit } = query;
      const page = await reader.list({
        filters: filterOf(query),
        limit,
        ...(before !== undefined && { before }),
      });
      return { requests: page.records.map(viewOfRequest), next_before: page.next ?? null };
    },
  });
}

function filterOf(query: z.output<typeof listQuery>): RequestFilter {
  const { route, variant, deployment, model, outcome, key_id: keyId, from, to } = query;
  return {
    ...(route !== undefined && { route }),
    ...(variant !== undefined && { variant }),
    ...(deployment !== undefined && { deployment }),
    ...(model !== undefined && { model }),
    ...(outcome !== undefined && { outcome }),
    ...(keyId !== undefined && { keyId }),
    ...(from !== undefined && { fromMs: Date.parse(from) }),
    ...(to !== undefined && { toMs: Date.parse(to) }),
  };
}

function getRequest(reader: RequestReader): ServedEndpoint {
  return served({
    method: "GET",
    path: "/api/requests/{id}",
    operationId: "getRequest",
    tag: "Requests",
    summary: "One request",
    description:
      "A request with its decision and every attempt. It is there as soon as the answer has ended.",
    protection: "admin",
    params: z.object({
      id: described(
        z.string().regex(requestIdPattern),
        "Id of the request: `x-signalbox-request-id` of its answer.",
        "019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b",
      ),
    }),
    response: requestView,
    responseDescription: "The request.",
    answer: async ({ params }) => {
      const record = await reader.get(params.id);
      if (!record)
        throw new AppError("not-found", `Cannot find request "${params.id}": the log has no such id`);
      return viewOfRequest(record);
    },
  });
}
