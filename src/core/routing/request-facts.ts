import type { ResourceKind } from "#core/dialects/resources.ts";
import type { Filled } from "#core/kernel/filled.ts";
import { present } from "#core/kernel/present.ts";
import type { EmbeddingRequest } from "#core/llm/embedding.ts";
import type { MediaKind } from "#core/llm/message.ts";
import type { ChatRequest, Thinking } from "#core/llm/request.ts";
import type { RequiredTags } from "./required-tags.ts";
import { estimatedTextTokens, estimatedPartTokens, estimatedJsonTokens } from "./estimated-tokens.ts";

/** What strategies and filters may look at. No content. */
export interface RequestFacts {
  readonly operation: "chat" | "embeddings" | "count-tokens" | ResourceKind;
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
  /** Whether the client asks the model to think first; absent is no. */
  readonly thinks?: boolean;
  /** What the client requires of a deployment's tags: its own tags `require.<tag>`; absent is nothing. */
  readonly requires?: RequiredTags;
  /** Labels sent in `x-signalbox-tags`. */
  readonly tags: Readonly<Record<string, string>>;
}

/** What is said about a request beside its body. */
export interface RequestLabels {
  readonly tags?: Readonly<Record<string, string>>;
}

/** What a tag of a request begins with that requires a tag of the deployment: `require.region=eu`. */
const requirePrefix = "require.";

/** Of most requests: one for all of them. */
const noMedia: ReadonlySet<MediaKind> = new Set();
const noTags: RequestFacts["tags"] = {};

/** The facts of a chat request, or of one whose tokens are to be counted. */
export function chatFacts(
  request: ChatRequest,
  labels: RequestLabels & { readonly operation?: "chat" | "count-tokens" } = {},
): RequestFacts {
  const { maxOutputTokens } = request.parameters;
  let inputTokens = declaredTokens(request);
  let turns = 0;
  let mediaKinds = noMedia;
  for (const { role, parts } of request.messages) {
    if (role === "user" || role === "assistant") turns++;
    for (const part of parts) {
      inputTokens += estimatedPartTokens(part);
      if (part.type === "media" && !mediaKinds.has(part.kind))
        mediaKinds = new Set([...mediaKinds, part.kind]);
    }
  }
  const facts: Filled<RequestFacts> = {
    operation: labels.operation ?? "chat",
    stream: request.stream,
    inputTokens,
    mediaKinds,
    hasTools: request.tools.length > 0,
    hasSchema: request.output.type === "json-schema",
    turns,
    tags: labels.tags ?? noTags,
  };
  // One below 1 bounds nothing: some servers take -1 for as many as the model likes.
  if (maxOutputTokens !== undefined && maxOutputTokens >= 1) facts.maxOutputTokens = maxOutputTokens;
  if (isThinking(request.thinking)) facts.thinks = true;
  const requires = requiredTags(facts.tags);
  if (requires) facts.requires = requires;
  return facts;
}

/** The facts of an embedding request. */
export function embeddingFacts(request: EmbeddingRequest, labels: RequestLabels = {}): RequestFacts {
  return {
    operation: "embeddings",
    stream: false,
    inputTokens: request.inputs.reduce((most, input) => Math.max(most, estimatedTextTokens(input)), 0),
    mediaKinds: noMedia,
    hasTools: false,
    hasSchema: false,
    turns: 0,
    ...present({ requires: requiredTags(labels.tags ?? noTags) }),
    tags: labels.tags ?? noTags,
  };
}

/** The facts of a call about something that a provider keeps: its body is the provider's to judge. */
export function resourceFacts(
  operation: ResourceKind,
  known: Pick<RequestFacts, "stream" | "inputTokens" | "maxOutputTokens" | "tags">,
): RequestFacts {
  return {
    ...known,
    operation,
    mediaKinds: noMedia,
    hasTools: false,
    hasSchema: false,
    turns: 0,
    ...present({ requires: requiredTags(known.tags) }),
  };
}

/** Whether a wish about thinking asks for some. */
export function isThinking({ level, budgetTokens }: Thinking): boolean {
  if (level !== undefined) return level !== "none";
  return budgetTokens !== undefined && budgetTokens !== 0;
}

function requiredTags(tags: RequestFacts["tags"]): RequiredTags | undefined {
  let required: [string, readonly string[]][] | undefined;
  for (const tag in tags)
    if (tag.startsWith(requirePrefix))
      (required ??= []).push([tag.slice(requirePrefix.length), [tags[tag] ?? ""]]);
  return required && Object.fromEntries(required);
}

/** Estimated tokens of what stands beside the messages: the answer's schema, tools, and values for a prompt. */
function declaredTokens({ output, tools, promptVariables }: ChatRequest): number {
  let tokens = output.type === "json-schema" ? estimatedJsonTokens(output.schema) : 0;
  if (tools.length > 0) tokens += estimatedJsonTokens(tools);
  if (promptVariables) tokens += estimatedJsonTokens(promptVariables);
  return tokens;
}
