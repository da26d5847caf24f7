import { Agent, request, type Dispatcher } from "undici";
import { readSse, startSse } from "#core/dialects/sse/read-sse.ts";
import { isJsonObject, type JsonObject } from "#core/kernel/json.ts";
import type { ChatTransport, ReplyHeaders, TransportOptions } from "./chat-transport.ts";
import { errorIn, SignalboxError } from "./signalbox-error.ts";

/** Longest silence, ms: the routes' own deadlines are shorter; this one is for a Signalbox that hangs. */
const silenceMsMax = 600_000;
/** Largest whole answer and largest error that is read, bytes: a few generated images. */
const answerBytesMax = 64 * 1024 * 1024;

/** Where Signalbox is and how to be let in. */
export interface HttpTransportOptions {
  /** Address of Signalbox, e.g. `http://127.0.0.1:8080`; a trailing `/v1` as OpenAI's clients want it is fine, too. */
  readonly baseUrl: string;
  /** A key of Signalbox; absent for an open one. */
  readonly apiKey?: string;
  /** Headers of every call. */
  readonly headers?: Readonly<Record<string, string>>;
  /** undici's dispatcher, for proxies or tests; by default one with keep-alive and TCP_NODELAY. */
  readonly dispatcher?: Dispatcher;
}

/** Reaches Signalbox over HTTP, for applications. Undici's request, because it costs a fraction of what fetch does. */
export function httpTransport(options: HttpTransportOptions): ChatTransport {
  const baseUrl = options.baseUrl.replace(/\/+$/, "").replace(/\/v1$/, "");
  const dispatcher = options.dispatcher ?? new Agent({ connect: { noDelay: true } });
  const send = async (body: JsonObject, { signal, headers }: TransportOptions) => {
    const response = await request(`${baseUrl}/v1/chat/completions`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(options.apiKey !== undefined && { authorization: `Bearer ${options.apiKey}` }),
        ...options.headers,
        ...headers,
      },
      body: JSON.stringify(body),
      dispatcher,
      headersTimeout: silenceMsMax,
      bodyTimeout: silenceMsMax,
      ...(signal && { signal }),
    });
    const reply = { status: response.statusCode, headers: flat(response.headers), body: response.body };
    if (reply.status < 200 || reply.status > 299) throw await refusal(reply);
    return reply;
  };
  return {
    identity: baseUrl,
    async complete(body, call) {
      const reply = await send(body, call);
      return { headers: reply.headers, body: parsed(await readText(reply), reply) };
    },
    async stream(body, call) {
      const reply = await send({ ...body, stream: true }, call);
      if (!(reply.headers["content-type"] ?? "").startsWith("text/event-stream"))
        throw await notAStream(reply);
      return { headers: reply.headers, chunks: chunksOf(reply) };
    },
  };
}

interface Reply {
  readonly status: number;
  readonly headers: ReplyHeaders;
  readonly body: Dispatcher.ResponseData["body"];
}

async function refusal(reply: Reply): Promise<SignalboxError> {
  const text = await readText(reply);
  const body = jsonObject(text);
  return (
    (body && errorIn(body, reply)) ??
    new SignalboxError(`Cannot get an answer: Signalbox answered with status ${reply.status}`, reply)
  );
}

/** A good status with another body than a stream: something between us and Signalbox answered. */
async function notAStream(reply: Reply): Promise<SignalboxError> {
  await reply.body.dump();
  return new SignalboxError("Cannot read the answer: a stream of events is wanted", reply);
}

/** Reads a body to its end; leaving the loop early closes the connection. */
async function readText(reply: Reply): Promise<string> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of bytesOf(reply)) {
    length += piece.byteLength;
    if (length > answerBytesMax) {
      throw new SignalboxError(`Cannot read the answer: at most ${answerBytesMax} bytes are wanted`, reply);
    }
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}

/** The body's pieces. Node's streams iterate over `any`; undici's bodies give buffers. */
function bytesOf(reply: Reply): AsyncIterable<Uint8Array> {
  return reply.body;
}

async function* chunksOf(reply: Reply): AsyncGenerator<JsonObject> {
  let state = startSse();
  for await (const piece of bytesOf(reply)) {
    const [next, frames] = readSse(state, piece);
    state = next;
    if (state.failure) throw new SignalboxError(`Cannot read the stream: ${state.failure.message}`, reply);
    for (const frame of frames) {
      if (frame.kind === "comment") continue;
      if (frame.data === "[DONE]") return;
      yield parsed(frame.data, reply);
    }
  }
}

function parsed(text: string, reply: Reply): JsonObject {
  const body = jsonObject(text);
  if (!body) throw new SignalboxError("Cannot read the answer: a JSON object is wanted", reply);
  return body;
}

function jsonObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    // Not JSON is an answer here, told to the caller as undefined.
    return undefined;
  }
}

function flat(headers: Readonly<Record<string, string | string[] | undefined>>): ReplyHeaders {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(", ") : value]],
    ),
  );
}
