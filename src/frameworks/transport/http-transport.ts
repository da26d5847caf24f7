import { Agent, type Dispatcher } from "undici";
import { readSse, restOfSse, startSse } from "#core/dialects/sse/read-sse.ts";
import { isJsonObject, type JsonObject } from "#core/kernel/json.ts";
import type { CompleteReply, ReplyHeaders, SignalboxTransport, TransportOptions } from "./chat-transport.ts";
import { HttpCall } from "./http-call.ts";
import { joinTexts } from "./join-texts.ts";
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
  /** undici's dispatcher, for proxies or tests; by default one with keep-alive and TCP_NODELAY that all transports share. */
  readonly dispatcher?: Dispatcher;
}

/** One for all: models are made for a moment and thrown away, their connections are worth keeping. */
let shared: Agent | undefined;

/** Reaches Signalbox over HTTP, for applications. Undici's request, because it costs a fraction of what fetch does. */
export function httpTransport(options: HttpTransportOptions): SignalboxTransport {
  const baseUrl = baseUrlOf(options.baseUrl);
  const dispatcher = options.dispatcher ?? (shared ??= new Agent({ connect: { noDelay: true } }));
  const known = {
    "content-type": "application/json",
    ...(options.apiKey !== undefined && { authorization: `Bearer ${options.apiKey}` }),
    ...options.headers,
  };
  const { origin, pathname } = new URL(baseUrl);
  const send = async (path: string, body: JsonObject, { signal, headers }: TransportOptions) => {
    const call = new HttpCall(signal);
    dispatcher.dispatch(
      {
        origin,
        path: pathname === "/" ? path : pathname + path,
        method: "POST",
        headers: { ...known, ...headers },
        body: JSON.stringify(body),
        headersTimeout: silenceMsMax,
        bodyTimeout: silenceMsMax,
      },
      call,
    );
    const reply = { ...(await reached(baseUrl, call.head, signal)), call, signal };
    if (reply.status < 200 || reply.status > 299) throw await refusal(reply);
    return reply;
  };
  const whole = async (path: string, body: JsonObject, call: TransportOptions): Promise<CompleteReply> => {
    const reply = await send(path, body, call);
    return { headers: reply.headers, body: parsed(await readText(reply), reply) };
  };
  return {
    identity: baseUrl,
    complete: (body, call) => whole("/v1/chat/completions", body, call),
    embed: (body, call) => whole("/v1/embeddings", body, call),
    feedback: (body, call) => whole("/v1/feedback", body, call),
    async stream(body, call) {
      // Who accepts trailers is told behind the stream what it cost.
      const headers = { te: "trailers", ...call.headers };
      const reply = await send("/v1/chat/completions", { ...body, stream: true }, { ...call, headers });
      if (!(reply.headers["content-type"] ?? "").startsWith("text/event-stream"))
        throw await notAStream(reply);
      return { headers: reply.headers, chunks: chunksOf(reply), trailers: () => reply.call.trailers };
    },
  };
}

function baseUrlOf(url: string): string {
  const base = url.replace(/\/+$/, "").replace(/\/v1$/, "");
  if (URL.canParse(base) && /^https?:/.test(base)) return base;
  throw new TypeError(
    `Cannot reach Signalbox at "${base}": an address such as http://127.0.0.1:8080 is wanted`,
  );
}

interface Reply {
  readonly status: number;
  readonly headers: ReplyHeaders;
  readonly call: HttpCall;
  readonly signal: AbortSignal | undefined;
}

/** What happens on the way as an error of ours; that a call was aborted stays as it is. */
async function reached<Response>(
  baseUrl: string,
  response: Promise<Response>,
  signal: AbortSignal | undefined,
): Promise<Response> {
  try {
    return await response;
  } catch (cause) {
    if (signal?.aborted) throw cause;
    const message = `Cannot reach Signalbox at "${baseUrl}": an answer is wanted, the connection failed`;
    throw new SignalboxError(message, { code: "connection_failed", cause });
  }
}

async function refusal(reply: Reply): Promise<SignalboxError> {
  const text = await readText(reply);
  const body = jsonObject(text);
  return (
    (body && (errorIn(body, reply) ?? problemIn(body, reply))) ??
    new SignalboxError(`Cannot get an answer: Signalbox answered with status ${reply.status}`, reply)
  );
}

/** The control plane, which takes feedback, tells errors as RFC 9457 has them. */
function problemIn({ detail, code }: JsonObject, reply: Reply): SignalboxError | undefined {
  if (typeof detail !== "string") return undefined;
  return new SignalboxError(detail, { ...factsOf(reply), ...(typeof code === "string" && { code }) });
}

function factsOf({ status, headers }: Reply): { readonly status: number; readonly headers: ReplyHeaders } {
  return { status, headers };
}

/** A good status with another body than a stream: something between us and Signalbox answered. */
async function notAStream(reply: Reply): Promise<SignalboxError> {
  await reply.call.return();
  return new SignalboxError("Cannot read the answer: a stream of events is wanted", factsOf(reply));
}

/** Reads a body to its end; leaving the loop early closes the connection. */
async function readText(reply: Reply): Promise<string> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of bytesOf(reply)) {
    length += piece.byteLength;
    if (length > answerBytesMax) {
      const message = `Cannot read the answer: at most ${answerBytesMax} bytes are wanted`;
      throw new SignalboxError(message, factsOf(reply));
    }
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}

/** The body's pieces; a connection that breaks meanwhile is an error of ours. */
async function* bytesOf({ call, headers, signal }: Reply): AsyncGenerator<Uint8Array> {
  try {
    yield* call;
  } catch (cause) {
    if (signal?.aborted) throw cause;
    const message = "Cannot read the answer: all of it is wanted, the connection broke before";
    throw new SignalboxError(message, { code: "answer_not_whole", headers, cause });
  }
}

async function* chunksOf(reply: Reply): AsyncGenerator<JsonObject> {
  let state = startSse();
  let ended = false;
  for await (const piece of bytesOf(reply)) {
    const [next, frames] = readSse(state, piece);
    state = next;
    const came: JsonObject[] = [];
    let failure = state.failure?.message;
    for (const frame of frames) {
      // Behind the end mark nothing is expected but the end of the body, and with it the trailers.
      if (frame.kind === "comment" || ended) continue;
      const body = frame.data === "[DONE]" ? undefined : jsonObject(frame.data);
      if (body) came.push(body);
      else if (frame.data === "[DONE]") ended = true;
      else failure ??= "an event is no JSON object";
      if (failure !== undefined && !body) break;
    }
    yield* joinTexts(came);
    if (failure !== undefined) throw new SignalboxError(`Cannot read the stream: ${failure}`, factsOf(reply));
  }
  const rest = restOfSse(state);
  // Half a frame is no frame: whoever reads learns that the answer has no finish reason.
  if (rest?.kind !== "data" || rest.isCut || ended || rest.data === "[DONE]") return;
  yield parsed(rest.data, reply);
}

function parsed(text: string, reply: Reply): JsonObject {
  const body = jsonObject(text);
  if (!body) throw new SignalboxError("Cannot read the answer: a JSON object is wanted", factsOf(reply));
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
