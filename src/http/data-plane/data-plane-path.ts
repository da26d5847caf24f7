import type { EmbeddingPath, RequestPath } from "#core/dialects/dialect.ts";
import type { DialectName } from "#core/llm/dialect-name.ts";
import {
  batchCreation,
  methodsOfCalls,
  resourceCalls,
  type ResourceCalls,
} from "#http/data-plane/gemini-resource-path.ts";

/** How a stream is laid on the wire: server-sent events, without names or with, or one JSON array (Gemini without `alt=sse`). */
export type StreamFraming = "sse" | "named-sse" | "json-array";

/** What a data-plane URL asks for. */
export type DataPlaneTarget =
  | {
      readonly operation: "chat";
      readonly dialect: DialectName;
      readonly path: RequestPath;
      readonly framing: StreamFraming;
    }
  | { readonly operation: "embeddings"; readonly dialect: DialectName; readonly path: EmbeddingPath }
  | { readonly operation: "count-tokens"; readonly dialect: DialectName; readonly path: RequestPath }
  /** The list of models; the dialect is undefined where only the credential's header tells the clients apart. */
  | { readonly operation: "models"; readonly dialect: DialectName | undefined }
  | { readonly operation: "model"; readonly dialect: DialectName | undefined; readonly model: string }
  /**
   * Something that a Gemini provider keeps; the dialect is undefined where only the credential's header tells the clients
   * apart: OpenAI has batches as well.
   */
  | { readonly operation: "resource"; readonly dialect: "gemini" | undefined; readonly calls: ResourceCalls }
  /** A path of a dialect that is not served: its clients get an error they can read, with the reason where there is one. */
  | { readonly operation: "unknown"; readonly dialect: DialectName; readonly why?: string };

/** A data-plane path with the method it wants. */
export interface DataPlaneRoute {
  /** Of an unknown path it means nothing; a resource's calls have methods of their own. */
  readonly method: "GET" | "POST";
  readonly target: DataPlaneTarget;
}

/** The methods that a route takes. Whoever may GET may HEAD; node:http leaves the body out. */
export function methodsOf({ method, target }: DataPlaneRoute): readonly string[] {
  if (target.operation === "resource") return methodsOfCalls(target.calls);
  return method === "GET" ? ["GET", "HEAD"] : [method];
}

/** OpenAI's paths: plain, under the prefix gateways use, and where Google serves its own OpenAI face. */
const openAiPrefix = /^(?:\/openai)?\/v1\/|^(?:\/gemini)?\/v1(?:beta|alpha)\/openai\//;
const geminiPrefix = /^(\/gemini)?\/(v1|v1beta|v1alpha)\/models(?:$|\/)/;
const sharedModelsPrefix = /^\/v1\/models(?:$|\/)/;
/** Anthropic's paths: plain, and under the prefix that gateways use. */
const anthropicPrefix = /^(?:\/anthropic)?\/v1\//;
const anthropicPaths = /^\/anthropic\/|^\/v1\/messages(?:$|\/)/;
/** Paths of Gemini's beside those of models: files, caches, batches. */
const geminiVersions = /^(?:\/gemini)?\/v1(?:beta|alpha)\/|^\/gemini\//;
/** What the Responses API does with what its maker keeps: here answers are gone on from, and nothing else. */
const storedResponses = /^responses\//;
const noStoredResponses =
  "responses are not fetched, cancelled or deleted; take what you need from the answer, and go on from it by previous_response_id";
const resourcePrefix = /^(?:\/gemini)?\/v1(?:beta|alpha)?\//;
/** What the control plane serves beside the dialects. */
const ownPaths = /^\/v1\/(?:chains|feedback)(?:$|\/)/;

/**
 * Reads a path (without its query). `undefined`: not of the data plane.
 * A model's name may hold slashes (`models/`, `tunedModels/x`, `google/gemma`), percent-encoded or not.
 */
export function dataPlaneRoute(path: string, query: URLSearchParams): DataPlaneRoute | undefined {
  if (ownPaths.test(path)) return undefined;
  return (
    sharedModelsRoute(path) ??
    geminiRoute(path, query) ??
    openAiRoute(path) ??
    anthropicRoute(path) ??
    resourceRoute(path, query) ??
    unknownRoute(path)
  );
}

function resourceRoute(path: string, query: URLSearchParams): DataPlaneRoute | undefined {
  const [prefix] = resourcePrefix.exec(path) ?? [];
  const calls = prefix === undefined ? undefined : resourceCalls(path.slice(prefix.length), query);
  if (!calls) return undefined;
  const dialect = prefix === "/v1/" ? undefined : "gemini";
  return { method: "POST", target: { operation: "resource", dialect, calls } };
}

function unknownRoute(path: string): DataPlaneRoute | undefined {
  const dialect = unknownDialect(path);
  return dialect && { method: "POST", target: { operation: "unknown", dialect } };
}

function unknownDialect(path: string): DialectName | undefined {
  if (anthropicPaths.test(path)) return "anthropic";
  if (geminiPrefix.test(path)) return "gemini";
  if (openAiPrefix.test(path)) return "openai-chat";
  return geminiVersions.test(path) ? "gemini" : undefined;
}

/** `GET /v1/models` belongs to several dialects: here the path cannot tell. */
function sharedModelsRoute(path: string): DataPlaneRoute | undefined {
  if (!sharedModelsPrefix.test(path) || actionOf(path)) return undefined;
  return modelsRoute(path.slice("/v1/models".length), undefined);
}

function geminiRoute(path: string, query: URLSearchParams): DataPlaneRoute | undefined {
  const prefix = geminiPrefix.exec(path);
  if (!prefix) return undefined;
  const rest = path.slice(prefix[0].length);
  const action = actionOf(rest);
  if (!action) return modelsRoute(rest === "" ? "" : `/${rest}`, "gemini");
  const model = decoded(rest.slice(0, rest.lastIndexOf(":")));
  const target = geminiTarget(action, model, query);
  return target && { method: "POST", target };
}

function geminiTarget(action: string, model: string, query: URLSearchParams): DataPlaneTarget | undefined {
  switch (action) {
    case "generateContent":
      return { operation: "chat", dialect: "gemini", path: { model, stream: false }, framing: "sse" };
    case "streamGenerateContent":
      return {
        operation: "chat",
        dialect: "gemini",
        path: { model, stream: true },
        framing: query.get("alt") === "sse" ? "sse" : "json-array",
      };
    case "countTokens":
      return { operation: "count-tokens", dialect: "gemini", path: { model } };
    case "embedContent":
      return { operation: "embeddings", dialect: "gemini", path: { model, batch: false } };
    case "batchGenerateContent":
      return { operation: "resource", dialect: "gemini", calls: batchCreation(model, query) };
    case "batchEmbedContents":
      return { operation: "embeddings", dialect: "gemini", path: { model, batch: true } };
    default:
      return undefined;
  }
}

function openAiRoute(path: string): DataPlaneRoute | undefined {
  const prefix = openAiPrefix.exec(path);
  if (!prefix) return undefined;
  const rest = path.slice(prefix[0].length);
  if (rest === "chat/completions")
    return {
      method: "POST",
      target: { operation: "chat", dialect: "openai-chat", path: {}, framing: "sse" },
    };
  if (rest === "responses" || storedResponses.test(rest)) return responsesRoute(rest);
  if (rest === "embeddings")
    return { method: "POST", target: { operation: "embeddings", dialect: "openai-chat", path: {} } };
  if (rest === "models" || rest.startsWith("models/"))
    return modelsRoute(rest.slice("models".length), "openai-chat");
  return undefined;
}

function anthropicRoute(path: string): DataPlaneRoute | undefined {
  const prefix = anthropicPrefix.exec(path);
  if (!prefix || !anthropicPaths.test(path)) return undefined;
  const rest = path.slice(prefix[0].length);
  const dialect = "anthropic";
  if (rest === "messages")
    return { method: "POST", target: { operation: "chat", dialect, path: {}, framing: "named-sse" } };
  if (rest === "messages/count_tokens")
    return { method: "POST", target: { operation: "count-tokens", dialect, path: {} } };
  if (rest === "models" || rest.startsWith("models/"))
    return modelsRoute(rest.slice("models".length), dialect);
  return undefined;
}

function responsesRoute(rest: string): DataPlaneRoute {
  const dialect = "openai-responses";
  switch (rest) {
    case "responses":
      return { method: "POST", target: { operation: "chat", dialect, path: {}, framing: "named-sse" } };
    case "responses/input_tokens":
      return { method: "POST", target: { operation: "count-tokens", dialect, path: {} } };
    default:
      return { method: "POST", target: { operation: "unknown", dialect, why: noStoredResponses } };
  }
}

function modelsRoute(rest: string, dialect: DialectName | undefined): DataPlaneRoute | undefined {
  if (rest === "" || rest === "/") return { method: "GET", target: { operation: "models", dialect } };
  return { method: "GET", target: { operation: "model", dialect, model: decoded(rest.slice(1)) } };
}

/** The word behind the last colon of the last path segment: `gemini-x:generateContent`. */
function actionOf(path: string): string | undefined {
  const colon = path.lastIndexOf(":");
  return colon > path.lastIndexOf("/") ? path.slice(colon + 1) : undefined;
}

/** A percent sign that encodes nothing is taken as it is: the name is then simply unknown. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
