import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { AppError } from "#core/kernel/app-error.ts";
import type { Timers } from "#core/kernel/timers.ts";
import { foreignness } from "./addressed-here.ts";
import { inTurn } from "./in-turn.ts";
import { createServer } from "./node-http.ts";
import { UnderWay } from "./under-way.ts";

/** Longer than the idle time of usual load balancers (60 s at AWS and nginx), so that they close first, ms. */
const keepAliveTimeoutMs = 75_000;
/** Longest time for a request's headers, ms. Above the keep-alive, so that it can never end a healthy idle socket. */
const headersTimeoutMs = 80_000;
/** Longest time for a whole request to come in, ms: 32 MB at 2 Mbit/s. */
const requestTimeoutMs = 130_000;
/** Most bytes of a request's line and headers. */
const headerBytesMax = 32 * 1024;
/** Most header lines of a request. */
const headersMax = 200;
/** Most connections at once; beyond, new ones are closed at once. */
const connectionsMax = 10_000;
/**
 * Connections that may wait to be taken while the event loop is busy. Those beyond are turned away by the system, and
 * their clients try again seconds later: of 6,000 at once 4,840 had an answer after 6 s with Node's 511, all with so
 * many (2026-11-25). The system's own bound holds as well (Linux: `net.core.somaxconn`).
 */
const backlogMax = 4_096;

/** Who serves what comes in. */
export interface HttpServerOptions {
  /** Serves a data-plane request and says so, or leaves it to the control plane. */
  readonly dataPlane: (request: IncomingMessage, response: ServerResponse) => boolean;
  readonly controlPlane: (request: IncomingMessage, response: ServerResponse) => void;
  /** Whether anything needs no key now: only requests meant for this machine are served then. */
  readonly open: () => boolean;
  readonly timers: Timers;
}

/** The one listener. */
export interface HttpServer {
  /**
   * Opens it; answers the address. Port 0 takes a free one.
   * @throws AppError conflict when the port is in use or the address is not to be had
   */
  listen(address: { readonly host: string; readonly port: number }): Promise<AddressInfo>;
  /** False as soon as it is to close: readiness then says no. */
  readonly accepting: boolean;
  /** Requests being answered. */
  readonly inFlight: number;
  /**
   * Stops accepting, closes idle connections, lets answers under way finish, and after `deadlineMs` destroys what is
   * left. A second call waits for the first.
   */
  close(deadlineMs: number): Promise<CloseReport>;
}

/** How a close went. */
interface CloseReport {
  /** Answers that were under way when it began and had finished. */
  readonly finished: number;
  /** Answers that the deadline cut off. */
  readonly cut: number;
}

/** Makes the listener in front of both planes. */
export function createHttpServer(options: HttpServerOptions): HttpServer {
  const responses = new UnderWay<ServerResponse>();
  let closing: Promise<CloseReport> | undefined;
  let listenHost = "";

  const serve = (request: IncomingMessage, response: ServerResponse): void => {
    const place = responses.add(response);
    if (closing) response.shouldKeepAlive = false;
    response.on("close", () => {
      responses.remove(place);
      // A keep-alive connection is idle from now on: while closing nobody may hold it open.
      if (closing) setImmediate(() => server.closeIdleConnections());
    });
    const foreign = options.open() ? foreignness(request.headers, listenHost) : undefined;
    if (foreign !== undefined) refuseForeign(response, foreign);
    else if (!options.dataPlane(request, response)) options.controlPlane(request, response);
  };
  const server = createServer(
    {
      keepAliveTimeout: keepAliveTimeoutMs,
      headersTimeout: headersTimeoutMs,
      requestTimeout: requestTimeoutMs,
      maxHeaderSize: headerBytesMax,
      // Node's default; said here because a frame that waits for Nagle's algorithm costs 40 ms.
      noDelay: true,
    },
    (request, response) => inTurn(request, response, serve),
  );
  server.maxHeadersCount = headersMax;
  server.maxConnections = connectionsMax;
  server.on("clientError", (error: UnreadableError, socket: Socket) => {
    // Behind the beginning of an answer more bytes would pass for a part of it, and before it for the answer itself.
    const answering = responses
      .all()
      .some(({ req, headersSent, socket: its }) => its === socket && (headersSent || req.complete));
    if (answering) socket.destroy();
    else answerUnreadable(error, socket);
  });

  return {
    listen(address) {
      listenHost = address.host;
      return listen(server, address);
    },
    get accepting() {
      return server.listening && !closing;
    },
    get inFlight() {
      return responses.size;
    },
    close: (deadlineMs) => (closing ??= closeGracefully(server, responses, deadlineMs, options.timers)),
  };
}

function listen(
  server: Server,
  address: { readonly host: string; readonly port: number },
): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    const refuse = (cause: NodeJS.ErrnoException): void => reject(listenError(address, cause));
    server.once("error", refuse);
    server.listen({ ...address, backlog: backlogMax }, () => {
      server.off("error", refuse);
      const bound = server.address();
      if (bound === null || typeof bound === "string")
        reject(new Error("Broken invariant: a TCP listener has an address"));
      else resolve(bound);
    });
  });
}

/** What each failure to listen means for whoever starts the server, by the system's error code. */
const listenProblems: Readonly<Record<string, string>> = {
  EADDRINUSE: "a free port is wanted, another process listens on it; set SIGNALBOX_PORT to another one",
  EACCES: "a port this user may take is wanted; those below 1024 are the administrator's",
  EADDRNOTAVAIL: "an address of this machine is wanted, it has no such one",
  ENOTFOUND: "an address of this machine is wanted, the name is not known",
};

function listenError(
  { host, port }: { readonly host: string; readonly port: number },
  cause: NodeJS.ErrnoException,
): AppError {
  const why = listenProblems[cause.code ?? ""] ?? `the system refuses with ${cause.code ?? cause.name}`;
  return new AppError("conflict", `Cannot listen on "${host}:${port}": ${why}`, { cause });
}

function closeGracefully(
  server: Server,
  responses: UnderWay<ServerResponse>,
  deadlineMs: number,
  timers: Timers,
): Promise<CloseReport> {
  const underWay = responses.size;
  let cut = 0;
  for (const response of responses.all()) if (!response.headersSent) response.shouldKeepAlive = false;
  return new Promise((resolve) => {
    const deadline = timers.after(deadlineMs, () => {
      cut = responses.size;
      server.closeAllConnections();
    });
    server.close(() => {
      deadline.cancel();
      resolve({ finished: Math.max(0, underWay - cut), cut });
    });
    server.closeIdleConnections();
  });
}

/** What a client gets whose bytes are no HTTP, or too much of it: by Node's error code. */
const unreadable: Readonly<
  Record<string, { readonly status: number; readonly title: string; readonly detail: string }>
> = {
  HPE_HEADER_OVERFLOW: {
    status: 431,
    title: "Request Header Fields Too Large",
    detail: `Cannot read the request: at most ${headerBytesMax} bytes of headers are wanted, it has more`,
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    title: "Request Timeout",
    detail: "Cannot read the request: it took too long to come in",
  },
};

const malformed = {
  status: 400,
  title: "Bad Request",
  detail: "Cannot read the request: HTTP/1.1 is wanted, it is malformed",
};

type UnreadableError = Error & { readonly code?: string };

/** Answers on the bare socket: there is no response object for a request that could not be read. */
function answerUnreadable(error: UnreadableError, socket: Socket): void {
  if (!socket.writable || error.code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const { status, title, detail } = unreadable[error.code ?? ""] ?? malformed;
  const body = plainProblem(status, title, detail);
  socket.end(
    `HTTP/1.1 ${status} ${title}\r\ncontent-type: application/problem+json\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}

function refuseForeign(response: ServerResponse, foreign: string): void {
  const detail = `Cannot serve this request without a key: ${foreign}; set SIGNALBOX_ADMIN_KEY to be called from elsewhere`;
  const body = plainProblem(403, "Forbidden", detail);
  response
    .writeHead(403, {
      "content-type": "application/problem+json",
      "content-length": Buffer.byteLength(body),
      connection: "close",
    })
    .end(body);
}

/** A problem of a request that reaches neither plane. */
function plainProblem(status: number, title: string, detail: string): string {
  return JSON.stringify({ type: "about:blank", title, status, detail });
}
