import type { ServerResponse } from "node:http";
import type { ClientPort } from "#features/gateway/index.ts";

/**
 * Longest time in which a client takes nothing of what waits for it, ms. Node's socket timeout looks at what the system
 * has sent: a client that reads slowly makes progress, one that reads nothing would hold its memory for ever.
 */
const stalledMsMax = 60_000;

/** A client at the other end of a node:http response. */
export class NodeClient implements ClientPort {
  readonly #response: ServerResponse;
  readonly #stalledMsMax: number;
  /** Whether we ended the answer ourselves: a close after that is no abort. */
  #ended = false;
  #closed = false;

  constructor(response: ServerResponse, options: { readonly stalledMsMax?: number } = {}) {
    this.#response = response;
    this.#stalledMsMax = options.stalledMsMax ?? stalledMsMax;
    response.on("drain", () => response.socket?.setTimeout(0));
    // Before Node's own listener, which then lets the connection wait for the next request.
    response.prependOnceListener("finish", () => response.socket?.setTimeout(0));
    response.once("close", () => {
      this.#closed = !this.#ended;
    });
    // A client that goes away in the middle of a write is noticed by `close`; the error says no more.
    response.on("error", () => undefined);
  }

  get closed(): boolean {
    return this.#closed;
  }

  get congested(): boolean {
    return this.#response.writableNeedDrain;
  }

  start(status: number, headers: Readonly<Record<string, string>>): void {
    if (!this.#closed) this.#response.writeHead(status, headers);
  }

  write(data: Uint8Array | string): void {
    if (!this.#closed && !this.#response.write(data)) this.#watch();
  }

  end(data?: Uint8Array | string): void {
    this.#ended = true;
    this.#response.end(data);
    this.#watch();
  }

  breakOff(data: string): void {
    this.#ended = true;
    const { socket } = this.#response;
    // The last chunk of the encoding is left out and the connection closed behind the data: the client has all that
    // was sent and knows that it is not all there was.
    this.#response.write(data, () => socket?.destroySoon());
    this.#watch();
  }

  whenWritable(callback: () => void): void {
    this.#response.once("drain", callback);
  }

  whenClosed(callback: () => void): void {
    this.#response.once("close", () => {
      if (!this.#ended) callback();
    });
  }

  /** Closes the connection when the client takes nothing for too long. */
  #watch(): void {
    if (!this.#response.writableFinished) this.#response.socket?.setTimeout(this.#stalledMsMax);
  }
}
