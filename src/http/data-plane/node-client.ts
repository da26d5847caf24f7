import type { ServerResponse } from "node:http";
import type { ClientPort, Trailers } from "#features/gateway/index.ts";

/**
 * Longest time in which a client takes nothing of what waits for it, ms. Node's socket timeout looks at what the system
 * has sent: a client that reads slowly makes progress, one that reads nothing would hold its memory for ever.
 */
const stalledMsMax = 60_000;

/**
 * What is up to this size goes out in one piece with what stands before and behind it (head, chunk sizes), bytes: one
 * write instead of a gathered one, for a copy that costs less.
 */
const joinedBytesMax = 16_384;

/** The last chunk of the chunked encoding, with the headers behind the answer (RFC 9112, 7.1). */
function lastChunk(trailers: Trailers): string {
  let fields = "";
  for (const [name, value] of Object.entries(trailers)) fields += `${name}: ${value}\r\n`;
  return `0\r\n${fields}\r\n`;
}

const noTrailers: Trailers = {};

/** A client at the other end of a node:http response. */
export class NodeClient implements ClientPort {
  readonly #response: ServerResponse;
  readonly #stalledMsMax: number;
  readonly #whenClosed: (() => void)[] = [];
  /** Whether we ended the answer ourselves: a close after that is no abort. */
  #ended = false;
  #closed = false;
  /** Whether we write the sizes of chunks. */
  #chunked = false;
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
    if (this.#closed) return;
    this.#response.writeHead(status, headers);
    // Where Node has announced the chunked encoding, we write it: Node hands size, data and line ends to the system as
    // four pieces, which takes 2 us more for each event of a stream than one text (Node 26.10, 2026-11-25).
    this.#chunked = this.#response.chunkedEncoding;
    this.#response.chunkedEncoding = false;
  }

  write(data: Uint8Array | string): void {
    if (!this.#closed && !this.#write(data)) this.#watch();
  }

  end(data: Uint8Array | string = "", trailers: Trailers = noTrailers): void {
    this.#ended = true;
    const text = joinedText(data);
    if (text !== undefined) {
      this.#response.end(this.#chunked ? chunkOf(text) + lastChunk(trailers) : text, "latin1");
    } else if (this.#chunked) {
      this.#write(data);
      this.#response.end(lastChunk(trailers), "latin1");
    } else {
      this.#response.end(data);
    }
    this.#watch();
  }

  breakOff(data: string): void {
    this.#ended = true;
    const { socket } = this.#response;
    // The last chunk of the encoding is left out and the connection closed behind the data: the client has all that
    // was sent and knows that it is not all there was.
    this.#write(data, () => socket?.destroySoon());
    this.#watch();
  }

  whenWritable(callback: () => void): void {
    this.#response.once("drain", callback);
  }

  whenClosed(callback: () => void): void {
    this.#whenClosed.push(callback);
  }

  /** @returns false when the system does not take it at once */
  #write(data: Uint8Array | string, whenSent?: () => void): boolean {
    const response = this.#response;
    const text = joinedText(data);
    if (text !== undefined) return response.write(this.#chunked ? chunkOf(text) : text, "latin1", whenSent);
    const bytes = typeof data === "string" ? Buffer.from(data, "utf8") : data;
    if (!this.#chunked || bytes.length === 0) return response.write(bytes, whenSent);
    response.write(sizeLine(bytes.length), "latin1");
    response.write(bytes);
    return response.write("\r\n", "latin1", whenSent);
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

/** One chunk of the chunked encoding. No data is no chunk: the empty one would be the last. */
function chunkOf(text: string): string {
  return text === "" ? "" : `${sizeLine(text.length)}${text}\r\n`;
}

function sizeLine(bytes: number): string {
  return `${bytes.toString(16)}\r\n`;
}

/** Few bytes as a text whose characters they are (Latin-1): it can be put together with others, and is written as it is. */
function joinedText(data: Uint8Array | string): string | undefined {
  if (data.length > joinedBytesMax) return undefined;
  if (typeof data === "string" && Buffer.byteLength(data) === data.length) return data;
  const bytes = typeof data === "string" ? Buffer.from(data, "utf8") : data;
  return Buffer.isBuffer(bytes) && bytes.length <= joinedBytesMax ? bytes.toString("latin1") : undefined;
}

function ignored(): void {
  // Told by `close`.
}
