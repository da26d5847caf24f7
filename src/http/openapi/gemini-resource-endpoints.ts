import { z } from "zod";
import type { Endpoint, Reply } from "#http/endpoint.ts";
import { answerHeaders, callHeaders } from "./call-headers.ts";
import { described, oneOf } from "./described.ts";
import type { ApiSnapshot } from "./snapshot.ts";

/** What a provider of the Gemini API keeps: cached contents, batches, interactions. @param errors the errors of every call */
export function geminiResourceEndpoints(
  snapshot: ApiSnapshot,
  errors: Readonly<Record<number, Reply>>,
): readonly Endpoint[] {
  const models = [...snapshot.routes, ...snapshot.chatModels];
  return calls(models).map(({ reply, ...call }) => ({
    ...call,
    tag: "Gemini",
    protection: "key",
    headers: call.headers ?? callHeaders,
    replies: { 200: { headers: answerHeaders, ...reply }, ...errors },
    errors: "dialect",
  }));
}

type Call = Pick<Endpoint, "method" | "path" | "operationId" | "summary" | "description"> &
  Partial<Pick<Endpoint, "params" | "query" | "headers" | "body" | "examples">> & { readonly reply: Reply };

const passes =
  "The body passes to the provider as it came, but for the model's name and names of what it refers to.";

const providerHeaders = callHeaders.extend({
  "x-signalbox-provider": described(
    z.string().optional(),
    "The provider that is meant, where there are several of the Gemini API and no name in the path says which.",
    "google",
  ),
});

const pages = z.object({
  pageSize: described(z.int().min(1).optional(), "Most items of a page.", 50),
  pageToken: described(z.string().optional(), "`nextPageToken` of the page before.", "50"),
});

const nextPageToken = described(z.string().optional(), "Asks for the next page; absent on the last.", "50");

const id = z.object({
  id: described(z.string(), "The name as it was told: `<provider>~<id>`.", "google~8f2c1d"),
});

const cachedContent = z
  .looseObject({
    name: described(
      z.string().optional(),
      "Its name, behind which provider keeps it.",
      "cachedContents/google~8f2c1d",
    ),
    model: described(z.string(), "The model it is for, behind `models/`.", "models/gemini-3.8-flash"),
    ttl: described(z.string().optional(), "How long it is kept, seconds with an `s`.", "3600s"),
    expireTime: described(z.string().optional(), "Until when it is kept.", "2026-11-26T12:00:00Z"),
  })
  .meta({ id: "CachedContent", description: "The beginning of prompts, kept at a provider for a time." });

const batch = z
  .looseObject({
    name: described(z.string(), "Its name.", "batches/google~8f2c1d"),
    metadata: described(z.looseObject({}).optional(), "Its model, state, times and counts."),
    done: described(z.boolean().optional(), "Whether it is over.", true),
  })
  .meta({ id: "Batch", description: "Requests that are answered later." });

const interaction = z
  .looseObject({
    id: described(z.string(), "Its id.", "google~8f2c1d"),
    status: described(z.string(), "How it stands.", "completed"),
    steps: described(z.array(z.looseObject({})).optional(), "What the model said and called."),
    usage: described(z.looseObject({}).optional(), "Tokens."),
  })
  .meta({ id: "Interaction", description: "A turn that the provider remembers." });

const nothing = z.looseObject({}).meta({ id: "Nothing", description: "An empty object." });

function json(description: string, schema: z.ZodType): Reply {
  return { description, content: { "application/json": schema } };
}

function calls(models: readonly string[]): readonly Call[] {
  return [...cachedContents(models), ...batches(models), ...interactions(models)];
}

function cachedContents(models: readonly string[]): readonly Call[] {
  const path = "/v1beta/cachedContents";
  const [model = "none-configured"] = models;
  return [
    {
      method: "POST",
      path,
      operationId: "createCachedContent",
      summary: "Cache a beginning of prompts",
      description: `Keeps contents, instructions and tools at the model's provider. Tried once. ${passes}`,
      body: cachedContent,
      examples: {
        text: {
          summary: "A text for an hour",
          value: {
            model: `models/${model}`,
            contents: [{ role: "user", parts: [{ text: "The whole manual ..." }] }],
            ttl: "3600s",
          },
        },
      },
      reply: json("It is kept.", cachedContent),
    },
    {
      method: "GET",
      path,
      operationId: "listCachedContents",
      summary: "List cached contents",
      description: "Those of one provider.",
      query: pages,
      headers: providerHeaders,
      reply: json(
        "A page of them.",
        z
          .looseObject({
            cachedContents: described(z.array(cachedContent).optional(), "The cached contents."),
            nextPageToken,
          })
          .meta({ id: "CachedContentList", description: "Cached contents of one provider." }),
      ),
    },
    {
      method: "GET",
      path: `${path}/{id}`,
      operationId: "getCachedContent",
      summary: "One cached content",
      description: "What is known of it; its contents are not told.",
      params: id,
      reply: json("It is kept.", cachedContent),
    },
    {
      method: "PATCH",
      path: `${path}/{id}`,
      operationId: "updateCachedContent",
      summary: "Keep a cached content longer",
      description: "Takes `ttl` or `expireTime`.",
      params: id,
      body: z
        .looseObject({
          ttl: described(z.string().optional(), "How long from now on, seconds with an `s`.", "7200s"),
        })
        .meta({ id: "CachedContentUpdate", description: "Until when it is kept." }),
      reply: json("It is kept until then.", cachedContent),
    },
    {
      method: "DELETE",
      path: `${path}/{id}`,
      operationId: "deleteCachedContent",
      summary: "Forget a cached content",
      description: "Nothing is kept any more.",
      params: id,
      reply: json("It is gone.", nothing),
    },
  ];
}

function batches(models: readonly string[]): readonly Call[] {
  const path = "/v1beta/batches";
  return [
    {
      method: "POST",
      path: "/v1beta/models/{model}:batchGenerateContent",
      operationId: "createBatch",
      summary: "Have requests answered later",
      description: `Tried once. ${passes}`,
      params: z.object({ model: oneOf(models, "A route, or a model or deployment by its own name.") }),
      body: z
        .looseObject({ batch: described(z.looseObject({}), "The requests, and a name for people.") })
        .meta({ id: "BatchGenerateContentRequest", description: "Requests to be answered later." }),
      examples: {
        one: {
          summary: "One request",
          value: {
            batch: {
              displayName: "questions",
              inputConfig: {
                requests: {
                  requests: [{ request: { contents: [{ parts: [{ text: "Why is the sky blue?" }] }] } }],
                },
              },
            },
          },
        },
      },
      reply: json("It is taken.", batch),
    },
    {
      method: "GET",
      path,
      operationId: "listBatches",
      summary: "List batches",
      description: "Those of one provider.",
      query: pages,
      headers: providerHeaders,
      reply: json(
        "A page of them.",
        z
          .looseObject({ operations: described(z.array(batch).optional(), "The batches."), nextPageToken })
          .meta({ id: "BatchList", description: "Batches of one provider." }),
      ),
    },
    {
      method: "GET",
      path: `${path}/{id}`,
      operationId: "getBatch",
      summary: "One batch",
      description: "How it stands, with its answers when it is done.",
      params: id,
      reply: json("It is there.", batch),
    },
    {
      method: "POST",
      path: `${path}/{id}:cancel`,
      operationId: "cancelBatch",
      summary: "Cancel a batch",
      description: "What is not answered yet never is.",
      params: id,
      reply: json("It is cancelled.", nothing),
    },
    {
      method: "DELETE",
      path: `${path}/{id}`,
      operationId: "deleteBatch",
      summary: "Forget a batch",
      description: "Its answers are gone with it.",
      params: id,
      reply: json("It is gone.", nothing),
    },
  ];
}

function interactions(models: readonly string[]): readonly Call[] {
  const path = "/v1beta/interactions";
  const [model = "none-configured"] = models;
  return [
    {
      method: "POST",
      path,
      operationId: "createInteraction",
      summary: "Interact",
      description: `Answers, and remembers the turn unless \`store\` is false; streams events with \`stream\`. ${passes}`,
      body: z
        .looseObject({
          model: oneOf(models, "A route, or a model or deployment by its own name."),
          input: described(z.unknown(), "A text, content, or steps.", "Say hello in five words."),
          stream: described(z.boolean().optional(), "Whether events come as they happen.", false),
          previous_interaction_id: described(
            z.string().optional(),
            "The interaction it goes on with; it goes to the provider that remembers that one.",
            "google~8f2c1d",
          ),
        })
        .meta({ id: "InteractionRequest", description: "What to interact about." }),
      examples: { text: { summary: "A short answer", value: { model, input: "Say hello in five words." } } },
      reply: {
        description: "The interaction, or its events.",
        content: { "application/json": interaction, "text/event-stream": interaction },
      },
    },
    {
      method: "GET",
      path: `${path}/{id}`,
      operationId: "getInteraction",
      summary: "One interaction",
      description: "As the provider remembers it.",
      params: id,
      reply: json("It is remembered.", interaction),
    },
    {
      method: "POST",
      path: `${path}/{id}/cancel`,
      operationId: "cancelInteraction",
      summary: "Cancel an interaction",
      description: "One that goes on in the background.",
      params: id,
      reply: json("It is cancelled.", interaction),
    },
    {
      method: "DELETE",
      path: `${path}/{id}`,
      operationId: "deleteInteraction",
      summary: "Forget an interaction",
      description: "The provider remembers it no more.",
      params: id,
      reply: json("It is gone.", nothing),
    },
  ];
}
