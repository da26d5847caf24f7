import type { RequestProblem } from "#core/dialects/dialect.ts";
import type { Json } from "#core/kernel/json.ts";
import type { Result } from "#core/kernel/result.ts";
import type { Finish } from "#core/llm/response.ts";
import type { UpstreamFailure } from "#core/llm/upstream-failure.ts";
import type { Usage } from "#core/llm/usage.ts";

/** Kinds of things that a provider keeps for its callers, who ask for them by name. */
export const resourceKinds = ["cached-content", "batch", "interaction"] as const;

/** One of them. */
export type ResourceKind = (typeof resourceKinds)[number];

/** What is done with one. */
export type ResourceAction = "create" | "list" | "get" | "update" | "delete" | "cancel";

/** The HTTP method of each action. */
export const resourceMethods = {
  create: "POST",
  list: "GET",
  get: "GET",
  update: "PATCH",
  delete: "DELETE",
  cancel: "POST",
} as const satisfies Record<ResourceAction, string>;

/** A call about something that a provider keeps, as its path and query say. */
export interface ResourceCall {
  readonly kind: ResourceKind;
  readonly action: ResourceAction;
  /** The thing's name behind that of its kind: the client's words, or the provider's. Absent where none is meant yet. */
  readonly id?: string;
  /** The model that the path names. */
  readonly model?: string;
  /** Without its question mark and without a key; empty for none. */
  readonly query: string;
}

/** What a body that creates something asks for. */
export interface ResourceRequest {
  /** The name of a model, route or deployment. */
  readonly model: string;
  readonly stream: boolean;
  /** Tokens of the answer at most; absent where the client does not bound it. */
  readonly maxOutputTokens?: number;
  /** Providers whose things it refers to, each once; as a rule none. */
  readonly providers: readonly string[];
}

/** Talks to clients of ours about such things. */
export interface ResourceServer {
  /** Reads a body that creates something. `body` is parsed JSON of any shape; `text` is what it was parsed from. */
  decodeRequest(call: ResourceCall, body: Json, text: string): Result<ResourceRequest, RequestProblem>;
  /** Writes an error as the frame inside a stream that has begun. */
  encodeErrorEvent(error: { readonly code: string; readonly message: string }): string;
}

/** Talks to a provider about them. Bodies pass; only names in them are replaced. */
export interface ResourceClient {
  /** Path below the base URL, with the query. @param model the model's id at the provider, where something is created */
  path(call: ResourceCall, model: string): string;
  /** The body for the provider: the model under the provider's name, other things as they are called there. */
  encodeRequest(call: ResourceCall, text: string, model: string): string;
  /** What a whole answer, or an event of a streamed one, tells. */
  read(call: ResourceCall, body: Json): ResourceNews;
  /** The same with the things' names as clients call them. */
  encodeAnswer(
    call: ResourceCall,
    answer: { readonly text: string; readonly body: Json },
    provider: string,
  ): string;
}

/** What an answer about such a thing tells, as far as it tells it. */
export interface ResourceNews {
  /** The provider's own name of the thing. */
  readonly id?: string;
  readonly usage?: Usage;
  /** Tokens kept, and from when until when, ms since 1970. */
  readonly stored?: { readonly tokens: number; readonly fromMs: number; readonly untilMs: number };
  /** How it ended, where it did. */
  readonly finish?: Finish;
  /** Bytes of an answer's words. */
  readonly contentBytes?: number;
  /** What the provider says went wrong. */
  readonly failure?: UpstreamFailure;
}
