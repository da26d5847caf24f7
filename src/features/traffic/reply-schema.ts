import { z } from "zod";
import { resourceKinds } from "#core/dialects/resources.ts";
import { dialectNames } from "#core/llm/dialect-name.ts";
import { serviceTiers } from "#core/llm/usage.ts";
import { forcedChoices } from "#core/balancing/pick.ts";
import { capturePolicies } from "#core/routing/capture-policy.ts";
import { decisionSchema } from "./decision-schema.ts";
import { attemptCostView, requestCostView } from "./cost-view.ts";
import { degraded, exampleId, instant, outcomes } from "./schema-words.ts";

const operations = ["chat", "embeddings", "count-tokens", ...resourceKinds] as const;
const count = z.int().min(0);
const durationMs = z.number().min(0);

/** Tokens, as the API tells them. */
export const usageView = z
  .object({
    input_tokens: count.meta({ description: "Prompt tokens, cached ones included.", examples: [120] }),
    cached_input_tokens: count.meta({
      description: "The part of `input_tokens` read from the provider's prompt cache, tokens.",
      examples: [100],
    }),
    tool_input_tokens: count.meta({ description: "Prompt tokens from provider-side tools.", examples: [0] }),
    output_tokens: count.meta({ description: "Answer tokens without thinking.", examples: [40] }),
    thinking_tokens: count.meta({ description: "Tokens thought before the answer.", examples: [25] }),
    total_tokens: count.meta({
      description: "Input, tool input, output and thinking tokens together.",
      examples: [185],
    }),
    service_tier: z
      .enum(serviceTiers)
      .nullable()
      .meta({
        description:
          "The quality of service that the provider says it gave; null when it says none, and in sums.",
        examples: ["standard"],
      }),
  })
  .meta({ id: "TokenUsage", description: "Tokens as the provider reported them." });

const summaryShape = {
  id: z.string().meta({ description: "The request's id (UUIDv7, sorts by time).", examples: [exampleId] }),
  started_at: instant.meta({
    description: "When it came in, ISO 8601, UTC.",
    examples: ["2026-11-25T12:00:00.000Z"],
  }),
  operation: z.enum(operations).meta({ description: "What was asked.", examples: ["chat"] }),
  dialect: z
    .enum(dialectNames)
    .meta({ description: "The dialect that the client spoke.", examples: ["openai-chat"] }),
  stream: z.boolean().meta({ description: "Whether the answer was streamed.", examples: [true] }),
  model: z.string().meta({ description: "The name that the client asked for.", examples: ["assistant"] }),
  key_id: z
    .string()
    .nullable()
    .meta({
      description: "The API key that was used; null when none was needed, or the admin key was used.",
      examples: ["key_5e8f0c6d2a17"],
    }),
  route: z
    .string()
    .nullable()
    .meta({ description: "The route; null when no decision was taken.", examples: ["assistant"] }),
  variant: z
    .string()
    .nullable()
    .meta({
      description: "The variant that was chosen; null when no decision was taken.",
      examples: ["assistant-flash"],
    }),
  deployment: z
    .string()
    .nullable()
    .meta({
      description: "The deployment of the last attempt; null when no upstream was called.",
      examples: ["flash"],
    }),
  attempt_count: count.meta({ description: "Upstream calls.", examples: [1] }),
  outcome: z.enum(outcomes).meta({ description: "How it ended for the client.", examples: ["completed"] }),
  degraded,
  status: z.int().meta({
    description: "HTTP status that the client got; 499 when it left before there was one.",
    examples: [200],
  }),
  error_code: z
    .string()
    .nullable()
    .meta({
      description: "Our error code; null when the client got no error.",
      examples: ["upstream-timeout"],
    }),
  finish_reason: z
    .string()
    .nullable()
    .meta({
      description: "Why the answer ended; null when it did not.",
      examples: ["stop"],
    }),
  usage: usageView.nullable().meta({
    description:
      "Tokens of the attempt that answered, or of all that brought a piece of the answer; null when none were reported.",
  }),
  cost: requestCostView
    .nullable()
    .meta({ description: "What all upstream calls cost together; null when there was none." }),
  timings: z
    .object({
      queue_ms: durationMs.meta({
        description: "Until its body was read and it was admitted, milliseconds since it came in.",
        examples: [0.4],
      }),
      gateway_ms: durationMs.meta({
        description:
          "Spent in Signalbox before the first upstream call began, `queue_ms` not included, milliseconds.",
        examples: [1.25],
      }),
      first_byte_ms: durationMs.nullable().meta({
        description:
          "Until the first byte of the attempt that answered, milliseconds since it came in; null when there was none.",
        examples: [220.5],
      }),
      first_content_ms: durationMs.nullable().meta({
        description: "Until the first content, milliseconds since it came in; null when there was none.",
        examples: [240.5],
      }),
      last_content_ms: durationMs.nullable().meta({
        description: "Until the last content, milliseconds since it came in; null when there was none.",
        examples: [810.25],
      }),
      total_ms: durationMs.meta({
        description: "Until its end, milliseconds since it came in.",
        examples: [812.5],
      }),
    })
    .meta({ id: "RequestTimings", description: "Durations, milliseconds." }),
  unit: z
    .object({
      id: z
        .string()
        .meta({ description: "Its pseudonym; the name is not kept.", examples: ["s8FJvqk2ZkqC0mSd6XxW3A"] }),
      source: z.enum(["header", "user", "conversation", "request"]).meta({
        description:
          "Where its name was found: the header, the body's user, the conversation's first turns, or the request itself.",
        examples: ["header"],
      }),
    })
    .meta({ id: "RequestUnit", description: "Whom or what the request is for." })
    .nullable()
    .meta({ description: "Whom or what it is for; null where the route captures nothing." }),
  conversation: z
    .string()
    .nullable()
    .meta({
      description: "The pseudonym of the conversation that the client named; null when it named none.",
      examples: ["Qm4b1ZkqC0mSd6XxW3As8F"],
    }),
  capture: z
    .enum(capturePolicies)
    .meta({ description: "What the route let be kept.", examples: ["metadata"] }),
  tags: z.record(z.string(), z.string()).meta({
    description: "Labels that the client sent in `x-signalbox-tags`.",
    examples: [{ team: "search" }],
  }),
  emulated: z.boolean().meta({ description: "Whether the emulator answered.", examples: [false] }),
};

const requestSummary = z
  .object(summaryShape)
  .meta({ id: "RequestSummary", description: "One request. Never content." });

/** Data of the events of `GET /api/requests/tail`. */
export const tailEvent = z
  .union([
    requestSummary,
    z
      .object({
        count: count.nullable().meta({
          description: "How many requests are missing here; null when nobody knows.",
          examples: [12],
        }),
      })
      .meta({ id: "DroppedRequests", description: "Data of an event `dropped`." }),
  ])
  .meta({ id: "TailEvent", description: "Data of an event: `request` or `dropped`." });

const attemptView = z
  .object({
    attempt: count.meta({ description: "Its number, in the order of starting.", examples: [1] }),
    deployment: z.string().meta({ description: "Where it went.", examples: ["flash"] }),
    provider: z.string().meta({ description: "The provider of the deployment.", examples: ["google"] }),
    variant: z.string().meta({ description: "The variant it served.", examples: ["assistant-flash"] }),
    model: z
      .string()
      .meta({ description: "The model's id at the provider.", examples: ["gemini-3.8-flash"] }),
    continues: z.boolean().meta({
      description:
        "Whether it brought more of an answer that an earlier attempt had begun: its provider ends long answers in pieces.",
      examples: [false],
    }),
    resumes: z.boolean().meta({
      description: "Whether it went on with a stream that had broken elsewhere.",
      examples: [false],
    }),
    outcome: z
      .enum(["completed", "failed", "aborted"])
      .meta({ description: "How it ended.", examples: ["failed"] }),
    chosen: z
      .enum(forcedChoices)
      .nullable()
      .meta({
        description:
          "Why a deployment was asked that was not as it should be: too few of its variant were (`panic`), or none " +
          "(`last-resort`); null where it was available.",
        examples: ["panic"],
      }),
    status: z
      .int()
      .nullable()
      .meta({
        description: "HTTP status of the upstream; null when there was no answer.",
        examples: [503],
      }),
    failure: z
      .string()
      .nullable()
      .meta({ description: "How it failed; null when it did not.", examples: ["overloaded"] }),
    usage: usageView.nullable().meta({
      description:
        "Tokens of this call, estimated where `cost.estimated` says so; null when nothing can have been billed.",
    }),
    cost: attemptCostView
      .nullable()
      .meta({ description: "What it cost; null where no price of the model is known." }),
    started_ms: durationMs.meta({
      description: "Its start, milliseconds since the request came in.",
      examples: [1.25],
    }),
    connect_ms: durationMs.nullable().meta({
      description:
        "Until it was connected and on its way, milliseconds since its start; null when it never was.",
      examples: [12.5],
    }),
    first_byte_ms: durationMs.nullable().meta({
      description: "Until the first byte, milliseconds since its start; null when none came.",
      examples: [200],
    }),
    first_content_ms: durationMs.nullable().meta({
      description: "Until the first content, milliseconds since its start; null when none came.",
      examples: [239.25],
    }),
    last_content_ms: durationMs.nullable().meta({
      description: "Until the last content, milliseconds since its start; null when none came.",
      examples: [800],
    }),
    total_ms: durationMs.meta({
      description: "Until its end, milliseconds since its start.",
      examples: [811.25],
    }),
  })
  .meta({ id: "Attempt", description: "One call to one deployment." });

/** Answer of `GET /api/requests/{id}`. */
export const requestDetail = z
  .object({
    ...summaryShape,
    upstream_response_id: z
      .string()
      .nullable()
      .meta({
        description: "The upstream's own id of the answer; null when it gave none.",
        examples: ["chatcmpl-9f2c"],
      }),
    content: z
      .string()
      .nullable()
      .meta({
        description: "Path of what was asked and answered; null where the route does not capture it.",
        examples: [`/api/requests/${exampleId}/content`],
      }),
    decision: decisionSchema
      .nullable()
      .meta({ description: "How the variant was chosen; null when it was refused before." }),
    attempts: z.array(attemptView).meta({ description: "Every upstream call, failed and aborted ones too." }),
  })
  .meta({
    id: "RequestDetail",
    description: "One request with its decision and attempts. Content has a path of its own.",
  });

/** Answer of `GET /api/requests/{id}/content`. */
export const requestContent = z
  .object({
    request_id: z.string().meta({ description: "The request's id.", examples: [exampleId] }),
    request: z.string().meta({
      description: "What was asked, JSON as text; redacted, and cut where `truncated` says so.",
      examples: ['{"messages":[{"role":"user","content":"Hello"}]}'],
    }),
    response: z.string().meta({
      description: "What was answered, JSON as text, likewise; empty when nothing was.",
      examples: ['{"text":"Hello to you"}'],
    }),
    truncated: z.boolean().meta({
      description: "Whether one of the two was longer than what is kept.",
      examples: [false],
    }),
    redactions: count.meta({ description: "Pieces that redaction replaced.", examples: [0] }),
  })
  .meta({ id: "RequestContent", description: "What a route let be kept of a request's content." });

/** Answer of `GET /api/requests`. */
export const listRequestsReply = z
  .object({
    requests: z.array(requestSummary).meta({ description: "Newest first." }),
    next_cursor: z
      .string()
      .nullable()
      .meta({
        description: "`cursor` of the next page; null on the last one.",
        examples: [exampleId],
      }),
  })
  .meta({ id: "RequestPage", description: "A page of the request log." });

/** A request, as `/api/requests` tells it. */
export type RequestSummaryView = z.output<typeof requestSummary>;
/** A request, as `/api/requests/{id}` tells it. */
export type RequestDetailView = z.output<typeof requestDetail>;
/** Answer of `GET /api/requests`. */
export type RequestPageView = z.output<typeof listRequestsReply>;
/** Content, as `/api/requests/{id}/content` tells it. */
export type RequestContentView = z.output<typeof requestContent>;
