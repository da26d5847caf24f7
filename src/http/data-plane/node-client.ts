import type { ServerResponse } from "node:http";
import type { ClientPort } from "#features/gateway/index.ts";

/**
 * Longest time in which a client takes nothing of what waits for it, ms. Node's socket timeout looks at what the system
 * has sent: a client that reads slowly makes progress, one that reads nothing would hold its memory for ever.
 */
const stalledMsMax = 60_000;

/**
 * Answers up to this size go out in one piece with their head, bytes: one write instead of a gathered one, for a copy
 * that costs less.
 */
const joinedBytesMax = 16_384;

/** A client at the other end of a node:http response. */
export class NodeClient implements ClientPort {
  readonly #response: ServerResponse;
  readonly #stalledMsMax: number;
  readonly #whenClosed: (() => void)[] = [];
  /** Whether we ended the answer ourselves: a close after that is no abort. */
  #ended = false;
  #closed = false;
  /** Whether anything ever had to wait for the client. */
  #watched = false;

  constructor(response: ServerResponse, options: { readonly stalledMsMax?: number } = {}) {
    this.#response = response;
    this.#stalledMsMax = options.stalledMsMax ?? stalledMsMax;
    response.once("close", () => {
      if (this.#ended) return;
      this.#closed = true;
      for (const callback of this.#whenClosed) callback();
    });
    // A client that goes away in the middle of a write is noticed by `close`; the error says no more.
    response.on("error", ignored);
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
    if (this.#closed) return;
    const taken = isAsciiText(data) ? this.#response.write(data, "latin1") : this.#response.write(data);
    if (!taken) this.#watch();
  }

  end(data: Uint8Array | string = ""): void {
    this.#ended = true;
    this.#endWith(data);
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
    this.#whenClosed.push(callback);
  }

  /** Short answers as Latin-1, where every byte is one character: Node then writes head and body as one text. */
  #endWith(data: Uint8Array | string): void {
    if (data.length <= joinedBytesMax && isAsciiText(data)) return void this.#response.end(data, "latin1");
    const bytes = typeof data === "string" ? Buffer.from(data, "utf8") : data;
    if (Buffer.isBuffer(bytes) && bytes.length <= joinedBytesMax) {
      this.#response.end(bytes.toString("latin1"), "latin1");
    } else {
      this.#response.end(bytes);
    }
  }

  /** Closes the connection when the client takes nothing for too long of what waits for it. */
  #watch(): void {
    const { socket } = this.#response;
    // Most answers are taken by the system at once, and wait for nobody.
    if (!socket || this.#response.writableLength === 0) return;
    if (!this.#watched) this.#calmLater();
    socket.setTimeout(this.#stalledMsMax);
  }

  #calmLater(): void {
    this.#watched = true;
    const calm = (): void => void this.#response.socket?.setTimeout(0);
    this.#response.on("drain", calm);
    // Before Node's own listener, which then lets the connection wait for the next request.
    this.#response.prependOnceListener("finish", calm);
  }
}

/** Whether each character of a text is a byte: as Latin-1 it is written in two thirds of UTF-8's time. */
function isAsciiText(data: Uint8Array | string): data is string {
  return typeof data === "string" && Buffer.byteLength(data) === data.length;
}

function ignored(): void {
  // Told by `close`.
}
