import type { MediaKind } from "#core/llm/message.ts";
import type { ThinkingLevel } from "#core/llm/request.ts";
import type { ModelOperation } from "#core/routing/model-facts.ts";

/** What its maker says about a model. */
export interface CatalogModel {
  /** Its id in the provider's words. */
  readonly id: string;
  readonly displayName: string;
  /** What it is for, in one sentence. */
  readonly description: string;
  readonly operations: readonly ModelOperation[];
  readonly lifecycle: ModelLifecycle;
  /** Tokens of the prompt at most. */
  readonly contextTokens: number;
  /** Whether the answer counts towards `contextTokens`. */
  readonly outputSharesContext: boolean;
  /** Tokens of the answer to one request at most, thinking included; absent for embeddings. */
  readonly outputTokensMax?: number;
  readonly thinking: ModelThinking;
  /** Kinds of media that it reads beside text. */
  readonly media: readonly MediaKind[];
  readonly tools: boolean;
  readonly structuredOutput: boolean;
  /** Whether prefixes can be cached by name (`cachedContents`). */
  readonly explicitCaching: boolean;
  /** Whether temperature, topP and topK are accepted and ignored. */
  readonly ignoresSampling: boolean;
  /** Whether replayed tool calls need their thought signature. */
  readonly needsThoughtSignatures: boolean;
  /** Whether a last turn of the model's own may be continued. */
  readonly acceptsPrefill: boolean;
}

/** From release to shutdown. Days are ISO dates; they begin at midnight UTC. */
export interface ModelLifecycle {
  readonly stage: "general" | "preview";
  readonly releasedOn?: string;
  /** Whether its maker advises to leave it. */
  readonly deprecated: boolean;
  /** The announced day from which requests are refused. */
  readonly shutDownOn?: string;
  /** What its maker says to use instead. */
  readonly replacement?: string;
  /** Requests for this model are answered by that one already. */
  readonly routedTo?: string;
}

/** How the model's effort is set. */
export type ModelThinking =
  | { readonly mode: "none" }
  /** By level; `levelDefault` is what it does unasked, absent where its maker does not say. */
  | {
      readonly mode: "level";
      readonly levels: readonly ThinkingLevel[];
      readonly levelDefault?: ThinkingLevel;
    }
  /** By a number of tokens. */
  | {
      readonly mode: "budget";
      readonly tokensMin: number;
      readonly tokensMax: number;
      readonly canDisable: boolean;
    };
