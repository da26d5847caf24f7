import type { Endpoint, Example } from "#http/endpoint.ts";
import { answerHeaders, callHeaders } from "./call-headers.ts";
import { callErrors } from "./openai-errors.ts";
import {
  inputTokens,
  inputTokensRequest,
  response,
  responseEvent,
  responseRequest,
} from "./openai-responses-schemas.ts";
import type { ApiSnapshot } from "./snapshot.ts";

/** OpenAI's Responses API. The same is served under `/openai/v1`. */
export function responsesEndpoints(snapshot: ApiSnapshot): readonly Endpoint[] {
  const models = [...snapshot.routes, ...snapshot.chatModels];
  return [createResponse(models), countInputTokens(models)];
}

function createResponse(models: readonly string[]): Endpoint {
  return {
    method: "POST",
    path: "/v1/responses",
    operationId: "createResponse",
    tag: "OpenAI",
    summary: "Respond",
    description:
      "Answers a conversation by OpenAI's Responses API. A request goes on from an earlier answer to the same key by `previous_response_id`, where that says `store: true`: its route has `capture: full`, and the log redacts nothing. Otherwise each request holds the items of its conversation. A failure before the first token moves on to the next deployment silently; after it the stream ends in an `error` event. Also at `/openai/v1/responses`.",
    protection: "key",
    headers: callHeaders,
    body: responseRequest(models),
    examples: responseExamples(models[0] ?? "none-configured"),
    replies: {
      200: {
        description: "The answer, or its stream.",
        headers: answerHeaders,
        content: { "application/json": response, "text/event-stream": responseEvent },
      },
      ...callErrors,
    },
    errors: "dialect",
  };
}

function responseExamples(model: string): Readonly<Record<string, Example>> {
  const asked = { model, input: "Say hello in five words.", store: false };
  return {
    text: { summary: "A short answer", value: asked },
    stream: { summary: "A stream", value: { ...asked, stream: true } },
    structured: {
      summary: "JSON that satisfies a schema",
      value: {
        ...asked,
        input: "Invent a person.",
        text: {
          format: {
            type: "json_schema",
            name: "person",
            strict: true,
            schema: {
              type: "object",
              properties: { name: { type: "string" }, age: { type: "integer" } },
              required: ["name", "age"],
              additionalProperties: false,
            },
          },
        },
      },
    },
    tools: {
      summary: "A tool call",
      value: {
        ...asked,
        input: "What is the weather in Oslo?",
        tools: [
          {
            type: "function",
            name: "weather",
            description: "Current weather of a city",
            parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
          },
        ],
      },
    },
  };
}

function countInputTokens(models: readonly string[]): Endpoint {
  const model = models[0] ?? "none-configured";
  return {
    method: "POST",
    path: "/v1/responses/input_tokens",
    operationId: "countInputTokens",
    tag: "OpenAI",
    summary: "Count tokens",
    description:
      "How many tokens a request reads, without answering it. Only Gemini's providers can tell. Also at `/openai/v1/responses/input_tokens`.",
    protection: "key",
    headers: callHeaders,
    body: inputTokensRequest(models),
    examples: { text: { summary: "One text", value: { model, input: "Say hello in five words." } } },
    replies: {
      200: {
        description: "The count.",
        headers: answerHeaders,
        content: { "application/json": inputTokens },
      },
      ...callErrors,
    },
    errors: "dialect",
  };
}
