import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import { Agent, type Dispatcher } from "undici";
import { sayListening } from "../process/child-process.ts";

// A process of its own: the least that a proxy on Node can do, and so the yardstick. It reads no body, knows no dialect,
// asks for no key, sets no deadline and writes nothing down. Its settings of node:http and undici are Signalbox's.

const [, , upstreamPort = ""] = process.argv;
const origin = `http://127.0.0.1:${upstreamPort}`;

/** Bodies up to this size are sent in one piece, which is cheaper than a stream of them, bytes; larger ones flow. */
const gatheredBytesMax = 64 * 1024;

const agent = new Agent({
  connect: { timeout: 3_000, noDelay: true },
  connections: 1_024,
  pipelining: 1,
  keepAliveTimeout: 30_000,
  headersTimeout: 0,
  bodyTimeout: 0,
  maxHeaderSize: 32_768,
});

const server = createServer({ keepAliveTimeout: 75_000, noDelay: true }, (request, response) => {
  if (Number(request.headers["content-length"]) > gatheredBytesMax) return pass(request, response, request);
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () =>
    pass(request, response, chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)),
  );
});

server.listen(0, "127.0.0.1", () => sayListening(server));

function pass(request: IncomingMessage, response: ServerResponse, body: Buffer | IncomingMessage): void {
  const headers = {
    "content-type": "application/json",
    ...(!Buffer.isBuffer(body) && { "content-length": request.headers["content-length"] }),
  };
  agent.dispatch({ origin, path: request.url ?? "/", method: "POST", headers, body }, new Passing(response));
}

/** Gives an answer on as it comes. */
class Passing implements Dispatcher.DispatchHandler {
  readonly #response: ServerResponse;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  onRequestStart(): void {
    // Nothing to prepare.
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    { "content-type": type, "content-length": length }: IncomingHttpHeaders,
  ): void {
    this.#response.writeHead(status, {
      "content-type": type ?? "application/json",
      ...(length !== undefined && { "content-length": length }),
    });
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#response.write(chunk)) return;
    controller.pause();
    this.#response.once("drain", () => controller.resume());
  }

  onResponseEnd(): void {
    this.#response.end();
  }

  onResponseError(): void {
    this.#response.destroy();
  }
}
