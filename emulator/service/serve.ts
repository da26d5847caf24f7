import type { IncomingHttpHeaders } from "node:http";
import { ApiFailure } from "../api-failure.ts";
import type { Delivery } from "../delivery/action.ts";
import { modelNotFound } from "../faults/catalog.ts";
import { modelListResponse, modelResource } from "../gemini/model-list.ts";
import { countTokensResponse, readCountRequest } from "../gemini/serve-count.ts";
import type { EmbedRequest } from "../gemini/serve-embed.ts";
import {
  batchEmbedContentsResponse,
  embedContentResponse,
  embedTokens,
  readBatchEmbedRequest,
  readEmbedRequest,
} from "../gemini/serve-embed.ts";
import { serveGenerate } from "../gemini/serve-generate.ts";
import { createInteraction, serveInteraction } from "../interactions/serve-interactions.ts";
import type { JsonObject } from "../json.ts";
import { createBatch, serveBatches } from "../kept/batches.ts";
import { serveCachedContents } from "../kept/cached-contents.ts";
import type { EmulatedModel } from "../models.ts";
import { geminiModel, isShutDown, openModel } from "../models.ts";
import { readChatRequest } from "../openai/chat-request.ts";
import { embeddingsResponse, embeddingsTokens, readEmbeddingsRequest } from "../openai/embeddings.ts";
import type { Flavour } from "../openai/errors.ts";
import { openAiModelList } from "../openai/model-list.ts";
import { serveChat } from "../openai/serve-chat.ts";
import { digest } from "../random.ts";
import { isGeminiClient, keyFailure, presentedKey, tokenFailure } from "./access.ts";
import type { Draft } from "./draft.ts";
import { keyHashOf } from "./draft.ts";
import type { Endpoint } from "./endpoint.ts";
import { directivesOf } from "../answers/directives.ts";
import { takeQuota } from "./generate.ts";
import { playFaults } from "./play-faults.ts";
import { wholeActions } from "../delivery/whole-actions.ts";
import { geminiBodyOf, predictResponse, readPredictRequest } from "../vertex/vertex-body.ts";
import type { World } from "./world.ts";

/** A request to the emulated APIs, its body read. */
export interface ApiRequest {
  readonly endpoint: Exclude<Endpoint, { kind: "admin" }>;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Names of models that the plain OpenAI face lists beside Gemini's; it serves any other name as well. */
const openModelNames: readonly string[] = ["open-large", "open-small"];

/** Serves one request. Throws ApiFailure for error answers; undefined means: reset the connection. */
export function serve(request: ApiRequest, world: World, draft: Draft): Delivery | undefined {
  const { endpoint, headers, url, body } = request;
  const presented = presentedKey(headers, url);
  draft.keyHash = keyHashOf(presented.key);
  draft.dialect = dialectOf(endpoint, isGeminiClient(headers, presented));
  const wantsToken = endpoint.kind === "gemini" && endpoint.isVertex;
  const failure = wantsToken
    ? tokenFailure(presented, world.keyAccepted)
    : keyFailure(presented, world.keyAccepted, flavourOf(endpoint, draft));
  if (failure !== undefined) throw failure;
  switch (endpoint.kind) {
    case "gemini":
      return serveGemini(endpoint, body, world, draft);
    case "cached-contents":
      return whole(serveCachedContents(endpoint, { url, body }, world, draft));
    case "batches":
      return whole(serveBatches(endpoint, { url }, world, draft));
    case "interactions":
      return endpoint.method === "create"
        ? createInteraction(body, world, draft)
        : whole(serveInteraction(endpoint, world, draft));
    case "gemini-models":
      return whole(geminiModels(endpoint.model, url, world));
    case "models-of-either":
      return whole(
        draft.dialect === "gemini"
          ? geminiModels(endpoint.model, url, world)
          : openAiModels("plain", endpoint.model, world),
      );
    case "openai":
      return serveOpenAi(endpoint, body, world, draft);
    case "not-emulated":
      throw new ApiFailure(501, `The Signalbox emulator does not emulate "${endpoint.what}".`);
    case "unknown":
      throw new ApiFailure(404, `The Signalbox emulator has no such method: ${url.pathname}`);
  }
}

/** Whose error bodies a request gets. */
export function flavourOf(endpoint: Endpoint, draft: Draft): Flavour {
  if (endpoint.kind === "openai") return endpoint.flavour;
  return draft.dialect === "openai" ? "plain" : "google";
}

function dialectOf(endpoint: Endpoint, isGemini: boolean): Draft["dialect"] {
  if (endpoint.kind === "openai") return "openai";
  return endpoint.kind === "models-of-either" && !isGemini ? "openai" : "gemini";
}

function serveGemini(
  endpoint: Extract<Endpoint, { kind: "gemini" }>,
  written: string,
  world: World,
  draft: Draft,
): Delivery | undefined {
  const { method, model: name, version, framing } = endpoint;
  const isOwn = method === "predict" || method === "batchEmbedContents" || method === "batchGenerateContent";
  const body = endpoint.isVertex && !isOwn ? geminiBodyOf(method, written) : written;
  draft.model = name;
  draft.isStream = method === "streamGenerateContent";
  const isEmbedding = method === "predict" || method === "batchEmbedContents" || method === "embedContent";
  const model = livingModel(name, world.now(), () => modelNotFound(name, version, method));
  if (method !== "countTokens" && (model.kind === "embedding") !== isEmbedding)
    throw modelNotFound(name, version, method);
  switch (method) {
    case "generateContent":
    case "streamGenerateContent":
      return serveGenerate({ model, body, framing }, world, draft);
    case "countTokens":
      return simple(
        { model, text: body, tokens: 0 },
        () => countTokensResponse(readCountRequest(body), model),
        world,
        draft,
      );
    case "embedContent": {
      const one = readEmbedRequest(body);
      return embed([one], model, () => embedContentResponse(one), world, draft);
    }
    case "batchEmbedContents": {
      const requests = readBatchEmbedRequest(body);
      return embed(requests, model, () => batchEmbedContentsResponse(requests), world, draft);
    }
    case "batchGenerateContent":
      return simple(
        { model, text: body, tokens: 0 },
        () => createBatch(model, body, world, draft),
        world,
        draft,
      );
    case "predict": {
      const requests = readPredictRequest(body);
      return embed(requests, model, () => predictResponse(requests), world, draft);
    }
  }
}

function embed(
  requests: readonly EmbedRequest[],
  model: EmulatedModel,
  respond: () => JsonObject,
  world: World,
  draft: Draft,
): Delivery | undefined {
  const text = requests.map((request) => request.text).join("\n");
  return simple({ model, text, tokens: embedTokens(requests) }, respond, world, draft);
}

/** Serves a request whose answer is one body and costs no output tokens: faults, quota and latency apply. */
function simple(
  asked: { readonly model: EmulatedModel; readonly text: string; readonly tokens: number },
  respond: () => JsonObject,
  world: World,
  draft: Draft,
): Delivery | undefined {
  const { model, text, tokens } = asked;
  draft.promptTokens = tokens;
  const requestDigest = digest(world.seed, model.id, text);
  const played = playFaults(
    { model: model.id, requestDigest, asked: directivesOf(text).faults },
    world,
    draft,
  );
  if (played.kind !== "answer") return played.delivery;
  takeQuota(model, world, draft);
  const pace = world.paceFor(model, digest(requestDigest, String(world.occurrence(requestDigest))));
  const actions = wholeActions({
    body: respond(),
    outputTokens: 0,
    totalMs: pace.firstTokenMs,
    faults: played.delivery,
  });
  return { status: 200, headers: jsonHeaders, actions };
}

const jsonHeaders = { "content-type": "application/json; charset=UTF-8" };

function whole(body: JsonObject): Delivery {
  return {
    status: 200,
    headers: jsonHeaders,
    actions: wholeActions({ body, outputTokens: 0, totalMs: 0, faults: {} }),
  };
}

function geminiModels(name: string | undefined, url: URL, world: World): JsonObject {
  if (name === undefined) return modelListResponse(url.searchParams, world.now());
  return modelResource(livingModel(name, world.now(), () => modelNotFound(name)));
}

function livingModel(name: string, nowMs: number, missing: () => ApiFailure): EmulatedModel {
  const model = geminiModel(name);
  if (model === undefined || isShutDown(model, nowMs)) throw missing();
  return model;
}

function serveOpenAi(
  endpoint: Extract<Endpoint, { kind: "openai" }>,
  body: string,
  world: World,
  draft: Draft,
): Delivery | undefined {
  const { flavour } = endpoint;
  switch (endpoint.method) {
    case "models":
      return whole(openAiModels(flavour, endpoint.model, world));
    case "chat": {
      const chat = readChatRequest(body);
      draft.model = chat.model.replace(/^models\//, "");
      draft.isStream = chat.isStream;
      const model = openAiModel(draft.model, flavour, world.now());
      if (model.kind !== "chat") throw modelNotFound(draft.model);
      return serveChat({ chat, model, flavour }, world, draft);
    }
    case "embeddings": {
      const request = readEmbeddingsRequest(body);
      draft.model = request.model.replace(/^models\//, "");
      const model = openAiModel(draft.model, flavour, world.now());
      const asked = { model, text: request.inputs.join("\n"), tokens: embeddingsTokens(request) };
      return simple(asked, () => embeddingsResponse(request), world, draft);
    }
  }
}

/** Google's face knows Gemini models only; a plain server serves any name that does not start with "unknown". */
function openAiModel(name: string, flavour: Flavour, nowMs: number): EmulatedModel {
  const gemini = geminiModel(name);
  const isOpen =
    flavour === "plain" && gemini === undefined && !name.startsWith("unknown") && !name.startsWith("gemini-");
  if (isOpen) return openModel(name);
  return livingModel(name, nowMs, () =>
    flavour === "google"
      ? modelNotFound(name)
      : new ApiFailure(404, `The model \`${name}\` does not exist or you do not have access to it.`),
  );
}

function openAiModels(flavour: Flavour, name: string | undefined, world: World): JsonObject {
  const list = openAiModelList(flavour, openModelNames, world.now());
  if (name === undefined) return list;
  const id = flavour === "google" ? `models/${name.replace(/^models\//, "")}` : name;
  const model = list.data.find((entry) => entry.id === id);
  if (model === undefined)
    throw new ApiFailure(404, `The model \`${name}\` does not exist or you do not have access to it.`);
  return model;
}
