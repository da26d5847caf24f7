import { ApiFailure } from "../api-failure.ts";
import type { DeliveryFaults } from "../delivery/delivery-faults.ts";
import type { FaultRequest } from "./fault.ts";
import { numberParameter } from "./fault.ts";
import { htmlPage } from "./html-page.ts";
import { helpDetail, quotaFailure } from "./quota-failures.ts";

/** What a fault does to the request that meets it. */
export type FaultEffect =
  /** The request is answered with an error in the dialect's shape. */
  | { readonly kind: "failure"; readonly failure: ApiFailure }
  /** The request is answered with this body, whatever the dialect. */
  | { readonly kind: "raw"; readonly status: number; readonly contentType: string; readonly body: string }
  /** The connection is reset before any header. */
  | { readonly kind: "reset" }
  /** The answer is generated, but its delivery goes wrong. */
  | { readonly kind: "delivery"; readonly faults: DeliveryFaults }
  /** The answer itself is unusual. */
  | { readonly kind: "answer"; readonly answer: AnswerFault }
  /** The emulator's listener goes away; only for admin calls. */
  | { readonly kind: "listener"; readonly mode: "refuse" | "reset"; readonly ms: number };

/** Unusual answers. */
export type AnswerFault = "no-candidates" | "no-content" | "no-finish-reason";

/** An entry of the fault table. */
export interface FaultDefinition {
  readonly name: string;
  /** What happens, for people; the parameter behind the name first. */
  readonly description: string;
  /** Parameters with their units and defaults. */
  readonly parameters: string;
  effect(fault: FaultRequest, model: string): FaultEffect;
}

type Row = readonly [
  name: string,
  parameters: string,
  description: string,
  effect: FaultDefinition["effect"],
];

const valueNames = (name: string): readonly string[] => [name, "value"];

function failure(make: (fault: FaultRequest, model: string) => ApiFailure): FaultDefinition["effect"] {
  return (fault, model) => ({ kind: "failure", failure: make(fault, model) });
}

function delivery(make: (fault: FaultRequest) => DeliveryFaults): FaultDefinition["effect"] {
  return (fault) => ({ kind: "delivery", faults: make(fault) });
}

function answer(kind: AnswerFault): FaultDefinition["effect"] {
  return () => ({ kind: "answer", answer: kind });
}

function html(status: number): FaultDefinition["effect"] {
  return () => ({ kind: "raw", status, contentType: "text/html; charset=UTF-8", body: htmlPage(status) });
}

function quota(windows: Parameters<typeof quotaFailure>[0]["windows"], limit?: number) {
  return failure((fault, model) =>
    quotaFailure({
      tier: "free",
      model,
      windows,
      requestsPerMinute: limit ?? 10,
      inputTokensPerMinute: limit ?? 250_000,
      requestsPerDay: limit ?? 250,
      retryAfterMs: numberParameter(fault, valueNames("retry-ms"), 38_000),
    }),
  );
}

const tokens = (fault: FaultRequest): number => numberParameter(fault, valueNames("tokens"), 5);
const milliseconds = (fault: FaultRequest, byDefault: number): number =>
  numberParameter(fault, valueNames("ms"), byDefault);

const forEver = 600_000;
const emptyDeltasMax = 10_000;
const plain429 = "Resource has been exhausted (e.g. check quota).";
const shared429 =
  "Resource exhausted. Please try again later. Please refer to " +
  "https://cloud.google.com/vertex-ai/generative-ai/docs/error-code-429 for more details.";
const old429 = "You exceeded your current quota, please check your plan and billing details.";

/** Every fault the emulator can play. GET /emulator/faults and emulator/README.md show this table. */
const rows: readonly Row[] = [
  [
    "429-minute",
    "=retry-ms (38000)",
    "429, requests per minute exceeded, with RetryInfo",
    quota(["requests-per-minute"]),
  ],
  ["429-tokens", "=retry-ms (38000)", "429, input tokens per minute exceeded", quota(["tokens-per-minute"])],
  [
    "429-day",
    "=retry-ms (38000)",
    "429, requests per day exceeded (RetryInfo is there all the same)",
    quota(["requests-per-day"]),
  ],
  [
    "429-both",
    "=retry-ms (38000)",
    "429, tokens per minute and requests per day at once",
    quota(["tokens-per-minute", "requests-per-day"]),
  ],
  [
    "429-limit-0",
    "=retry-ms (38000)",
    "429 with limit: 0, the model is not in this tier",
    quota(["requests-per-minute", "requests-per-day"], 0),
  ],
  [
    "429-help-only",
    "",
    "429 in the old shape, with Help only",
    failure(() => new ApiFailure(429, old429, { details: [helpDetail] })),
  ],
  [
    "429-shared",
    "",
    "429 of Vertex's shared capacity, without details",
    failure(() => new ApiFailure(429, shared429)),
  ],
  [
    "429-retry-after",
    "=seconds (7)",
    "429 with a retry-after header and no details",
    failure(
      (fault) =>
        new ApiFailure(429, plain429, {
          headers: { "retry-after": String(numberParameter(fault, valueNames("seconds"), 7)) },
        }),
    ),
  ],
  [
    "400",
    "",
    "400 INVALID_ARGUMENT",
    failure(() => new ApiFailure(400, "Request contains an invalid argument.")),
  ],
  [
    "400-precondition",
    "",
    "400 FAILED_PRECONDITION, the location is not supported",
    failure(
      () =>
        new ApiFailure(400, "User location is not supported for the API use.", {
          status: "FAILED_PRECONDITION",
        }),
    ),
  ],
  ["401", "", "401 UNAUTHENTICATED", failure(() => new ApiFailure(401, unauthenticated))],
  [
    "403",
    "",
    "403 PERMISSION_DENIED",
    failure(() => new ApiFailure(403, "Your API key was reported as leaked. Please use another API key.")),
  ],
  ["404", "", "404 NOT_FOUND, as for a model that is gone", failure((_fault, model) => modelNotFound(model))],
  ["500", "", "500 INTERNAL", failure(() => new ApiFailure(500, internal))],
  ["503", "", "503 UNAVAILABLE, overloaded", failure(() => new ApiFailure(503, overloaded))],
  [
    "504",
    "",
    "504 DEADLINE_EXCEEDED",
    failure(() => new ApiFailure(504, "Deadline expired before operation could complete.")),
  ],
  ["html-502", "", "502 with an HTML page", html(502)],
  ["html-200", "", "200 with an HTML page", html(200)],
  ["reset", "", "The connection is reset before any header", () => ({ kind: "reset" })],
  [
    "refuse-connections",
    "=ms (1000)",
    "Admin only: the listener is closed, connections are refused",
    (fault) => ({ kind: "listener", mode: "refuse", ms: milliseconds(fault, 1000) }),
  ],
  [
    "reset-connections",
    "=ms (1000)",
    "Admin only: new connections are accepted and reset",
    (fault) => ({ kind: "listener", mode: "reset", ms: milliseconds(fault, 1000) }),
  ],
  [
    "stall-before-headers",
    "=ms (600000)",
    "Silence before the status line",
    delivery((fault) => ({ stallBeforeHeadersMs: milliseconds(fault, forEver) })),
  ],
  [
    "stall-before-first-token",
    "=ms (600000)",
    "Headers, then silence before the first token",
    delivery((fault) => ({ stallBeforeFirstTokenMs: milliseconds(fault, forEver) })),
  ],
  [
    "stall-after-tokens",
    "=tokens (5) ms (600000)",
    "Silence after some output tokens",
    delivery((fault) => ({
      stallAfter: { tokens: tokens(fault), ms: numberParameter(fault, ["ms", "stall-ms"], forEver) },
    })),
  ],
  [
    "empty-deltas-first",
    "=count (3)",
    "Role-only and empty deltas at once, the first token as late as ever",
    delivery((fault) => ({
      emptyDeltas: Math.min(emptyDeltasMax, numberParameter(fault, valueNames("count"), 3)),
    })),
  ],
  [
    "keep-alives-only",
    "=ms (600000) interval (1000)",
    "Comments only before the first token",
    delivery((fault) => ({
      keepAlives: {
        totalMs: milliseconds(fault, forEver),
        intervalMs: Math.max(1, numberParameter(fault, ["interval"], 1000)),
      },
    })),
  ],
  [
    "cut-after-tokens",
    "=tokens (5)",
    "The connection is destroyed mid-answer",
    delivery((fault) => ({ cutAfterTokens: tokens(fault) })),
  ],
  [
    "malformed-frame",
    "=tokens (5)",
    "One frame is no JSON; the answer goes on behind it",
    delivery((fault) => ({ malformedAfterTokens: tokens(fault) })),
  ],
  [
    "truncated-frame",
    "=tokens (5)",
    "Half a frame, then a proper end",
    delivery((fault) => ({ truncatedAfterTokens: tokens(fault) })),
  ],
  [
    "error-frame",
    "=tokens (5) code (503)",
    "An error frame mid-answer, then a proper end",
    delivery((fault) => ({
      errorAfter: { tokens: tokens(fault), failure: frameFailure(numberParameter(fault, ["code"], 503)) },
    })),
  ],
  [
    "end-after-tokens",
    "=tokens (5)",
    "A proper end mid-answer, without finish reason",
    delivery((fault) => ({ unfinishedAfterTokens: tokens(fault) })),
  ],
  ["no-finish-reason", "", "The whole answer, but no finish reason", answer("no-finish-reason")],
  ["empty-answer", "", "200 without candidates", answer("no-candidates")],
  ["empty-content", "", "200 with a candidate that has no content", answer("no-content")],
  [
    "slow-drip",
    "=bytes (3) ms (1)",
    "Bytes go out in tiny pieces, also inside characters",
    delivery((fault) => ({
      drip: { bytes: numberParameter(fault, valueNames("bytes"), 3), ms: numberParameter(fault, ["ms"], 1) },
    })),
  ],
  ["line-end-lf", "", "Legal: events end in LF", delivery(() => ({ style: { lineEnd: "\n" } }))],
  ["line-end-crlf", "", "Legal: events end in CRLF", delivery(() => ({ style: { lineEnd: "\r\n" } }))],
  ["line-end-cr", "", "Legal: events end in CR", delivery(() => ({ style: { lineEnd: "\r" } }))],
  [
    "multi-line-data",
    "",
    "Legal: each event's JSON is spread over several data lines",
    delivery(() => ({ style: { isMultiLine: true } })),
  ],
  [
    "comments",
    "",
    "Legal: comments and id fields between the data",
    delivery(() => ({ style: { hasComments: true } })),
  ],
];

const internal =
  "An internal error has occurred. Please retry or report in https://developers.generativeai.google/guide/troubleshooting";
const overloaded = "The model is overloaded. Please try again later.";
const unauthenticated =
  "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid " +
  "authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.";

/** The fault table. */
export const faultCatalog: readonly FaultDefinition[] = rows.map(
  ([name, parameters, description, effect]) => ({
    name,
    parameters,
    description,
    effect,
  }),
);

const faultsByName = new Map(faultCatalog.map((definition) => [definition.name, definition]));

/** The fault of that name, if there is one. */
export function faultDefinition(name: string): FaultDefinition | undefined {
  return faultsByName.get(name);
}

/** 404 for a model that does not exist (any more), in the API's words. */
export function modelNotFound(model: string, version = "v1beta", method = "generateContent"): ApiFailure {
  return new ApiFailure(
    404,
    `models/${model} is not found for API version ${version}, or is not supported for ${method}. ` +
      "Call ListModels to see the list of available models and their supported methods.",
  );
}

function frameFailure(code: number): ApiFailure {
  return new ApiFailure(code, code === 503 ? overloaded : internal);
}
