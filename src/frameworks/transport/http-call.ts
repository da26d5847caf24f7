import type { Dispatcher } from "undici";
import type { ReplyHeaders } from "./chat-transport.ts";

/** Bytes that wait for a reader; beyond them the connection is held back. */
const waitingBytesMax = 256 * 1024;

/** The beginning of an answer. */
export interface HttpHead {
  readonly status: number;
  readonly headers: ReplyHeaders;
}

/**
 * One HTTP call under way, read by iterating over it. By undici's dispatch and not its `request`: a stream of Node's for each
 * answer, and a step of it for each piece, cost more than all that is read of them. What has come in meanwhile is given
 * together.
 */
export class HttpCall implements Dispatcher.DispatchHandler, AsyncIterableIterator<Uint8Array> {
  readonly #head = Promise.withResolvers<HttpHead>();
  #controller: Dispatcher.DispatchController | undefined;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #reader: PromiseWithResolvers<IteratorResult<Uint8Array, undefined>> | undefined;
  #trailers: ReplyHeaders = {};
  #end: { readonly error?: unknown } | undefined;
  readonly #signal: AbortSignal | undefined;
  readonly #abort = (): void => this.#stop(this.#signal?.reason);

  /** @param signal aborting it closes the connection, also while the answer is read */
  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
    // The head's failure is told to whoever awaits it; a call that is stopped before has nobody.
    this.#head.promise.catch(() => undefined);
    if (signal?.aborted) this.#abort();
    else signal?.addEventListener("abort", this.#abort, { once: true });
  }

  /** Resolves when the answer begins; rejects when it never will. */
  get head(): Promise<HttpHead> {
    return this.#head.promise;
  }

  /** What stands behind the answer, once it was read to its end. */
  get trailers(): ReplyHeaders {
    return this.#trailers;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#end) controller.abort(stopped());
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    if (status >= 200) this.#head.resolve({ status, headers: flat(headers) });
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#end) return;
    this.#waiting.push(chunk);
    this.#waitingBytes += chunk.length;
    if (this.#reader) queueMicrotask(this.#give);
    else if (this.#waitingBytes > waitingBytesMax) controller.pause();
  }

  onResponseEnd(
    _controller: Dispatcher.DispatchController,
    trailers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    this.#trailers = flat(trailers ?? {});
    this.#over({});
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    this.#over({ error });
  }

  next(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (this.#waitingBytes > 0) return Promise.resolve({ done: false, value: this.#taken() });
    if (!this.#end) return (this.#reader ??= Promise.withResolvers()).promise;
    if ("error" in this.#end) return Promise.reject(this.#end.error);
    return Promise.resolve({ done: true, value: undefined });
  }

  /** A reader that stops early closes the connection. */
  return(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.#stop(stopped());
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Everything that has come in with one turn of the socket goes to the reader in one piece. */
  readonly #give = (): void => {
    const reader = this.#reader;
    if (!reader || this.#waitingBytes === 0) return;
    this.#reader = undefined;
    reader.resolve({ done: false, value: this.#taken() });
  };

  #taken(): Uint8Array {
    const [first] = this.#waiting;
    const taken =
      first && this.#waiting.length === 1 ? first : Buffer.concat(this.#waiting, this.#waitingBytes);
    this.#waiting = [];
    this.#waitingBytes = 0;
    if (this.#controller?.paused) this.#controller.resume();
    return taken;
  }

  #stop(reason: unknown): void {
    if (this.#end) return;
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#over({ error: reason });
    this.#controller?.abort(stopped());
  }

  #over(end: { readonly error?: unknown }): void {
    if (this.#end) return;
    this.#give();
    this.#end = end;
    this.#signal?.removeEventListener("abort", this.#abort);
    if ("error" in end) this.#head.reject(end.error);
    const reader = this.#reader;
    this.#reader = undefined;
    if (reader && "error" in end) reader.reject(end.error);
    else reader?.resolve({ done: true, value: undefined });
  }
}

function stopped(): Error {
  return new Error("The answer is not wanted any more");
}

function flat(headers: Readonly<Record<string, string | string[] | undefined>>): ReplyHeaders {
  const told: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) told[name] = Array.isArray(value) ? value.join(", ") : value;
  }
  return told;
}
