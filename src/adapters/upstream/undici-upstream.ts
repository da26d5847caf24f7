import type { Readable } from "node:stream";
import { Agent, buildConnector, type Dispatcher } from "undici";
import type {
  UpstreamCall,
  UpstreamHandle,
  UpstreamListener,
  UpstreamPort,
} from "#adapters/upstream/upstream-port.ts";
import { guardedConnector } from "#adapters/upstream/guarded-connector.ts";

/** How long a connection may take to be made, ms. */
const connectTimeoutMs = 3_000;
/** Connections kept to one provider; a request beyond waits for none, it opens one more up to this bound. */
const usualConnectionsMax = 1_024;
/** Idle connections are kept this long, ms: shorter than the usual provider's own limit. */
const keepAliveTimeoutMs = 30_000;
/** Response headers larger than this end the call, bytes. */
const headerSizeMax = 32_768;

/** Addresses whose parts are remembered at most: a client may ask for models under any name. */
const placesMax = 1_000;

/** Pieces that make up to so much are sent as one, bytes: fewer writes for a copy that costs less. */
const joinedBytesMax = 64 * 1024;

/** Where a call goes, as undici wants it. */
interface Place {
  readonly origin: string;
  readonly path: string;
}

/** The real way out: undici's dispatch, the cheapest client there is, with its own timers off (the gateway has its own). */
export class UndiciUpstream implements UpstreamPort, AsyncDisposable {
  readonly #anywhere: Agent;
  readonly #publicOnly: Agent;
  readonly #places = new Map<string, Place>();

  /** @param connectionsMax connections to one address, at most */
  constructor({ connectionsMax = usualConnectionsMax }: { readonly connectionsMax?: number } = {}) {
    this.#anywhere = createAgent(buildConnector, connectionsMax);
    this.#publicOnly = createAgent(guardedConnector, connectionsMax);
  }

  send(call: UpstreamCall, listener: UpstreamListener): UpstreamHandle {
    const agent = call.privateNetwork ? this.#anywhere : this.#publicOnly;
    const exchange = new Exchange(listener);
    agent.dispatch(
      {
        ...this.#place(call.url),
        method: call.method ?? "POST",
        ...(call.method === "GET" || isBodiless(call) ? { headers: call.headers } : content(call)),
      },
      exchange,
    );
    return exchange;
  }

  /** The parts of an address. It names a provider, a model and an operation, of which there are few: most were parsed before. */
  #place(address: string): Place {
    const known = this.#places.get(address);
    if (known) return known;
    const { origin, pathname, search } = new URL(address);
    const place = { origin, path: pathname + search };
    if (this.#places.size >= placesMax) this.#places.clear();
    this.#places.set(address, place);
    return place;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#anywhere.destroy(), this.#publicOnly.destroy()]);
  }
}

function createAgent(connector: typeof buildConnector, connectionsMax: number): Agent {
  return new Agent({
    connect: connector({ timeout: connectTimeoutMs, noDelay: true }),
    connections: connectionsMax,
    pipelining: 1,
    keepAliveTimeout: keepAliveTimeoutMs,
    headersTimeout: 0,
    bodyTimeout: 0,
    maxHeaderSize: headerSizeMax,
  });
}

/** Whether a call that need not have a body has none. */
function isBodiless({ method, body }: UpstreamCall): boolean {
  return method === "DELETE" && body.length === 0;
}

/** The headers and the body of a call, as undici wants them. */
function content({ headers, body }: UpstreamCall): Pick<Dispatcher.DispatchOptions, "headers" | "body"> {
  if (typeof body === "string" || body instanceof Uint8Array) return { headers, body };
  const length = body.reduce((sum, piece) => sum + piece.length, 0);
  if (length <= joinedBytesMax) return { headers, body: Buffer.concat(body, length) };
  // Undici takes anything that can be gone through; its types name only some of it.
  const pieces = body as unknown as Readable;
  return { headers: { ...headers, "content-length": String(length) }, body: pieces };
}

/** One call under way: undici's events on one side, the gateway's on the other. */
class Exchange implements Dispatcher.DispatchHandler, UpstreamHandle {
  readonly #listener: UpstreamListener;
  #controller: Dispatcher.DispatchController | undefined;
  #connected = false;
  #over = false;

  constructor(listener: UpstreamListener) {
    this.#listener = listener;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#connected = true;
    this.#controller = controller;
    if (this.#over) return controller.abort(new Error("Aborted before it was sent"));
    this.#listener.sent();
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    if (status >= 200 && !this.#over) this.#listener.started(status, flatHeaders(headers));
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#over) this.#listener.data(chunk);
  }

  onResponseEnd(): void {
    if (this.#over) return;
    this.#over = true;
    this.#listener.ended();
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    if (this.#over) return;
    this.#over = true;
    this.#listener.failed(this.#connected ? "reset" : "connect", reasonOf(error));
  }

  abort(): void {
    if (this.#over) return;
    this.#over = true;
    this.#controller?.abort(new Error("Aborted by the gateway"));
  }

  pause(): void {
    this.#controller?.pause();
  }

  resume(): void {
    this.#controller?.resume();
  }
}

/** The error's code word; a message of undici's may name the address, which is the operator's business only. */
function reasonOf(error: Error): string {
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}

function flatHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Readonly<Record<string, string>> {
  const flat: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) flat[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return flat;
}
