import { z } from "zod";
import type { Endpoint, Example, Reply } from "#http/endpoint.ts";
import { callErrorsIn } from "./call-errors.ts";
import { answerHeaders, callHeaders } from "./call-headers.ts";
import { described, oneOf } from "./described.ts";
import {
  embedContentRequest,
  geminiContent,
  geminiEmbedding,
  geminiError,
  generateContentRequest,
  generateContentResponse,
} from "./gemini-schemas.ts";
import { geminiResourceEndpoints } from "./gemini-resource-endpoints.ts";
import type { ApiSnapshot } from "./snapshot.ts";

const errorContent = { "application/json": geminiError };

const callErrors = callErrorsIn(errorContent);

/** The Gemini dialect. The same is served under `/v1`, `/v1alpha` and, with the prefix `/gemini`, once more. */
export function geminiEndpoints(snapshot: ApiSnapshot): readonly Endpoint[] {
  return [
    generateContent(snapshot),
    streamGenerateContent(snapshot),
    countTokens(snapshot),
    embedContent(snapshot),
    batchEmbedContents(snapshot),
    listGeminiModels(),
    oneGeminiModel(snapshot),
    ...geminiResourceEndpoints(snapshot, callErrors),
  ];
}

const everywhere = "Also under `/v1`, `/v1alpha`, and each of them behind `/gemini`.";

/** A call to a model: what the five of them share. */
function modelCall(
  call: Pick<Endpoint, "operationId" | "summary" | "description" | "query" | "body" | "examples"> & {
    readonly action: string;
    readonly models: readonly string[];
    readonly reply: Reply;
  },
): Endpoint {
  const { action, models, reply, ...rest } = call;
  return {
    ...rest,
    method: "POST",
    path: `/v1beta/models/{model}:${action}`,
    tag: "Gemini",
    protection: "key",
    params: z.object({ model: oneOf(models, "A route, or a model or deployment by its own name.") }),
    headers: callHeaders,
    replies: { 200: { headers: answerHeaders, ...reply }, ...callErrors },
    errors: "dialect",
  };
}

const chatExamples: Readonly<Record<string, Example>> = {
  text: {
    summary: "A short answer",
    value: { contents: [{ role: "user", parts: [{ text: "Say hello in five words." }] }] },
  },
  structured: {
    summary: "JSON that satisfies a schema",
    value: {
      contents: [{ role: "user", parts: [{ text: "Invent a person." }] }],
      generationConfig: {
        responseMimeType: "application/json",
        responseJsonSchema: {
          type: "object",
          properties: { name: { type: "string" }, age: { type: "integer" } },
          required: ["name", "age"],
        },
      },
    },
  },
};

function chatModels(snapshot: ApiSnapshot): readonly string[] {
  return [...snapshot.routes, ...snapshot.chatModels];
}

function generateContent(snapshot: ApiSnapshot): Endpoint {
  return modelCall({
    action: "generateContent",
    models: chatModels(snapshot),
    operationId: "generateContent",
    summary: "Chat",
    description: `Answers a conversation. ${everywhere}`,
    body: generateContentRequest,
    examples: chatExamples,
    reply: { description: "The answer.", content: { "application/json": generateContentResponse } },
  });
}

function streamGenerateContent(snapshot: ApiSnapshot): Endpoint {
  return modelCall({
    action: "streamGenerateContent",
    models: chatModels(snapshot),
    operationId: "streamGenerateContent",
    summary: "Chat, streamed",
    description: `Answers a conversation piece by piece: as server-sent events with \`alt=sse\`, otherwise as one JSON array. ${everywhere}`,
    query: z.object({
      alt: described(
        z.enum(["sse", "json"]).optional(),
        "`sse`: server-sent events; otherwise one JSON array.",
        "sse",
      ),
    }),
    body: generateContentRequest,
    examples: chatExamples,
    reply: {
      description: "The stream.",
      content: {
        "text/event-stream": generateContentResponse,
        "application/json": z
          .array(generateContentResponse)
          .meta({ description: "All pieces, without `alt=sse`." }),
      },
    },
  });
}

function countTokens(snapshot: ApiSnapshot): Endpoint {
  return modelCall({
    action: "countTokens",
    models: chatModels(snapshot),
    operationId: "countTokens",
    summary: "Count tokens",
    description: `How many tokens a request reads, without answering it. ${everywhere}`,
    body: z
      .looseObject({
        contents: described(z.array(geminiContent).optional(), "What to count.", [
          { role: "user", parts: [{ text: "The quick brown fox" }] },
        ]),
        generateContentRequest: described(
          z.looseObject({}).optional(),
          "A whole request to count, with its tools and system instruction; instead of `contents`.",
        ),
      })
      .meta({ id: "CountTokensRequest", description: "What to count." }),
    examples: {
      text: {
        summary: "One text",
        value: { contents: [{ role: "user", parts: [{ text: "The quick brown fox" }] }] },
      },
    },
    reply: {
      description: "The count.",
      content: {
        "application/json": z
          .looseObject({ totalTokens: described(z.int(), "Tokens.", 5) })
          .meta({ id: "CountTokensResponse", description: "A count." }),
      },
    },
  });
}

function embedContent(snapshot: ApiSnapshot): Endpoint {
  return modelCall({
    action: "embedContent",
    models: snapshot.embeddingModels,
    operationId: "embedContent",
    summary: "Embed one text",
    description: `Turns one text into a vector. ${everywhere}`,
    body: embedContentRequest,
    examples: {
      text: { summary: "One text", value: { content: { parts: [{ text: "The quick brown fox" }] } } },
    },
    reply: {
      description: "The vector.",
      content: {
        "application/json": z
          .looseObject({ embedding: described(geminiEmbedding, "The vector.") })
          .meta({ id: "EmbedContentResponse", description: "A vector." }),
      },
    },
  });
}

function batchEmbedContents(snapshot: ApiSnapshot): Endpoint {
  const model = snapshot.embeddingModels[0] ?? "none-configured";
  return modelCall({
    action: "batchEmbedContents",
    models: snapshot.embeddingModels,
    operationId: "batchEmbedContents",
    summary: "Embed several texts",
    description: `Turns up to 100 texts into vectors. ${everywhere}`,
    body: z
      .looseObject({
        requests: described(z.array(embedContentRequest).min(1).max(100), "One request a text; 1 to 100."),
      })
      .meta({ id: "BatchEmbedContentsRequest", description: "Texts to embed." }),
    examples: {
      two: {
        summary: "Two texts",
        value: {
          requests: ["The quick brown fox", "The lazy dog"].map((text) => ({
            model: `models/${model}`,
            content: { parts: [{ text }] },
          })),
        },
      },
    },
    reply: {
      description: "The vectors, in the order of the texts.",
      content: {
        "application/json": z
          .looseObject({ embeddings: described(z.array(geminiEmbedding), "The vectors.") })
          .meta({ id: "BatchEmbedContentsResponse", description: "Vectors." }),
      },
    },
  });
}

const geminiModel = z
  .looseObject({
    name: described(z.string(), "The name, behind `models/`.", "models/gemini-3.8-flash"),
    displayName: described(z.string().optional(), "The name for people.", "Gemini 3.8 Flash"),
    inputTokenLimit: described(z.int().optional(), "Most tokens it reads.", 1_048_576),
    outputTokenLimit: described(z.int().optional(), "Most tokens it generates.", 65_536),
    supportedGenerationMethods: described(z.array(z.string()).optional(), "What it can do.", [
      "generateContent",
    ]),
  })
  .meta({ id: "GeminiModel", description: "A name that may be called." });

function listGeminiModels(): Endpoint {
  return {
    method: "GET",
    path: "/v1beta/models",
    operationId: "listGeminiModels",
    tag: "Gemini",
    summary: "List routes and models",
    description: `Every name that may be called. ${everywhere}`,
    protection: "key",
    query: z.object({
      pageSize: described(z.int().min(1).max(1000).optional(), "Most models of a page, 1 to 1000.", 50),
      pageToken: described(z.string().optional(), "`nextPageToken` of the page before.", "50"),
    }),
    replies: {
      200: {
        description: "The names.",
        content: {
          "application/json": z
            .looseObject({
              models: described(z.array(geminiModel), "The names."),
              nextPageToken: described(
                z.string().optional(),
                "Asks for the next page; absent on the last.",
                "50",
              ),
            })
            .meta({ id: "GeminiModelList", description: "Routes and models." }),
        },
      },
      401: { description: "The API key is missing or wrong.", content: errorContent },
    },
    errors: "dialect",
  };
}

function oneGeminiModel(snapshot: ApiSnapshot): Endpoint {
  return {
    method: "GET",
    path: "/v1beta/models/{model}",
    operationId: "getGeminiModel",
    tag: "Gemini",
    summary: "One route or model",
    description: `Whether a name may be called, and with what. ${everywhere}`,
    protection: "key",
    params: z.object({
      model: oneOf([...chatModels(snapshot), ...snapshot.embeddingModels], "A route or model."),
    }),
    replies: {
      200: { description: "It may.", content: { "application/json": geminiModel } },
      401: { description: "The API key is missing or wrong.", content: errorContent },
      404: { description: "There is no such model or route.", content: errorContent },
    },
    errors: "dialect",
  };
}
