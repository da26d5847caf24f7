import type { IncomingMessage, ServerResponse } from "node:http";
import type { RequestProblem, ServedDialect } from "#core/dialects/dialect.ts";
import type { ResourceServer } from "#core/dialects/resources.ts";
import { AppError } from "#core/kernel/app-error.ts";
import type { Filled } from "#core/kernel/filled.ts";
import type { Clock } from "#core/kernel/clock.ts";
import type { JsonObject } from "#core/kernel/json.ts";
import type { Random } from "#core/kernel/random.ts";
import { requestId } from "#core/kernel/request-id.ts";
import type { Result } from "#core/kernel/result.ts";
import type { DialectName } from "#core/llm/dialect-name.ts";
import type { ChatRequest } from "#core/llm/request.ts";
import type { Principal } from "#features/access/index.ts";
import {
  jsonArrayFraming,
  namedSseFraming,
  requestIdHeaders,
  shownName,
  sseFraming,
  unknownModelText,
  type Arrival,
  type Framing,
  type Gateway,
  type Refusal,
} from "#features/gateway/index.ts";
import {
  dataPlaneRoute,
  methodsOf,
  type DataPlaneRoute,
  type DataPlaneTarget,
  type StreamFraming,
} from "#http/data-plane/data-plane-path.ts";
import { callOf } from "#http/data-plane/gemini-resource-path.ts";
import type { ChainChat } from "#http/data-plane/chain-chat.ts";
import { ByteBudget, type ByteLease } from "#http/data-plane/byte-budget.ts";
import { NodeClient } from "#http/data-plane/node-client.ts";
import { parseJsonBody } from "#http/data-plane/parse-json-body.ts";
import { readBody } from "#http/data-plane/read-body.ts";
import { assertUnencoded } from "#http/assert-unencoded.ts";
import { assertLogRoom, type LogAccepts } from "#http/log-room.ts";
import { errorForClient } from "#http/problem.ts";
import { readRequestHeaders } from "#http/data-plane/request-headers.ts";
import {
  isThreaded,
  threadedRequest,
  type DecodedRequest,
  type TurnsBefore,
} from "#http/data-plane/threaded-request.ts";

/** Most bytes of request bodies that are held at once: 16 of the largest, hundreds with a photograph. */
const bodiesBytesMax = 512 * 1024 * 1024;

/** The query of most requests. */
const noQuery = new URLSearchParams();

/** What the data plane needs. */
export interface DataPlanePorts {
  readonly gateway: Gateway;
  /** Serves chains that are asked for as models. */
  readonly chains: Pick<ChainChat, "isChain" | "chat">;
  readonly clock: Clock;
  readonly random: Random;
  readonly dialects: Readonly<Record<DialectName, ServedDialect>>;
  /** How Gemini's clients speak of what a provider keeps for them. */
  readonly resources: ResourceServer;
  /** Who sends, or why it is turned away. */
  readonly admit: (request: IncomingMessage, query: URLSearchParams) => Result<Principal, AppError>;
  /** Bodies of the model list, and of one model, in a dialect; `undefined` when there is no such model. */
  readonly models: () => ModelViews;
  /** The turns that a request goes on from by the id of an answer; only such requests wait for it. */
  readonly turnsBefore: TurnsBefore;
  readonly logAccepts: LogAccepts;
  /** Hears of our own mistakes. */
  readonly unexpected: (error: unknown, requestId: string) => void;
}

/** The models as clients of each dialect want to see them. */
export interface ModelViews {
  list(dialect: DialectName, query: URLSearchParams): JsonObject;
  one(dialect: DialectName, name: string): JsonObject | undefined;
}

/** One request on its way through the data plane. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly client: NodeClient;
  readonly query: URLSearchParams;
  readonly route: DataPlaneRoute;
  /** Filled in place as more becomes known. */
  readonly arrival: Filled<Arrival>;
  /** What its body takes of the memory for bodies, until the answer is over. */
  readonly lease: ByteLease;
}

/**
 * Serves the data plane on the raw node:http request: no framework, no copy.
 * @returns a function that says whether the path was its own
 */
export function createDataPlane(
  ports: DataPlanePorts,
): (request: IncomingMessage, response: ServerResponse) => boolean {
  const bodies = new ByteBudget(bodiesBytesMax);
  return (request, response) => {
    const [path, search] = splitOnce(request.url ?? "", "?");
    const query = search === "" ? noQuery : new URLSearchParams(search);
    const route = dataPlaneRoute(path, query);
    if (!route) return false;
    const lease = bodies.lease();
    response.on("close", () => lease.release());
    const exchange: Exchange = {
      request,
      response,
      client: new NodeClient(response),
      query,
      route,
      arrival: arrive(ports, { request, query, route }),
      lease,
    };
    serve(ports, exchange).catch((error: unknown) => {
      if (!(error instanceof AppError)) ports.unexpected(error, exchange.arrival.requestId);
      answerError(ports, exchange, error);
    });
    return true;
  };
}

function arrive(
  { clock, random, dialects }: DataPlanePorts,
  { request, query, route }: Pick<Exchange, "request" | "query" | "route">,
): Filled<Arrival> {
  const startedAtMs = clock.nowMs();
  return {
    requestId: requestId(startedAtMs, random.bytes(10)),
    startedAtMs,
    startedMs: clock.monotonicMs(),
    queueMs: 0,
    dialect: dialects[route.target.dialect ?? dialectByHeader(request, query)],
    tags: {},
    headers: request.headers,
  };
}

/** `GET /v1/models` belongs to several dialects: Anthropic's clients name a version of theirs, Gemini's have a header for their key. */
function dialectByHeader(request: IncomingMessage, query: URLSearchParams): DialectName {
  if ("anthropic-version" in request.headers) return "anthropic";
  return "x-goog-api-key" in request.headers || query.has("key") ? "gemini" : "openai-chat";
}

async function serve(ports: DataPlanePorts, exchange: Exchange): Promise<void> {
  const { request, route, query, arrival } = exchange;
  const admitted = ports.admit(request, query);
  if (!admitted.ok) throw admitted.error;
  const { target } = route;
  if (target.operation === "unknown") throw unknownPath(request, target.why);
  if (isForeign(target, arrival)) throw unknownPath(request);
  if (!methodsOf(route).includes(request.method ?? "")) throw wrongMethod(exchange);
  if (target.operation === "models" || target.operation === "model")
    return answerModels(ports, exchange, target);
  assertLogRoom(ports.logAccepts);
  arrival.principal = admitted.value;
  readOwnHeaders(arrival, request);
  assertJson(request);
  const body = await readBody(request, exchange.lease);
  arrival.queueMs = ports.clock.monotonicMs() - arrival.startedMs;
  if (target.operation === "resource") await serveResource(ports, exchange, target, body);
  else await dispatch(ports, exchange, target, body);
}

/** Paths of Gemini's that OpenAI has as well are unknown to clients of OpenAI's: theirs are not served. */
function isForeign(target: DataPlaneTarget, { dialect }: Pick<Arrival, "dialect">): boolean {
  return target.operation === "resource" && dialect.name !== "gemini";
}

type ModelsTarget = Extract<DataPlaneTarget, { readonly operation: "models" | "model" }>;
type ResourceTarget = Extract<DataPlaneTarget, { readonly operation: "resource" }>;
type BodyTarget = Exclude<DataPlaneTarget, ModelsTarget | ResourceTarget | { readonly operation: "unknown" }>;

async function dispatch(
  ports: DataPlanePorts,
  exchange: Exchange,
  target: BodyTarget,
  body: Buffer,
): Promise<void> {
  const { gateway, chains } = ports;
  const { arrival, client, request } = exchange;
  const { server } = arrival.dialect;
  const json = parseJsonBody(body);
  switch (target.operation) {
    case "chat": {
      const decoded = understood(server.decodeRequest(json, target.path));
      const asked = {
        request: isThreaded(decoded) ? await behindTurns(ports, exchange, { body: json, decoded }) : decoded,
        body,
        framing: framings[target.framing](),
      };
      return chains.isChain(decoded.model)
        ? chains.chat(arrival, asked, client)
        : gateway.chat(arrival, asked, client);
    }
    case "embeddings": {
      if (!server.embeddings) throw unknownPath(request);
      const { decodeRequest, encodeResponse } = server.embeddings;
      const decoded = understood(decodeRequest(json, target.path));
      return gateway.embeddings(arrival, { request: decoded, encodeResponse }, client);
    }
    case "count-tokens": {
      if (!server.tokenCounting) throw unknownPath(request);
      const { decodeRequest, encodeResponse } = server.tokenCounting;
      const decoded = understood(decodeRequest(json, target.path));
      const counted = isThreaded(decoded)
        ? await behindTurns(ports, exchange, { body: json, decoded })
        : decoded;
      return gateway.countTokens(arrival, { request: counted, encodeResponse }, client);
    }
  }
}

async function behindTurns(
  { turnsBefore }: DataPlanePorts,
  exchange: Exchange,
  came: DecodedRequest,
): Promise<ChatRequest> {
  return understood(await threadedRequest(turnsBefore, came, exchange));
}

function serveResource(
  { gateway, resources }: DataPlanePorts,
  { arrival, client, request }: Exchange,
  { calls }: ResourceTarget,
  body: Buffer,
): Promise<void> {
  const call = callOf(calls, request.method);
  if (!call) throw unknownPath(request);
  const text = body.toString("utf8");
  if (call.action !== "create") return gateway.resource(arrival, { call, text }, client, resources);
  const decoded = understood(resources.decodeRequest(call, parseJsonBody(body), text));
  return gateway.resource(arrival, { call, text, request: decoded }, client, resources);
}

const framings: Readonly<Record<StreamFraming, () => Framing>> = {
  sse: sseFraming,
  "named-sse": namedSseFraming,
  "json-array": jsonArrayFraming,
};

function understood<Request>(decoded: Result<Request, RequestProblem>): Request {
  if (!decoded.ok) throw problemError(decoded.error);
  return decoded.value;
}

function answerModels(
  { models }: DataPlanePorts,
  { arrival, client, query }: Exchange,
  target: ModelsTarget,
): void {
  const { name } = arrival.dialect;
  const views = models();
  const body = target.operation === "models" ? views.list(name, query) : views.one(name, target.model);
  if (!body)
    throw new AppError("not-found", unknownModelText(target.operation === "model" ? target.model : ""));
  const text = JSON.stringify(body);
  client.start(200, {
    "content-type": "application/json; charset=utf-8",
    "content-length": String(Buffer.byteLength(text)),
    ...requestIdHeaders(arrival.requestId, arrival.dialect),
  });
  client.end(text);
}

/** Adds to the arrival what our own request headers say. */
function readOwnHeaders(arrival: Filled<Arrival>, request: IncomingMessage): void {
  const headers = readRequestHeaders(request.headers);
  if (typeof headers === "string") throw new AppError("invalid-request", headers);
  Object.assign(arrival, headers);
}

/** Bodies are plain JSON. Clients that name no type are believed. */
function assertJson(request: IncomingMessage): void {
  const type = request.headers["content-type"];
  if (type !== undefined && !/^application\/(?:[\w.+-]+\+)?json\b/i.test(type)) {
    throw new AppError(
      "unsupported-media-type",
      'Cannot read the request body: content-type "application/json" is wanted',
    );
  }
  assertUnencoded(request.headers);
}

function problemError({ code, message, field }: RequestProblem): AppError {
  return new AppError(code, message, field === undefined ? {} : { field });
}

function wrongMethod({ request, route }: Exchange): AppError {
  return new AppError(
    "method-not-allowed",
    `Cannot ${request.method ?? "call"} this path: ${methodsOf(route).join(" or ")} is wanted`,
  );
}

function unknownPath(request: IncomingMessage, why = "no such path is served"): AppError {
  const [path] = splitOnce(request.url ?? "", "?");
  return new AppError("not-found", `Cannot find "${shownName(path)}": ${why}`);
}

/** Tells the client what went wrong before a model was asked. */
function answerError(ports: DataPlanePorts, exchange: Exchange, cause: unknown): void {
  const { arrival, client, route } = exchange;
  const known = cause instanceof AppError ? cause : new AppError("internal", "Signalbox failed", { cause });
  const error = errorForClient(known, arrival.requestId);
  if (exchange.response.headersSent) return client.breakOff("");
  const headers = refusalHeaders(known, route);
  ports.gateway.refuse(arrival, { ...askedFor(route.target, known), error, headers }, client);
}

/** What HTTP wants an error to tell in its headers. */
function refusalHeaders({ code }: AppError, route: DataPlaneRoute): Readonly<Record<string, string>> {
  switch (code) {
    case "unauthenticated":
      return { "www-authenticate": 'Bearer realm="Signalbox"' };
    case "method-not-allowed":
      return { allow: methodsOf(route).join(", ") };
    case "payload-too-large":
      // The rest of the body is not read: the connection cannot serve another request.
      return { connection: "close" };
    case "overloaded":
      return { connection: "close", "retry-after": "1" };
    case "log-full":
      return { "retry-after": "10" };
    default:
      return {};
  }
}

/**
 * What the path alone tells of a request whose body was not understood. Strangers leave no record, who could fill the
 * log with them, and neither do calls that no model would have served, nor those that the full log has no room for.
 */
function askedFor(
  target: DataPlaneTarget,
  { code }: AppError,
): Pick<Refusal, "operation" | "model" | "stream" | "recorded"> {
  const unrecorded = code === "unauthenticated" || code === "forbidden" || code === "log-full";
  switch (target.operation) {
    case "models":
    case "model":
    case "unknown":
      return { operation: "chat", model: "", stream: false, recorded: false };
    case "resource":
      return {
        operation: target.calls[0]?.kind ?? "chat",
        model: target.calls[0]?.model ?? "",
        stream: false,
        recorded: !unrecorded,
      };
    default:
      return {
        operation: target.operation,
        model: target.path.model ?? "",
        stream: "stream" in target.path && target.path.stream,
        recorded: !unrecorded,
      };
  }
}

function splitOnce(text: string, mark: string): readonly [string, string] {
  const at = text.indexOf(mark);
  return at === -1 ? [text, ""] : [text.slice(0, at), text.slice(at + mark.length)];
}
