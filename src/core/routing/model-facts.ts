import type { UpstreamModel } from "#core/dialects/dialect.ts";
import type { MediaKind } from "#core/llm/message.ts";

/** What routing knows about a model: enough to say beforehand that a request cannot be served. */
export interface ModelFacts {
  /** The model's id in the provider's words. */
  readonly id: string;
  /** Whether it chats or makes vectors. */
  readonly operations: readonly ModelOperation[];
  /** Tokens that fit into a prompt; undefined is unknown and never excludes. */
  readonly contextTokens?: number;
  /** Whether the answer's tokens count towards `contextTokens` (Gemini 4). */
  readonly outputSharesContext: boolean;
  /** Tokens of the longest answer to one request; undefined is unknown and never excludes. */
  readonly outputTokensMax?: number;
  /** Kinds of media it reads. */
  readonly media: readonly MediaKind[];
  /** Whether it calls tools. */
  readonly tools: boolean;
  /** Whether it answers by a JSON schema. */
  readonly structuredOutput: boolean;
  /** Whether it can think before it answers; undefined is unknown and never excludes. */
  readonly thinks?: boolean;
  /** When it ends; absent when nothing is announced. */
  readonly end?: ModelEnd;
  /** What the encoder must know. */
  readonly upstream: UpstreamModel;
}

/** What a model can do. */
export type ModelOperation = "chat" | "embeddings";

/** An announced end of a model. */
interface ModelEnd {
  /** From this moment on requests are refused by the provider, ms since 1970. */
  readonly atMs: number;
  /** What its maker says to use instead. */
  readonly replacement?: string;
}
