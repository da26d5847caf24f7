import type { EmbeddingRequest } from "#core/llm/embedding.ts";
import type { MediaKind, Part } from "#core/llm/message.ts";
import type { ChatRequest } from "#core/llm/request.ts";
import { estimatedTextTokens, estimatedPartTokens, estimatedJsonTokens } from "./estimated-tokens.ts";

/** What strategies and filters may look at. No content. */
export interface RequestFacts {
  readonly operation: "chat" | "embeddings" | "count-tokens";
  readonly stream: boolean;
  /**
   * Estimated prompt tokens: of the whole prompt, for embeddings of the longest input, because each has the context to
   * itself. See `estimatedTextTokens` for how good it is.
   */
  readonly inputTokens: number;
  /** The client's bound of the answer, tokens. */
  readonly maxOutputTokens?: number;
  readonly mediaKinds: ReadonlySet<MediaKind>;
  /** Whether functions or built-in tools are declared. */
  readonly hasTools: boolean;
  /** Whether the answer must satisfy a JSON schema. */
  readonly hasSchema: boolean;
  /** Messages of the user and the assistant; tool results and system instructions do not count. */
  readonly turns: number;
  /** Labels sent in `x-signalbox-tags`. */
  readonly tags: Readonly<Record<string, string>>;
}

/** What is said about a request beside its body. */
export interface RequestLabels {
  readonly tags?: Readonly<Record<string, string>>;
}

/** The facts of a chat request, or of one whose tokens are to be counted. */
export function chatFacts(
  request: ChatRequest,
  labels: RequestLabels & { readonly operation?: "chat" | "count-tokens" } = {},
): RequestFacts {
  const { maxOutputTokens } = request.parameters;
  const parts = request.messages.flatMap((message) => message.parts);
  return {
    operation: labels.operation ?? "chat",
    stream: request.stream,
    inputTokens: promptTokens(request, parts),
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    mediaKinds: new Set(parts.flatMap((part) => (part.type === "media" ? [part.kind] : []))),
    hasTools: request.tools.length > 0,
    hasSchema: request.output.type === "json-schema",
    turns: request.messages.filter(({ role }) => role === "user" || role === "assistant").length,
    tags: labels.tags ?? {},
  };
}

/** The facts of an embedding request. */
export function embeddingFacts(request: EmbeddingRequest, labels: RequestLabels = {}): RequestFacts {
  return {
    operation: "embeddings",
    stream: false,
    inputTokens: request.inputs.reduce((most, input) => Math.max(most, estimatedTextTokens(input)), 0),
    mediaKinds: new Set(),
    hasTools: false,
    hasSchema: false,
    turns: 0,
    tags: labels.tags ?? {},
  };
}

function promptTokens(request: ChatRequest, parts: readonly Part[]): number {
  const schema = request.output.type === "json-schema" ? estimatedJsonTokens(request.output.schema) : 0;
  const tools = request.tools.length > 0 ? estimatedJsonTokens(request.tools) : 0;
  return parts.reduce((sum, part) => sum + estimatedPartTokens(part), schema + tools);
}
