import { openaiChat } from "#core/dialects/openai-chat/openai-chat.ts";
import { openaiEmbeddings } from "#core/dialects/openai-chat/server-embeddings.ts";
import type { ErrorCode } from "#core/kernel/app-error.ts";
import type { Clock } from "#core/kernel/clock.ts";
import type { Filled } from "#core/kernel/filled.ts";
import { isJsonObject, type Json, type JsonObject } from "#core/kernel/json.ts";
import type { Random } from "#core/kernel/random.ts";
import { requestId } from "#core/kernel/request-id.ts";
import { AnswerClient, jsonSequenceFraming, readJsonSequence } from "#features/chains/index.ts";
import type { Arrival, Gateway } from "#features/gateway/index.ts";
import type {
  ReplyHeaders,
  SignalboxTransport,
  TransportOptions,
} from "#frameworks/transport/chat-transport.ts";
import { errorIn, SignalboxError } from "#frameworks/transport/signalbox-error.ts";
import { readRequestHeaders } from "#http/data-plane/request-headers.ts";
import { statusOf } from "#http/problem.ts";

/** What the calls are made with. */
export interface EmbeddedTransportPorts {
  readonly gateway: Pick<Gateway, "chat" | "embeddings">;
  readonly clock: Clock;
  readonly random: Random;
  /** Tells one embedded Signalbox from another in a cache that models share. */
  readonly identity: string;
  /** Aborted when Signalbox is closed: calls under way are, then. */
  readonly closing: AbortSignal;
}

/** Reaches a gateway of this process. A call is decided, recorded and relayed, and fails, as one over HTTP is and does. */
export function embeddedTransport(ports: EmbeddedTransportPorts): SignalboxTransport {
  return {
    identity: ports.identity,
    async complete(body, call) {
      const answer = await chat(ports, body, call);
      return { headers: answer.headers, body: await wholeBody(answer) };
    },
    async stream(body, call) {
      const answer = await chat(ports, { ...body, stream: true }, call);
      return { headers: answer.headers, chunks: chunksOf(answer), trailers: () => answer.client.trailers };
    },
    async embed(body, call) {
      const answer = await embeddings(ports, body, call);
      return { headers: answer.headers, body: await wholeBody(answer) };
    },
    async feedback() {
      const wanted = "a Signalbox with a request log is wanted, this one is embedded and has none";
      throw refusal("unsupported-feature", `Cannot keep feedback: ${wanted}`);
    },
  };
}

interface Answer {
  readonly headers: ReplyHeaders;
  readonly client: AnswerClient;
  readonly signal: AbortSignal;
}

function chat(ports: EmbeddedTransportPorts, body: JsonObject, call: TransportOptions): Promise<Answer> {
  return answered(ports, call, (arrival) => {
    const { text, json } = asSent(body);
    const decoded = openaiChat.server.decodeRequest(json, {});
    if (!decoded.ok) throw refusal(decoded.error.code, decoded.error.message, arrival.requestId);
    const framing = jsonSequenceFraming();
    const asked = { request: decoded.value, body: Buffer.from(text), framing };
    return (client) => ports.gateway.chat(arrival, asked, client);
  });
}

function embeddings(
  ports: EmbeddedTransportPorts,
  body: JsonObject,
  call: TransportOptions,
): Promise<Answer> {
  return answered(ports, call, (arrival) => {
    const decoded = openaiEmbeddings.decodeRequest(asSent(body).json, {});
    if (!decoded.ok) throw refusal(decoded.error.code, decoded.error.message, arrival.requestId);
    const asked = { request: decoded.value, encodeResponse: openaiEmbeddings.encodeResponse };
    return (client) => ports.gateway.embeddings(arrival, asked, client);
  });
}

/** The body as it would come over HTTP: what JSON has no word for is gone. */
function asSent(body: JsonObject): { readonly text: string; readonly json: Json } {
  const text = JSON.stringify(body);
  const json: unknown = JSON.parse(text);
  return { text, json: isJsonObject(json) ? json : {} };
}

/** Makes a call; resolves when its answer begins. */
async function answered(
  ports: EmbeddedTransportPorts,
  call: TransportOptions,
  prepare: (arrival: Arrival) => (client: AnswerClient) => Promise<void>,
): Promise<Answer> {
  const signal = call.signal ? AbortSignal.any([call.signal, ports.closing]) : ports.closing;
  signal.throwIfAborted();
  const begin = prepare(arrivalOf(ports, call));
  const client = new AnswerClient(signal);
  // The gateway does not throw; whatever happens reaches us through the client.
  void begin(client);
  const { status, headers } = await headOf(client, signal);
  const answer = { headers, client, signal };
  if (status >= 200 && status <= 299) return answer;
  const facts = { status, headers };
  throw (
    errorIn(await wholeBody(answer), facts) ?? new SignalboxError("Signalbox answered with an error", facts)
  );
}

async function headOf(client: AnswerClient, signal: AbortSignal): Promise<Awaited<AnswerClient["head"]>> {
  try {
    return await client.head;
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}

async function wholeBody({ client, headers, signal }: Answer): Promise<JsonObject> {
  let text = "";
  for await (const piece of piecesOf(client, signal)) text += piece;
  const body: unknown = JSON.parse(text);
  if (!isJsonObject(body))
    throw new SignalboxError("Cannot read the answer: a JSON object is wanted", { headers });
  return body;
}

async function* chunksOf({ client, signal }: Answer): AsyncGenerator<JsonObject> {
  for await (const piece of piecesOf(client, signal)) yield* readJsonSequence(piece);
}

/** The pieces; an aborted call tells why it was, as over HTTP. */
async function* piecesOf(client: AnswerClient, signal: AbortSignal): AsyncGenerator<string> {
  try {
    yield* client.pieces();
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}

function arrivalOf({ clock, random }: EmbeddedTransportPorts, { headers = {} }: TransportOptions): Arrival {
  const startedAtMs = clock.nowMs();
  const id = requestId(startedAtMs, random.bytes(10));
  // Trailers cost nothing here: what a stream cost is always told.
  const sent = { te: "trailers", ...headers };
  const own = readRequestHeaders(sent);
  if (typeof own === "string") throw refusal("invalid-request", own, id);
  const arrival: Filled<Arrival> = {
    requestId: id,
    startedAtMs,
    startedMs: clock.monotonicMs(),
    queueMs: 0,
    dialect: openaiChat,
    tags: {},
    headers: sent,
  };
  return Object.assign(arrival, own);
}

/** The error of a request that no model was asked for, as the client would read it over HTTP. */
function refusal(code: ErrorCode, message: string, id = ""): SignalboxError {
  const status = statusOf(code);
  const headers = id === "" ? {} : { "x-signalbox-request-id": id };
  const body = openaiChat.server.encodeError({ status, code, message, requestId: id });
  return errorIn(body, { status, headers }) ?? new SignalboxError(message, { status, headers });
}
