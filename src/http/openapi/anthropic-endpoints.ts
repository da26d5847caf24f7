import type { Endpoint, Example } from "#http/endpoint.ts";
import {
  anthropicCount,
  anthropicError,
  anthropicEvent,
  anthropicMessage,
  countRequest,
  messageRequest,
} from "./anthropic-schemas.ts";
import { callErrorsIn } from "./call-errors.ts";
import { answerHeaders, callHeaders } from "./call-headers.ts";
import type { ApiSnapshot } from "./snapshot.ts";

const errorContent = { "application/json": anthropicError };

/** Errors that a model call can end in. */
const callErrors = callErrorsIn(errorContent);

/** The Anthropic dialect. The same is served under `/anthropic/v1`. */
export function anthropicEndpoints(snapshot: ApiSnapshot): readonly Endpoint[] {
  const models = [...snapshot.routes, ...snapshot.chatModels];
  return [messages(models), countTokens(models)];
}

function messages(models: readonly string[]): Endpoint {
  return {
    method: "POST",
    path: "/v1/messages",
    operationId: "createMessage",
    tag: "Anthropic",
    summary: "Chat",
    description:
      "Answers a conversation. A failure before the first token moves on to the next deployment silently; after it the stream ends in an error event. Also at `/anthropic/v1/messages`.",
    protection: "key",
    headers: callHeaders,
    body: messageRequest(models),
    examples: messageExamples(models[0] ?? "none-configured"),
    replies: {
      200: {
        description: "The answer, or its stream.",
        headers: answerHeaders,
        content: { "application/json": anthropicMessage, "text/event-stream": anthropicEvent },
      },
      ...callErrors,
    },
    errors: "dialect",
  };
}

function messageExamples(model: string): Readonly<Record<string, Example>> {
  const asked = {
    model,
    max_tokens: 1_024,
    messages: [{ role: "user", content: "Say hello in five words." }],
  };
  return {
    text: { summary: "A short answer", value: asked },
    stream: { summary: "A stream", value: { ...asked, stream: true } },
    tools: {
      summary: "A tool call",
      value: {
        ...asked,
        messages: [{ role: "user", content: "What is the weather in Oslo?" }],
        tools: [
          {
            name: "weather",
            description: "Current weather of a city",
            input_schema: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
          },
        ],
      },
    },
  };
}

function countTokens(models: readonly string[]): Endpoint {
  const model = models[0] ?? "none-configured";
  return {
    method: "POST",
    path: "/v1/messages/count_tokens",
    operationId: "countMessageTokens",
    tag: "Anthropic",
    summary: "Count tokens",
    description:
      "How many tokens a request reads, without answering it. Only Gemini's providers can tell. Also at `/anthropic/v1/messages/count_tokens`.",
    protection: "key",
    headers: callHeaders,
    body: countRequest(models),
    examples: {
      text: {
        summary: "One turn",
        value: { model, messages: [{ role: "user", content: "Say hello in five words." }] },
      },
    },
    replies: {
      200: {
        description: "The count.",
        headers: answerHeaders,
        content: { "application/json": anthropicCount },
      },
      ...callErrors,
    },
    errors: "dialect",
  };
}
