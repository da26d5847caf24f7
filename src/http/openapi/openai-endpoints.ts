import { z } from "zod";
import type { Endpoint, Example } from "#http/endpoint.ts";
import { answerHeaders, callHeaders } from "./call-headers.ts";
import { described, oneOf } from "./described.ts";
import { chatCompletion, chatCompletionChunk, chatCompletionRequest } from "./openai-chat-schemas.ts";
import { callErrors, errorContent } from "./openai-errors.ts";
import { responsesEndpoints } from "./openai-responses-endpoints.ts";
import type { ApiSnapshot } from "./snapshot.ts";

/** The OpenAI dialect. The same is served under `/openai/v1`. */
export function openAiEndpoints(snapshot: ApiSnapshot): readonly Endpoint[] {
  return [
    chat(snapshot),
    ...responsesEndpoints(snapshot),
    embeddings(snapshot),
    listModels(),
    oneModel(snapshot),
  ];
}

function chat(snapshot: ApiSnapshot): Endpoint {
  const models = [...snapshot.routes, ...snapshot.chatModels];
  return {
    method: "POST",
    path: "/v1/chat/completions",
    operationId: "createChatCompletion",
    tag: "OpenAI",
    summary: "Chat",
    description:
      "Answers a conversation. A failure before the first token moves on to the next deployment silently; after it the stream ends in an error event. Also at `/openai/v1/chat/completions`.",
    protection: "key",
    headers: callHeaders,
    body: chatCompletionRequest(models),
    examples: chatExamples(models[0] ?? "none-configured", snapshot.routes),
    replies: {
      200: {
        description: "The answer, or its stream.",
        headers: answerHeaders,
        content: { "application/json": chatCompletion, "text/event-stream": chatCompletionChunk },
      },
      ...callErrors,
    },
    errors: "dialect",
  };
}

function chatExamples(model: string, routes: readonly string[]): Readonly<Record<string, Example>> {
  const hello = [{ role: "user", content: "Say hello in five words." }];
  const examples: Record<string, Example> = {
    text: { summary: "A short answer", value: { model, messages: hello } },
    stream: {
      summary: "A stream with usage",
      value: { model, messages: hello, stream: true, stream_options: { include_usage: true } },
    },
    structured: {
      summary: "JSON that satisfies a schema",
      value: {
        model,
        messages: [{ role: "user", content: "Invent a person." }],
        response_format: {
          type: "json_schema",
          json_schema: {
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
        model,
        messages: [{ role: "user", content: "What is the weather in Oslo?" }],
        tools: [
          {
            type: "function",
            function: {
              name: "weather",
              description: "Current weather of a city",
              parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
            },
          },
        ],
      },
    },
  };
  for (const route of routes) {
    examples[`route-${route}`] = { summary: `Route ${route}`, value: { model: route, messages: hello } };
  }
  return examples;
}

function embeddings(snapshot: ApiSnapshot): Endpoint {
  const model = snapshot.embeddingModels[0] ?? "none-configured";
  return {
    method: "POST",
    path: "/v1/embeddings",
    operationId: "createEmbedding",
    tag: "OpenAI",
    summary: "Embeddings",
    description: "Turns texts into vectors. Also at `/openai/v1/embeddings`.",
    protection: "key",
    headers: callHeaders,
    body: z
      .looseObject({
        model: oneOf(snapshot.embeddingModels, "A model that embeds, or a route to one."),
        input: described(
          z.union([z.string(), z.array(z.string())]),
          "One text, or several.",
          "The quick brown fox",
        ),
        encoding_format: described(
          z.enum(["float", "base64"]).optional(),
          "Numbers, or little-endian float32 as base64.",
          "float",
        ),
        dimensions: described(
          z.int().min(1).optional(),
          "Length of the vectors, where the model can shorten them.",
          768,
        ),
        user: described(z.string().optional(), "Your id of the end user.", "user-42"),
      })
      .meta({ id: "EmbeddingRequest", description: "A request for embeddings." }),
    examples: { text: { summary: "One text", value: { model, input: "The quick brown fox" } } },
    replies: {
      200: {
        description: "The vectors, in the order of the texts.",
        headers: answerHeaders,
        content: { "application/json": embeddingList },
      },
      ...callErrors,
    },
    errors: "dialect",
  };
}

const embeddingList = z
  .looseObject({
    object: described(z.literal("list"), "The kind of object.", "list"),
    model: described(z.string(), "The model that embedded.", "gemini-embedding-2"),
    data: described(
      z.array(
        z.looseObject({
          object: described(z.literal("embedding"), "The kind of object.", "embedding"),
          index: described(z.int(), "Which text, from 0.", 0),
          embedding: described(
            z.union([z.array(z.number()), z.string()]),
            "The vector, or base64 of it.",
            [0.01, -0.02],
          ),
        }),
      ),
      "The vectors.",
    ),
    usage: described(
      z.looseObject({
        prompt_tokens: described(z.int(), "Tokens read.", 5),
        total_tokens: described(z.int(), "All tokens.", 5),
      }),
      "Tokens of the call.",
    ),
  })
  .meta({ id: "EmbeddingList", description: "Vectors." });

const model = z
  .looseObject({
    id: described(z.string(), "The name to put in `model`.", "gemini-3.8-flash"),
    object: described(z.literal("model"), "The kind of object.", "model"),
    created: described(z.int(), "When it came, seconds since 1970.", 1_756_771_200),
    owned_by: described(z.string(), "Who owns it.", "google"),
  })
  .meta({ id: "OpenAIModel", description: "A name that may be put in `model`." });

function listModels(): Endpoint {
  return {
    method: "GET",
    path: "/v1/models",
    operationId: "listModels",
    tag: "OpenAI",
    summary: "List routes and models",
    description:
      "Every name that may be put in `model`. Three dialects have this path: a call with `anthropic-version` gets Anthropic's list, one with `x-goog-api-key` Gemini's, any other OpenAI's. `/anthropic/v1/models`, `/v1beta/models` and `/openai/v1/models` are plain.",
    protection: "key",
    replies: {
      200: {
        description: "The names.",
        content: {
          "application/json": z
            .looseObject({
              object: described(z.literal("list"), "The kind of object.", "list"),
              data: described(z.array(model), "The names."),
            })
            .meta({ id: "OpenAIModelList", description: "Routes and models." }),
        },
      },
      401: { description: "The API key is missing or wrong.", content: errorContent },
    },
    errors: "dialect",
  };
}

function oneModel(snapshot: ApiSnapshot): Endpoint {
  return {
    method: "GET",
    path: "/v1/models/{model}",
    operationId: "getModel",
    tag: "OpenAI",
    summary: "One route or model",
    description: "Whether a name may be put in `model`.",
    protection: "key",
    params: z.object({
      model: oneOf(
        [...snapshot.routes, ...snapshot.chatModels, ...snapshot.embeddingModels],
        "A route or model.",
      ),
    }),
    replies: {
      200: { description: "It may.", content: { "application/json": model } },
      401: { description: "The API key is missing or wrong.", content: errorContent },
      404: { description: "There is no such model or route.", content: errorContent },
    },
    errors: "dialect",
  };
}
