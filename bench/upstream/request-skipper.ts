/**
 * Reads requests off a connection as cheaply as can be: the path of each, and where its body (of a known length) ends.
 * Bodies are counted and let go.
 */
export class RequestSkipper {
  readonly #onRequest: (path: string) => void;
  #pending: Buffer = Buffer.alloc(0);
  #path = "";
  /** What is left of a body; -1 while a head is read. */
  #left = -1;

  /** @param onRequest is called with the path when a request is in whole */
  constructor(onRequest: (path: string) => void) {
    this.#onRequest = onRequest;
  }

  /**
   * Takes what came.
   * @throws Error where a request has a body of unknown length
   */
  feed(chunk: Buffer): void {
    let rest: Buffer | undefined = chunk;
    while (rest !== undefined) rest = this.#left === -1 ? this.#head(rest) : this.#body(rest);
  }

  #head(chunk: Buffer): Buffer | undefined {
    const bytes = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    const end = bytes.indexOf("\r\n\r\n");
    this.#pending = end === -1 ? bytes : Buffer.alloc(0);
    if (end === -1) return undefined;
    const head = bytes.toString("latin1", 0, end);
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    // A GET has no body: Signalbox asks idle deployments how they are.
    if (length === undefined && !head.startsWith("GET "))
      throw new Error("Cannot read a request: a content-length is wanted, there is none");
    this.#path = head.slice(head.indexOf(" ") + 1, head.indexOf(" HTTP/"));
    this.#left = Number(length ?? 0);
    return bytes.subarray(end + 4);
  }

  #body(chunk: Buffer): Buffer | undefined {
    const taken = Math.min(this.#left, chunk.length);
    this.#left -= taken;
    if (this.#left > 0) return undefined;
    this.#left = -1;
    this.#onRequest(this.#path);
    return taken < chunk.length ? chunk.subarray(taken) : undefined;
  }
}
