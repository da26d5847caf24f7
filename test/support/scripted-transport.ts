import type { JsonObject } from "#core/kernel/json.ts";
import type { ChatTransport, ReplyHeaders, TransportOptions } from "#frameworks/langchain/index.ts";

/** The headers Signalbox puts on an answer. */
export const routedHeaders: ReplyHeaders = {
  "x-signalbox-request-id": "019ab000-0000-7000-8000-000000000001",
  "x-signalbox-route": "chat",
  "x-signalbox-variant": "quick",
  "x-signalbox-deployment": "google-flash",
  "x-signalbox-attempts": "2",
};

/** A Signalbox whose answers the test writes by hand; keeps what it was sent. */
export class ScriptedTransport implements ChatTransport {
  readonly identity: string;
  readonly bodies: JsonObject[] = [];
  readonly options: TransportOptions[] = [];
  readonly #completion: JsonObject;
  readonly #chunks: readonly JsonObject[];
  readonly #trailers: ReplyHeaders;
  /** How many chunks were taken; a stream that nobody reads stays at 0. */
  taken = 0;

  constructor(script: {
    readonly identity?: string;
    readonly completion?: JsonObject;
    readonly chunks?: readonly JsonObject[];
    readonly trailers?: ReplyHeaders;
  }) {
    this.identity = script.identity ?? "scripted";
    this.#completion = script.completion ?? {};
    this.#chunks = script.chunks ?? [];
    this.#trailers = script.trailers ?? {};
  }

  complete(body: JsonObject, options: TransportOptions) {
    this.bodies.push(body);
    this.options.push(options);
    return Promise.resolve({ headers: routedHeaders, body: this.#completion });
  }

  stream(body: JsonObject, options: TransportOptions) {
    this.bodies.push(body);
    this.options.push(options);
    return Promise.resolve({
      headers: routedHeaders,
      chunks: this.#play(),
      trailers: () => this.#trailers,
    });
  }

  async *#play(): AsyncGenerator<JsonObject> {
    for (const chunk of this.#chunks) {
      this.taken += 1;
      yield await Promise.resolve(chunk);
    }
  }
}

/** A whole answer with this message. */
export function completion(message: JsonObject, fields: JsonObject = {}): JsonObject {
  return {
    id: "1",
    object: "chat.completion",
    model: "gemini-3.8-flash",
    choices: [{ index: 0, message: { role: "assistant", ...message }, finish_reason: "stop" }],
    usage,
    ...fields,
  };
}

/** A step of a stream. */
export function chunk(delta: JsonObject, finishReason: string | null = null): JsonObject {
  return {
    id: "1",
    object: "chat.completion.chunk",
    model: "gemini-3.8-flash",
    choices: [{ index: 0, delta, finish_reason: finishReason }],
    usage: null,
  };
}

const usage = {
  prompt_tokens: 11,
  completion_tokens: 7,
  total_tokens: 18,
  prompt_tokens_details: { cached_tokens: 4 },
  completion_tokens_details: { reasoning_tokens: 3 },
};

/** The step that reports usage, last of a stream. */
export const usageChunk: JsonObject = { ...chunk({}), choices: [], usage };
