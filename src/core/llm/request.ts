import type { DialectName } from "#core/llm/dialect-name.ts";
import type { Json, JsonObject } from "#core/kernel/json.ts";
import type { Extra } from "#core/llm/extra.ts";
import type { Message } from "#core/llm/message.ts";

/**
 * One chat request, in no vendor's words. Dialects decode into it and encode from it.
 * Lossless: what a dialect has and this type lacks is kept in `extra`, here and on every message, part and tool.
 */
export interface ChatRequest {
  /** The name the client asked for: a route, a model or a deployment. Gemini's `models/` prefix is cut off. */
  readonly model: string;
  readonly stream: boolean;
  /** Turns in their order; system instructions are messages with the role `system`. */
  readonly messages: readonly Message[];
  readonly tools: readonly Tool[];
  readonly toolChoice: ToolChoice;
  /** Whether several tool calls may come in one turn; undefined leaves the provider's default. */
  readonly parallelToolCalls?: boolean;
  readonly output: OutputFormat;
  readonly parameters: GenerationParameters;
  readonly thinking: Thinking;
  readonly safety: readonly SafetySetting[];
  /** The client's id of its end user (OpenAI `user`). */
  readonly user?: string;
  /** Free labels the client attached (OpenAI `metadata`). */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Quality of service asked of the provider: `flex`, `priority`, ... */
  readonly serviceTier?: string;
  /** Name of a prefix cached at the provider (Gemini `cachedContent`). */
  readonly cachedContent?: string;
  /** Whether the client asked for usage in the stream (Gemini always does). */
  readonly includeUsage: boolean;
  /** Values for the prompt of whichever variant serves it; no dialect tells a provider of them. */
  readonly promptVariables?: JsonObject;
  /** How it belongs to a thread; absent in dialects whose clients send every turn. */
  readonly thread?: ThreadTerms;
  readonly extra?: Extra;
}

/** What a client says of a request as a part of a thread: requests that go on from one another's answers. */
export interface ThreadTerms {
  /** The id of the answer that it goes on from; absent where it begins a thread. */
  readonly previousId?: string;
  /** Whether the client lets later requests go on from its answer. */
  readonly isStored: boolean;
}

/** How the answer is sampled. Undefined means: the provider's default. */
export interface GenerationParameters {
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  /** Upper bound of generated tokens, thinking included. */
  readonly maxOutputTokens?: number;
  readonly stop?: readonly string[];
  readonly seed?: number;
  readonly presencePenalty?: number;
  readonly frequencyPenalty?: number;
  /** How many alternative answers. */
  readonly candidateCount?: number;
  readonly logprobs?: boolean;
  /** How many alternatives are reported at each position. */
  readonly topLogprobs?: number;
}

/** How hard the model thinks first. `level` and `budgetTokens` exclude each other. */
export interface Thinking {
  readonly level?: ThinkingLevel;
  /** Tokens it may think; 0 is off, -1 leaves it to the model (Gemini 2.5). */
  readonly budgetTokens?: number;
  /** Whether thoughts are part of the answer. */
  readonly include?: boolean;
}

/** Levels of effort, weakest first. `none` asks for no thinking at all. */
export type ThinkingLevel = "none" | "minimal" | "low" | "medium" | "high" | "xhigh";

/** What the answer must look like. */
export type OutputFormat =
  | { readonly type: "text" }
  | { readonly type: "json" }
  | {
      readonly type: "json-schema";
      readonly name?: string;
      readonly description?: string;
      readonly strict?: boolean;
      readonly schema: JsonObject;
      /** Which words the schema is written in: JSON Schema, or Gemini's own subset of OpenAPI (`responseSchema`). */
      readonly notation: SchemaNotation;
    };

/** JSON Schema proper, or the OpenAPI subset with upper-case types that Gemini calls Schema. */
export type SchemaNotation = "json-schema" | "gemini-schema";

/** Something the model may call, or a tool built into the provider. */
export type Tool =
  | {
      readonly type: "function";
      readonly name: string;
      readonly description?: string;
      readonly parameters?: JsonObject;
      readonly notation: SchemaNotation;
      readonly strict?: boolean;
      readonly extra?: Extra;
    }
  | { readonly type: "built-in"; readonly dialect: DialectName; readonly name: string; readonly value: Json };

/** Whether and what the model must call. */
export type ToolChoice =
  | { readonly type: "default" }
  | { readonly type: "auto" }
  | { readonly type: "none" }
  | { readonly type: "required"; readonly names?: readonly string[] }
  /** Calls are free but must validate against the schema (Gemini VALIDATED). */
  | { readonly type: "validated"; readonly names?: readonly string[] };

/** One safety threshold, in Gemini's words: no other dialect has them. */
export interface SafetySetting {
  readonly category: string;
  readonly threshold: string;
}
