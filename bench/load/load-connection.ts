import { connect, type Socket } from "node:net";
import { ResponseReader } from "./response-reader.ts";

/** What happens on a connection. */
export interface LoadListener {
  /** Events of a stream came; `before` had come in this answer until then. */
  frames(connection: LoadConnection, before: number): void;
  /** The answer is whole. */
  answered(connection: LoadConnection): void;
  /** No answer will come: the connection is of no more use. */
  failed(connection: LoadConnection, reason: string): void;
}

/** A connection that carries one request after another, by raw bytes that were made once. */
export class LoadConnection {
  readonly reader = new ResponseReader();
  /** When the request under way was written, ms. */
  startedMs = 0;
  /** When its last event came, ms. */
  lastFrameMs = 0;
  readonly #socket: Socket;
  readonly #request: Buffer;
  readonly #listener: LoadListener;
  #frames = 0;
  #busy = false;
  #over = false;

  constructor(
    address: { readonly host: string; readonly port: number },
    request: Buffer,
    listener: LoadListener,
  ) {
    this.#request = request;
    this.#listener = listener;
    this.#socket = connect({ host: address.host, port: address.port, noDelay: true });
    this.#socket.on("data", (chunk: Buffer) => this.#data(chunk));
    this.#socket.on("error", (error) => this.#end(error.message));
    this.#socket.on("close", () => this.#end("the connection was closed"));
  }

  /** Whether a request is under way. */
  get busy(): boolean {
    return this.#busy;
  }

  /** Writes the request. */
  send(): void {
    this.reader.begin();
    this.#frames = 0;
    this.#busy = true;
    this.startedMs = performance.now();
    this.#socket.write(this.#request);
  }

  close(): void {
    this.#over = true;
    this.#socket.destroy();
  }

  #data(chunk: Buffer): void {
    if (!this.#busy) return this.#end("bytes came that nobody asked for");
    const isWhole = this.#read(chunk);
    const before = this.#frames;
    if (this.reader.frames > before) {
      this.#frames = this.reader.frames;
      this.#listener.frames(this, before);
    }
    if (!isWhole || this.#over) return;
    this.#busy = false;
    this.#listener.answered(this);
  }

  #read(chunk: Buffer): boolean {
    try {
      return this.reader.feed(chunk);
    } catch (error) {
      this.#end(error instanceof Error ? error.message : String(error));
      return false;
    }
  }

  #end(reason: string): void {
    if (this.#over) return;
    this.close();
    this.#listener.failed(this, reason);
  }
}
