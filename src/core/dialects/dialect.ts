import type { Json, JsonObject } from "#core/kernel/json.ts";
import type { Result } from "#core/kernel/result.ts";
import type { ErrorCode } from "#core/kernel/app-error.ts";
import type { DialectName, ProviderDialectName } from "#core/llm/dialect-name.ts";
import type { EmbeddingRequest, EmbeddingResponse } from "#core/llm/embedding.ts";
import type { RateLimitNews } from "#core/llm/rate-limit-news.ts";
import type { ChatRequest } from "#core/llm/request.ts";
import type { ChatResponse } from "#core/llm/response.ts";
import type { StreamPart } from "#core/llm/stream-part.ts";
import type { TokenCount } from "#core/llm/token-count.ts";
import type { UpstreamFailure } from "#core/llm/upstream-failure.ts";
import type { ServiceTier } from "#core/llm/usage.ts";

/** A wire protocol as clients of ours speak it. Pure: bytes and connections belong to the gateway. */
export interface ServedDialect<Outgoing = unknown> {
  readonly name: DialectName;
  readonly server: ServerDialect<Outgoing>;
}

/**
 * A wire protocol, both ways: the server side talks to clients of ours, the client side to providers. Any server side
 * goes with any client side.
 */
export interface Dialect<Incoming = unknown, Outgoing = unknown> extends ServedDialect<Outgoing> {
  readonly name: ProviderDialectName;
  readonly client: ClientDialect<Incoming>;
  readonly passing: AnswerPassing;
}

/** What must be known of an answer whose bytes pass as they came, to a client that speaks the provider's dialect. */
export interface AnswerPassing {
  /** The name under which answers, and frames of them, carry their id. */
  readonly idField: string;
  /** What closes a stream. */
  readonly endMarks: readonly string[];
}

/** A request that cannot be served, in words for the client. */
export interface RequestProblem {
  readonly code: Extract<ErrorCode, "invalid-request" | "unsupported-feature">;
  /** Action, thing, wanted, actual; names the field, never its content. */
  readonly message: string;
  /** Path of the offending field, e.g. `messages[2].content[0].image_url`. */
  readonly field?: string;
}

/** Something that the pairing could not carry and left out: recorded in the decision. */
export interface Warning {
  /** Stable, e.g. `dropped-field`, `moved-system-message`, `approximated-field`. */
  readonly code: string;
  readonly field: string;
  readonly message: string;
}

/** What the path of a request says, beside its body. */
export interface RequestPath {
  /** The model named in the path (Gemini); OpenAI has it in the body. */
  readonly model?: string;
  /** Whether the path asks for a stream (Gemini `:streamGenerateContent`). */
  readonly stream?: boolean;
}

/** Facts about the answer that the client's dialect needs in every frame. */
export interface AnswerContext {
  /** The id the answer carries (`id`, `responseId`): the request's id. */
  readonly responseId: string;
  /** What to call the model when the upstream did not say. */
  readonly model: string;
  /** Seconds since 1970 when the request came in. */
  readonly createdSeconds: number;
  /** Seconds since 1970 now: answers may say when they were complete. */
  readonly nowSeconds: () => number;
  /** Whether the client asked for usage in the stream. */
  readonly includeUsage: boolean;
  /** What was asked for, where answers repeat it; absent where nobody knows. */
  readonly request?: ChatRequest;
  /** Whether later requests can go on from the answer by its id; absent is no. */
  readonly isStored?: boolean;
}

/** Talks to clients of ours. */
export interface ServerDialect<State> {
  /** Whether answers have a place for fields of other dialects; where not, what is left out is named as a warning. */
  readonly carriesOwnFieldsOfOthers: boolean;
  /** The header in which its clients look for the id of a request, where it is none of ours. */
  readonly requestIdHeader?: string;
  /** Whether its streams begin with what the prompt took: of parts that come together, usage is written first. */
  readonly beginsWithUsage?: true;
  /** Reads a chat request. `body` is parsed JSON of any shape. */
  decodeRequest(body: Json, path: RequestPath): Result<ChatRequest, RequestProblem>;
  /** Writes a whole answer as a JSON body. */
  encodeResponse(response: ChatResponse, context: AnswerContext): JsonObject;
  /** The state before the first part of a streamed answer. */
  startStream(context: AnswerContext): State;
  /**
   * Writes one part: the JSON payloads of the frames to send, in order (none is fine). Payloads are serialised JSON or
   * end marks such as `[DONE]`; the gateway adds the framing.
   */
  encodePart(state: State, part: StreamPart): readonly [State, readonly string[]];
  /** Writes what is still held back when the upstream is done (usage, end mark). */
  endStream(state: State): readonly string[];
  /** Writes an error as a body. `code` decides type words; `failure` is the upstream's, when there was one. */
  encodeError(error: ErrorForClient): JsonObject;
  /**
   * Writes an error as the payload of a frame inside a stream that has begun.
   * @param state how far the stream is written; absent where its frames passed as they came
   */
  encodeErrorFrame(error: ErrorForClient, state?: State): string;
  /** How embeddings are asked for and given; absent where the dialect has none. */
  readonly embeddings?: EmbeddingServer;
  /** How counts of tokens are asked for and given; absent where the dialect has none. */
  readonly tokenCounting?: TokenCountServer;
  /** How its clients go on from answers by their ids; absent where they send every turn. */
  readonly threads?: ThreadServer;
}

/** What was asked and answered in an earlier request, word for word. */
export interface StoredExchange {
  /** The id that the client was given with the answer. */
  readonly responseId: string;
  /** The request's body. */
  readonly request: Json;
  readonly response: ChatResponse;
}

/** An earlier request of a thread with its answer, in the items of its dialect. */
export interface StoredTurn {
  /** What was said to the model, then what it said. Without what stood before them in the thread. */
  readonly items: readonly JsonObject[];
  /** The answer that it went on from; absent where it began the thread. */
  readonly previousId?: string;
}

/** Speaks with clients that go on from an answer by its id. Pure: where turns are stored is nothing of its own. */
export interface ThreadServer {
  /** Reads a turn; undefined where its client did not want it stored, or it holds what no request can. */
  readTurn(exchange: StoredExchange): StoredTurn | undefined;
  /** Reads a request that goes on from turns, the oldest first, as if its client had sent their items. */
  decodeRequest(body: JsonObject, turns: readonly StoredTurn[]): Result<ChatRequest, RequestProblem>;
}

/** Talks to clients of ours about embeddings. */
export interface EmbeddingServer {
  readonly decodeRequest: (body: Json, path: EmbeddingPath) => Result<EmbeddingRequest, RequestProblem>;
  readonly encodeResponse: (response: EmbeddingResponse, request: EmbeddingRequest) => JsonObject;
}

/** Talks to clients of ours about how many tokens a request has. */
export interface TokenCountServer {
  readonly decodeRequest: (body: Json, path: RequestPath) => Result<ChatRequest, RequestProblem>;
  readonly encodeResponse: (count: TokenCount) => JsonObject;
}

/** What the path of an embedding request says. */
export interface EmbeddingPath {
  readonly model?: string;
  /** Whether the path asks for a list (Gemini `:batchEmbedContents`). */
  readonly batch?: boolean;
}

/** An error on its way to a client. */
export interface ErrorForClient {
  readonly status: number;
  readonly code: ErrorCode;
  readonly message: string;
  readonly field?: string;
  readonly requestId: string;
  /** The upstream's failure, when that is the reason. */
  readonly failure?: UpstreamFailure;
  /** How long to wait before another try, ms; the gateway also sends `retry-after`. */
  readonly retryAfterMs?: number;
}

/** What the encoder must know about the model it writes for. */
export interface UpstreamModel {
  /** The model's id in the provider's words, e.g. `gemini-3.8-flash`. */
  readonly id: string;
  /** How the model takes effort: by level, by token budget, or not at all. */
  readonly thinking: { readonly mode: "level" | "budget" | "none"; readonly levels?: readonly string[] };
  /** Whether temperature, topP, topK are ignored by the model (Gemini 3.6 and later). */
  readonly ignoresSampling: boolean;
  /** Whether replayed tool calls need thought signatures (Gemini 3 and later). */
  readonly needsThoughtSignatures: boolean;
  /** Whether a last turn of the model may be sent. */
  readonly acceptsPrefill: boolean;
  /** How it is asked to go on with such a turn; absent where nobody knows that it does: many servers begin a new answer. */
  readonly prefill?: PrefillWay;
}

/**
 * How a model is told that the last turn is the beginning of its answer: by that alone, or by a field of the request
 * (vLLM, SGLang) or of the message (Mistral, DeepSeek).
 */
export const prefillWays = ["last-turn", "continue-final-message", "prefix"] as const;

/** One of them. */
export type PrefillWay = (typeof prefillWays)[number];

/** A request ready to be sent. */
export interface EncodedRequest {
  readonly body: JsonObject;
  readonly warnings: readonly Warning[];
}

/** Asks a provider how many tokens a request has; free of charge. */
export interface TokenCounting {
  /** Path below the provider's base URL. */
  path(model: string): string;
  /** Writes the body around what `encodeRequest` wrote. */
  encode(body: JsonObject, model: string): JsonObject;
  decode(body: Json): Result<TokenCount, UpstreamFailure>;
}

/** A request's body as bytes or text: whole, or in pieces that follow one another. */
export type RequestBody = Uint8Array | string | readonly Uint8Array[];

/** How a provider is asked for the rest of an answer that it ended before it was finished. */
export interface Continuing<State> {
  /** The body that was sent at first, with the token of the answer so far; every other byte of it stays. */
  request(body: RequestBody, token: string): RequestBody;
  /** The state before the first frame of the rest: tool calls go on being counted. */
  startStream(before: State): State;
}

/** A call that is not billed. */
export interface UnbilledCall {
  readonly method: "GET" | "POST";
  /** Below the provider's base URL. */
  readonly path: string;
  /** Empty for GET. */
  readonly body: string;
}

/** Talks to providers. */
export interface ClientDialect<State> {
  /**
   * Whether a request in this very dialect cannot go to the model as it came: the provider is stricter than the dialect, or
   * thought signatures in it are missing or mean nothing there. It is written anew then, and its answer passes nevertheless.
   * Absent is never.
   */
  readonly mustRewrite?: (request: ChatRequest, model: UpstreamModel) => boolean;
  /** How tokens are counted; absent where the provider cannot tell. */
  readonly tokenCounting?: TokenCounting;
  /** A call that shows whether a model can be reached and the credential is taken, and costs nothing. */
  unbilledCall(model: string): UnbilledCall;
  /** Path below the provider's base URL for a chat call. */
  chatPath(model: string, stream: boolean): string;
  /** Path below the provider's base URL for an embedding call. */
  embeddingPath(model: string, batch: boolean): string;
  /** Headers that carry the credential: a key, or a token where the provider takes those. */
  credentialHeaders(credential: string): Readonly<Record<string, string>>;
  encodeRequest(request: ChatRequest, model: UpstreamModel): Result<EncodedRequest, RequestProblem>;
  /** Marks the last turn of a written request as the beginning of the answer; absent where it needs no mark. */
  asPrefill?(body: JsonObject, way: PrefillWay): JsonObject;
  /** Reads a whole answer; fails with `malformed-answer` when it has not the dialect's shape. */
  decodeResponse(body: Json): Result<ChatResponse, UpstreamFailure>;
  /** The state before the first frame. */
  startStream(): State;
  /** How the rest of an answer is asked for; absent where providers of the dialect never end one unfinished. */
  readonly continuing?: Continuing<State>;
  /** Reads the payload of one frame (the text after `data:`, lines joined). */
  decodeFrame(state: State, data: string): readonly [State, readonly StreamPart[]];
  /** The quality of service that an answer's headers say was given; undefined where they say nothing. */
  servedTier(headers: Readonly<Record<string, string>>): ServiceTier | undefined;
  /** What an answer's headers say is left of the provider's limits; absent where the dialect has no such headers. */
  rateLimits?(headers: Readonly<Record<string, string>>): RateLimitNews | undefined;
  /** Reads the body of an answer with an error status. `body` may be no JSON at all. */
  decodeError(
    status: number,
    headers: Readonly<Record<string, string>>,
    body: string,
    nowMs: number,
  ): UpstreamFailure;
  encodeEmbeddingRequest(request: EmbeddingRequest, model: string): Result<EncodedRequest, RequestProblem>;
  decodeEmbeddingResponse(body: Json): Result<EmbeddingResponse, UpstreamFailure>;
}
