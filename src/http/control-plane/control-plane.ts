import type { ServerResponse } from "node:http";
import { Readable } from "node:stream";
import Fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyRequest,
} from "fastify";
import { credentialOf, type Access, type Principal } from "#features/access/index.ts";
import { assertUnencoded } from "#http/assert-unencoded.ts";
import { parseJsonBody } from "#http/data-plane/parse-json-body.ts";
import type { ServedEndpoint } from "#http/endpoint.ts";
import type { DocumentText } from "#http/openapi/cached-document.ts";
import { registerPages } from "#http/pages/register-pages.ts";
import { allowedMethods } from "./allowed-methods.ts";
import {
  bodyTooLarge,
  controlPlaneError,
  isProviderFailure,
  unsupportedType,
} from "./control-plane-error.ts";
import { appErrorOf, problem, problemOf, type Problem } from "#http/problem.ts";

/** Largest body of a control-plane call, bytes. */
const bodyBytesMax = 1024 * 1024;
/** Longest value inside a path, characters: model names are the longest things there. */
const pathValueLengthMax = 300;

/** When a call may be tried again that found the store away or us busy, seconds. */
const retryAfterSeconds = 5;

/** A key in an address stays in histories and logs: administration does not take it from there. */
const noQuery = new URLSearchParams();

/** What the control plane needs. */
export interface ControlPlaneOptions {
  readonly logger: FastifyBaseLogger;
  readonly endpoints: readonly ServedEndpoint[];
  readonly document: () => DocumentText;
  /** Decides who may call protected endpoints. */
  readonly access: Pick<Access, "admit">;
  /** Makes the id of a call. */
  readonly requestId: () => string;
}

/** Makes the Fastify application of `/api`, `/docs`, the pages and the probes, ready to serve. */
export async function createControlPlane(options: ControlPlaneOptions): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: options.logger,
    genReqId: options.requestId,
    requestIdHeader: false,
    // Our own hook logs each call once, without query and headers: a key can stand in both.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: bodyBytesMax,
    return503OnClosing: false,
    routerOptions: { maxParamLength: pathValueLengthMax, ignoreTrailingSlash: true },
    // Such an error is met before there is a route, thus outside the handlers below.
    frameworkErrors: (error, request, reply) => {
      const answer = problemOf(controlPlaneError(error, bodyBytesMax), request.id);
      reply.hijack();
      reply.raw
        .writeHead(answer.status, { "content-type": "application/problem+json" })
        .end(JSON.stringify(answer));
    },
  });
  readJson(app, options.endpoints);
  passStreams(app, options.endpoints);
  answerProblems(app, options.endpoints);
  logCalls(app);
  for (const endpoint of options.endpoints) register(app, endpoint, options.access);
  await registerPages(app, options.document);
  await app.ready();
  return app;
}

/** JSON is the only body there is, but for what endpoints take as a stream; anything else is Fastify's 415. */
function readJson(app: FastifyInstance, endpoints: readonly ServedEndpoint[]): void {
  const raw = new Set(endpoints.filter(({ isBodyRaw }) => isBodyRaw).map(urlOf));
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "buffer" }, (request, body, done) => {
    try {
      assertUnencoded(request.headers);
      const isRaw = raw.has(request.routeOptions.url ?? "");
      done(null, isRaw ? body : parseJsonBody(Buffer.from(body)));
    } catch (error) {
      done(appErrorOf(error));
    }
  });
}

/** Hands bodies of these types over as they come; `bodyOf` turns them away where the endpoint takes none such. */
function passStreams(app: FastifyInstance, endpoints: readonly ServedEndpoint[]): void {
  const types = new Set(endpoints.flatMap(({ streamed = {} }) => Object.keys(streamed)));
  if (types.size > 0) app.addContentTypeParser([...types], (_request, body, done) => done(null, body));
}

/** @throws AppError `unsupported-media-type`, or `payload-too-large` where a stream says so before it comes */
function bodyOf(
  { body, headers }: FastifyRequest,
  { streamed, bodyBytesMax: bytesMax }: ServedEndpoint,
): unknown {
  if (!(body instanceof Readable)) return body;
  if (!streamed) throw unsupportedType();
  assertUnencoded(headers);
  if (bytesMax !== undefined && Number(headers["content-length"] ?? 0) > bytesMax)
    throw bodyTooLarge(bytesMax);
  return body;
}

function answerProblems(app: FastifyInstance, endpoints: readonly ServedEndpoint[]): void {
  app.setErrorHandler((thrown, request, reply) => {
    const error = controlPlaneError(thrown, request.routeOptions.bodyLimit);
    const answer = problemOf(error, request.id);
    if (isProviderFailure(error.code)) request.log.warn({ code: error.code }, "call failed at the provider");
    // That the log is full is said once, when it begins to be, and not for each call.
    else if (answer.status >= 500 && error.code !== "log-full")
      request.log.error({ err: thrown }, "call failed");
    if (answer.status === 401) void reply.header("www-authenticate", 'Bearer realm="Signalbox"');
    if (answer.status === 503 && answer.retryable) void reply.header("retry-after", retryAfterSeconds);
    return sendProblem(reply, answer);
  });
  app.setNotFoundHandler((request, reply) => {
    const path = pathOf(request);
    const allowed = allowedMethods(endpoints, path);
    if (allowed.length === 0) {
      return sendProblem(reply, problem("not-found", `Cannot find "${path}": no such path`, request.id));
    }
    const detail = `Cannot ${request.method} "${path}": ${allowed.join(" or ")} is wanted`;
    return sendProblem(
      reply.header("allow", allowed.join(", ")),
      problem("method-not-allowed", detail, request.id),
    );
  });
}

function sendProblem<
  Reply extends { code(status: number): Reply; type(type: string): Reply; send(body: string): Reply },
>(reply: Reply, answer: Problem): Reply {
  return reply.code(answer.status).type("application/problem+json").send(JSON.stringify(answer));
}

/** One line a call: method, path without its query, status, duration. Probes only at debug. */
function logCalls(app: FastifyInstance): void {
  app.addHook("onRequest", (request, reply, next) => {
    reply.headers({
      "x-signalbox-request-id": request.id,
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "x-frame-options": "DENY",
      "cache-control": "no-store",
    });
    next();
  });
  app.addHook("onResponse", (request, reply, next) => {
    const call = {
      method: request.method,
      path: request.routeOptions.url ?? "unknown path",
      status: reply.statusCode,
      duration_ms: Math.round(reply.elapsedTime * 100) / 100,
    };
    if (/^\/(?:api|hooks)\//.test(call.path)) request.log.info(call, "call served");
    else request.log.debug(call, "call served");
    next();
  });
}

function register(
  app: FastifyInstance,
  endpoint: ServedEndpoint,
  access: ControlPlaneOptions["access"],
): void {
  app.route({
    method: endpoint.method,
    url: urlOf(endpoint),
    ...(endpoint.bodyBytesMax !== undefined && { bodyLimit: endpoint.bodyBytesMax }),
    handler: async (request, reply) => {
      const principal = admitted(request, endpoint, access);
      const { params, query, headers, id: requestId } = request;
      const body = bodyOf(request, endpoint);
      const signal = goneSignal(reply.raw);
      const answer = await endpoint.handle({ params, query, body, headers, principal, requestId, signal });
      void reply.code(answer.status);
      if (answer.headers) void reply.headers(answer.headers);
      if (answer.body === undefined) return reply.send();
      if (typeof answer.body === "string" || answer.body instanceof Readable) return reply.send(answer.body);
      return reply.type("application/json").send(JSON.stringify(answer.body));
    },
  });
}

/** An endpoint's path as Fastify writes it. */
function urlOf({ path }: ServedEndpoint): string {
  return path.replaceAll(/\{(\w+)\}/g, ":$1");
}

/** Aborted when the connection closes before the answer is complete. */
function goneSignal(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  response.once("close", () => {
    if (!response.writableFinished) gone.abort();
  });
  return gone.signal;
}

/** Who is calling, as far as a key tells. @throws AppError `unauthenticated` or `forbidden` */
function admitted(
  request: FastifyRequest,
  { protection }: ServedEndpoint,
  access: ControlPlaneOptions["access"],
): Principal {
  if (protection === "none" || protection === "signature") return { kind: "anyone" };
  const query = protection === "key" ? new URLSearchParams(request.url.split("?", 2)[1]) : noQuery;
  const credential = credentialOf(request.headers, query);
  const result = access.admit(credential, { scope: protection === "key" ? "data" : "admin" });
  if (!result.ok) throw result.error;
  return result.value;
}

function pathOf(request: FastifyRequest): string {
  return request.url.split("?", 1)[0] ?? request.url;
}
