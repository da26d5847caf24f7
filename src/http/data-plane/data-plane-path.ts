import type { EmbeddingPath, RequestPath } from "#core/dialects/dialect.ts";
import type { DialectName } from "#core/llm/dialect-name.ts";

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
  /** A path of a dialect that is not served: its clients get an error they can read. */
  | { readonly operation: "unknown"; readonly dialect: DialectName };

/** A data-plane path with the method it wants. */
export interface DataPlaneRoute {
  /** Of an unknown path it means nothing. */
  readonly method: "GET" | "POST";
  readonly target: DataPlaneTarget;
}

/** OpenAI's paths: plain, under the prefix gateways use, and where Google serves its own OpenAI face. */
const openAiPrefix = /^(?:\/openai)?\/v1\/|^(?:\/gemini)?\/v1(?:beta|alpha)\/openai\//;
const geminiPrefix = /^(\/gemini)?\/(v1|v1beta|v1alpha)\/models(?:$|\/)/;
const sharedModelsPrefix = /^\/v1\/models(?:$|\/)/;
/** Paths of Gemini's beside those of models: files, caches, batches. */
const geminiVersions = /^(?:\/gemini)?\/v1(?:beta|alpha)\/|^\/gemini\//;
/** What the control plane serves beside the dialects. */
const ownPaths = /^\/v1\/(?:chains|feedback)(?:$|\/)/;

/**
 * Reads a path (without its query). `undefined`: not of the data plane.
 * A model's name may hold slashes (`models/`, `tunedModels/x`, `google/gemma`), percent-encoded or not.
 */
export function dataPlaneRoute(path: string, query: URLSearchParams): DataPlaneRoute | undefined {
  if (ownPaths.test(path)) return undefined;
  return sharedModelsRoute(path) ?? geminiRoute(path, query) ?? openAiRoute(path) ?? unknownRoute(path);
}

function unknownRoute(path: string): DataPlaneRoute | undefined {
  const dialect = unknownDialect(path);
  return dialect && { method: "POST", target: { operation: "unknown", dialect } };
}

function unknownDialect(path: string): DialectName | undefined {
  if (geminiPrefix.test(path)) return "gemini";
  if (openAiPrefix.test(path)) return "openai-chat";
  return geminiVersions.test(path) ? "gemini" : undefined;
}

/** `GET /v1/models` belongs to both dialects: here the path cannot tell. */
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
  if (rest === "embeddings")
    return { method: "POST", target: { operation: "embeddings", dialect: "openai-chat", path: {} } };
  if (rest === "models" || rest.startsWith("models/"))
    return modelsRoute(rest.slice("models".length), "openai-chat");
  return undefined;
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
