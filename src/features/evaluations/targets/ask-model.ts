import type { JsonObject } from "#core/kernel/json.ts";
import type { ModelReply } from "./model-reply.ts";
import { postJson, type PostPorts } from "./post-json.ts";

/** An OpenAI-compatible server: Signalbox itself, or another. */
export interface ModelServer {
  /** Up to `/v1`, without a slash at the end: `/chat/completions` follows. */
  readonly baseUrl: string;
  /** Of every call: the key, what Signalbox is told. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Asks a server for a whole answer to a body of OpenAI's chat completions. Never rejects. */
export type AskModel = (server: ModelServer, body: JsonObject, signal: AbortSignal) => Promise<ModelReply>;

/** Largest answer that is read, bytes. */
const answerBytesMax = 32 * 1024 * 1024;

/** What calls are made with. */
export interface AskPorts extends PostPorts {
  /** Longest time one call may take, ms. */
  readonly timeoutMs: number;
}

/** Calls servers over HTTP. @param path what is asked for, `/chat/completions` where nothing is said */
export function askModel({ timeoutMs, ...ports }: AskPorts, path = "/chat/completions"): AskModel {
  return ({ baseUrl, headers }, body, signal) =>
    postJson(
      ports,
      { url: `${baseUrl}${path}`, headers, body: JSON.stringify(body) },
      { timeoutMs, answerBytesMax },
      signal,
    );
}
