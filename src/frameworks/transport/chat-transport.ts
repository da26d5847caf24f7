import type { JsonObject } from "#core/kernel/json.ts";

/** The way from a framework's chat model to Signalbox: over HTTP from an application, in memory inside Signalbox. */
export interface ChatTransport {
  /** Names the Signalbox behind it, so that a cache shared by models keeps two of them apart. No credential. */
  readonly identity: string;
  /**
   * Asks for a whole answer. `body` is a request of OpenAI's chat completions without `stream`.
   * @throws SignalboxError, or whatever the transport says failed
   */
  complete(body: JsonObject, options: TransportOptions): Promise<CompleteReply>;
  /**
   * Asks for a stream; resolves when its headers are there. An error frame comes as a chunk like any other.
   * @throws SignalboxError, or whatever the transport says failed; also from the iteration
   */
  stream(body: JsonObject, options: TransportOptions): Promise<StreamReply>;
}

/** The way to a whole Signalbox: its chat models, its embeddings and its feedback. */
export interface SignalboxTransport extends ChatTransport {
  /**
   * Asks for vectors. `body` is a request of OpenAI's embeddings.
   * @throws SignalboxError
   */
  embed(body: JsonObject, options: TransportOptions): Promise<CompleteReply>;
  /**
   * Says what came of an answer. `body` is one feedback of `POST /v1/feedback`.
   * @throws SignalboxError
   */
  feedback(body: JsonObject, options: TransportOptions): Promise<CompleteReply>;
}

/** What goes along with a call. */
export interface TransportOptions {
  /** Aborting it closes the call, upstream included. */
  readonly signal?: AbortSignal;
  /** Request headers, such as `x-signalbox-unit`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Response headers, names in lower case. */
export type ReplyHeaders = Readonly<Record<string, string>>;

/** A whole answer: a `chat.completion`, or what else was asked for. */
export interface CompleteReply {
  readonly headers: ReplyHeaders;
  readonly body: JsonObject;
}

/** A streamed answer: `chat.completion.chunk`s in order, without the end mark. Ending the iteration early closes the call. */
export interface StreamReply {
  readonly headers: ReplyHeaders;
  readonly chunks: AsyncIterable<JsonObject>;
  /** Headers behind the stream (its cost), once the iteration has ended; absent where the transport has none. */
  readonly trailers?: () => ReplyHeaders;
}
