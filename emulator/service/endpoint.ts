import type { Flavour } from "../openai/errors.ts";

/** What a request is for, by method and path alone. */
export type Endpoint =
  | {
      readonly kind: "gemini";
      readonly method: GeminiMethod;
      readonly model: string;
      readonly version: string;
      /** How streamGenerateContent is framed. */
      readonly framing: "events" | "array";
      /** Whether it was asked for as a model of Vertex AI. */
      readonly isVertex: boolean;
    }
  | KeptEndpoint
  | { readonly kind: "gemini-models"; readonly model: string | undefined; readonly version: string }
  | {
      readonly kind: "openai";
      readonly method: "chat" | "embeddings" | "models";
      readonly flavour: Flavour;
      readonly model?: string;
    }
  /** GET /v1/models, where only the auth header tells the two APIs apart. */
  | { readonly kind: "models-of-either"; readonly model: string | undefined }
  | { readonly kind: "admin"; readonly resource: "faults" | "ledger" | "quota" | "versions" }
  | { readonly kind: "not-emulated"; readonly what: string }
  | { readonly kind: "unknown" };

/** Something that the API keeps: all of it, or one thing by its id. */
export interface KeptEndpoint {
  readonly kind: "cached-contents" | "batches" | "interactions";
  readonly method: "create" | "list" | "get" | "update" | "delete" | "cancel";
  readonly id?: string;
}

/** Methods of a Gemini model. */
type GeminiMethod =
  | "generateContent"
  | "streamGenerateContent"
  | "countTokens"
  | "embedContent"
  | "batchEmbedContents"
  | "batchGenerateContent"
  | "predict";

const geminiMethods: readonly GeminiMethod[] = [
  "generateContent",
  "streamGenerateContent",
  "countTokens",
  "embedContent",
  "batchEmbedContents",
  "batchGenerateContent",
];

const notEmulated =
  /^(?:files|fileSearchStores|tunedModels|corpora|operations|upload|agents|webhooks)(?:\/|:|$)/;

/** Finds the endpoint of a request. `/gemini` before a Gemini path and `/openai` before an OpenAI path are accepted. */
export function endpointOf(method: string, url: URL): Endpoint {
  const path = url.pathname.replace(/\/+$/, "");
  const admin = /^\/emulator\/(faults|ledger|quota|versions)$/.exec(path)?.[1];
  if (admin === "faults" || admin === "ledger" || admin === "quota" || admin === "versions")
    return { kind: "admin", resource: admin };
  const [, prefix = "", version = "", rest = ""] =
    /^(\/gemini|\/openai)?\/(v1|v1beta|v1alpha)\/(.+)$/.exec(path) ?? [];
  if (rest === "") return { kind: "unknown" };
  const isShared = prefix === "" && version === "v1";
  if (prefix === "/openai")
    return version === "v1" ? openAiEndpoint(method, rest, "plain") : { kind: "unknown" };
  if (rest.startsWith("openai/")) return openAiEndpoint(method, rest.slice("openai/".length), "google");
  if (isShared && (rest === "chat/completions" || rest === "embeddings"))
    return openAiEndpoint(method, rest, "plain");
  const named = /^models(?:\/([^:]+))?$/.exec(rest);
  if (method === "GET" && named !== null) {
    const model = named[1] === undefined ? undefined : decoded(named[1]);
    return isShared ? { kind: "models-of-either", model } : { kind: "gemini-models", model, version };
  }
  const ofVertex = /^projects\/[^/]+\/locations\/[^/]+\/publishers\/google\/(models\/.+)$/.exec(rest)?.[1];
  if (ofVertex !== undefined && prefix === "") return vertexEndpoint(method, ofVertex, version, url);
  return geminiEndpoint(method, rest, version, url);
}

const keptKinds = {
  cachedContents: "cached-contents",
  batches: "batches",
  interactions: "interactions",
} as const;

const allMethods = { POST: "create", GET: "list" } as const;
const oneMethods = { GET: "get", PATCH: "update", DELETE: "delete" } as const;

function keptEndpoint(method: string, rest: string): KeptEndpoint | { readonly kind: "unknown" } | undefined {
  const [, name, id, cancel] =
    /^(cachedContents|batches|interactions)(?:\/([^/:]+)([:/]cancel)?)?$/.exec(rest) ?? [];
  if (name !== "cachedContents" && name !== "batches" && name !== "interactions") return undefined;
  const kind = keptKinds[name];
  if (id === undefined) {
    const isKnown =
      (method === "POST" && kind !== "batches") || (method === "GET" && kind !== "interactions");
    return isKnown ? { kind, method: allMethods[method] } : { kind: "unknown" };
  }
  if (cancel !== undefined) {
    const isKnown = method === "POST" && cancel === (kind === "interactions" ? "/cancel" : ":cancel");
    return isKnown && kind !== "cached-contents"
      ? { kind, method: "cancel", id: decoded(id) }
      : { kind: "unknown" };
  }
  const isKnown =
    method === "GET" || method === "DELETE" || (method === "PATCH" && kind === "cached-contents");
  return isKnown ? { kind, method: oneMethods[method], id: decoded(id) } : { kind: "unknown" };
}

/** Vertex AI has the models of the Gemini API under a project, and lists none. */
function vertexEndpoint(method: string, rest: string, version: string, url: URL): Endpoint {
  const [, model, name] = /^models\/([^:]+):(\w+)$/.exec(rest) ?? [];
  if (method === "POST" && model !== undefined && name === "predict") {
    return {
      kind: "gemini",
      method: "predict",
      model: decoded(model),
      version,
      framing: "array",
      isVertex: true,
    };
  }
  const endpoint = geminiEndpoint(method, rest, version, url);
  if (endpoint.kind !== "gemini") return endpoint;
  const isOwn = endpoint.method === "batchEmbedContents" || endpoint.method === "batchGenerateContent";
  if (isOwn) return { kind: "unknown" };
  return { ...endpoint, isVertex: true };
}

function geminiEndpoint(method: string, rest: string, version: string, url: URL): Endpoint {
  const kept = keptEndpoint(method, rest);
  if (kept !== undefined) return kept;
  if (notEmulated.test(rest)) return { kind: "not-emulated", what: rest.split(/[/:]/, 1)[0] ?? rest };
  const [, model, name] = /^(?:models|tunedModels)\/([^:]+):(\w+)$/.exec(rest) ?? [];
  if (method !== "POST" || model === undefined || name === undefined) return { kind: "unknown" };
  const known = geminiMethods.find((candidate) => candidate === name);
  if (known === undefined) return { kind: "not-emulated", what: `models.${name}` };
  const framing = url.searchParams.get("alt") === "sse" ? "events" : "array";
  return { kind: "gemini", method: known, model: decoded(model), version, framing, isVertex: false };
}

function openAiEndpoint(method: string, rest: string, flavour: Flavour): Endpoint {
  if (method === "POST" && rest === "chat/completions") return { kind: "openai", method: "chat", flavour };
  if (method === "POST" && rest === "embeddings") return { kind: "openai", method: "embeddings", flavour };
  const named = /^models(?:\/(.+))?$/.exec(rest);
  if (method !== "GET" || named === null) return { kind: "not-emulated", what: `openai/${rest}` };
  const model = named[1];
  return {
    kind: "openai",
    method: "models",
    flavour,
    ...(model === undefined ? {} : { model: decoded(model) }),
  };
}

/** A path segment without its percent escapes; as it is when they are broken. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    // A broken escape names no model; the 404 that follows says so.
    return segment;
  }
}
