import { PassThrough } from "node:stream";
import { AppError } from "#core/kernel/app-error.ts";
import type { ClientPort, Trailers } from "#features/gateway/index.ts";

/** Pieces kept for a reader that lags behind; the provider is held back beyond. */
const piecesMax = 64;
/** Attempts of one request that may each wait for the client to go away. */
const listenersMax = 64;

/** Status and headers of an answer. */
export interface AnswerHead {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** A client in this process: what the gateway sends it can be read piece by piece. */
export class AnswerClient implements ClientPort {
  /** Resolves when the answer starts; rejects when it never will, because the client went away. */
  readonly head: Promise<AnswerHead>;
  readonly #started = Promise.withResolvers<AnswerHead>();
  readonly #pipe = new PassThrough({ objectMode: true, highWaterMark: piecesMax });
  #trailers: Trailers = {};
  /** Whether the gateway ended the answer itself: a close after that is no abort. */
  #ended = false;

  /** @param signal when it is aborted, the client goes away */
  constructor(signal: AbortSignal | undefined) {
    this.head = this.#started.promise;
    this.#pipe.setMaxListeners(listenersMax);
    const leave = () => this.#pipe.destroy();
    signal?.addEventListener("abort", leave, { once: true });
    this.#pipe.once("close", () => {
      signal?.removeEventListener("abort", leave);
      this.#started.reject(new AppError("client-closed", "The client went away"));
    });
    if (signal?.aborted) leave();
  }

  get closed(): boolean {
    return this.#pipe.destroyed && !this.#ended;
  }

  get congested(): boolean {
    return this.#pipe.writableNeedDrain;
  }

  /** What is told behind the answer, once its pieces are read to their end. */
  get trailers(): Trailers {
    return this.#trailers;
  }

  start(status: number, headers: Readonly<Record<string, string>>): void {
    this.#started.resolve({ status, headers });
  }

  write(data: Uint8Array | string): void {
    if (!this.#pipe.destroyed) this.#pipe.write(textOf(data));
  }

  end(data?: Uint8Array | string, trailers: Trailers = {}): void {
    this.#ended = true;
    this.#trailers = trailers;
    if (data !== undefined) this.write(data);
    this.#pipe.end();
  }

  /** Ends the answer as it stands: whoever reads it learns from the gateway's error that it is not whole. */
  breakOff(data: string): void {
    this.end(data);
  }

  whenWritable(callback: () => void): void {
    this.#pipe.once("drain", callback);
  }

  whenClosed(callback: () => void): void {
    this.#pipe.once("close", () => {
      if (!this.#ended) callback();
    });
  }

  /** The answer's pieces as the gateway sent them. Ending the iteration early is going away. */
  async *pieces(): AsyncGenerator<string> {
    // Only `write` puts anything in, and it puts texts.
    for await (const piece of this.#pipe as AsyncIterable<string>) yield piece;
  }
}

function textOf(data: Uint8Array | string): string {
  return typeof data === "string" ? data : Buffer.from(data).toString("utf8");
}
