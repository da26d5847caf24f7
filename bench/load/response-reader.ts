const lf = 0x0a;

/**
 * Reads one HTTP/1.1 answer after another from a socket, as little of it as a load generator needs: the status, where
 * the body ends (by `content-length` or chunks), and how many server-sent events were in it. One request is under way
 * at a time, so that no chunk holds two answers.
 */
export class ResponseReader {
  /** Status of the answer, 0 before its head is there. */
  status = 0;
  /** Events so far: blank lines in the body. */
  frames = 0;
  /** Bytes of the body so far. */
  bodyBytes = 0;
  #phase: "head" | "length" | "chunk-size" | "chunk" | "trailer" | "done" = "head";
  #pending: Buffer = Buffer.alloc(0);
  /** What is left of the body, or of the chunk with its line end. */
  #left = 0;
  #endsInLf = false;

  /** Begins the next answer. */
  begin(): void {
    this.status = 0;
    this.frames = 0;
    this.bodyBytes = 0;
    this.#phase = "head";
    this.#pending = Buffer.alloc(0);
    this.#endsInLf = false;
  }

  /**
   * Takes what came.
   * @returns whether the answer is whole
   * @throws Error where it is no HTTP/1.1 answer
   */
  feed(chunk: Buffer): boolean {
    let rest: Buffer | undefined = chunk;
    while (rest !== undefined && this.#phase !== "done") rest = this.#step(rest);
    return this.#phase === "done";
  }

  /** Takes as much as belongs to the phase; `undefined` when more must come. */
  #step(chunk: Buffer): Buffer | undefined {
    switch (this.#phase) {
      case "head":
        return this.#line(chunk, "\r\n\r\n", (head) => this.#head(head));
      case "chunk-size":
        return this.#line(chunk, "\r\n", (size) => this.#chunkSize(size));
      case "trailer":
        return this.#line(chunk, "\r\n", () => (this.#phase = "done"));
      default:
        return this.#body(chunk);
    }
  }

  #line(chunk: Buffer, end: string, read: (text: string) => void): Buffer | undefined {
    const bytes = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    const at = bytes.indexOf(end, 0, "latin1");
    if (at === -1) {
      this.#pending = bytes;
      return undefined;
    }
    this.#pending = Buffer.alloc(0);
    read(bytes.toString("latin1", 0, at));
    const rest = bytes.subarray(at + end.length);
    return rest.length > 0 || this.#phase === "done" ? rest : undefined;
  }

  #head(head: string): void {
    const status = /^HTTP\/1\.1 (\d{3})/.exec(head)?.[1];
    if (status === undefined)
      throw new Error("Cannot read an answer: HTTP/1.1 is wanted, got something else");
    this.status = Number(status);
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    if (length !== undefined) {
      this.#left = Number(length);
      this.#phase = this.#left === 0 ? "done" : "length";
    } else if (/\r\ntransfer-encoding: *chunked/i.test(head)) this.#phase = "chunk-size";
    else throw new Error("Cannot read an answer: content-length or chunks are wanted, there is neither");
  }

  #chunkSize(text: string): void {
    const size = Number.parseInt(text, 16);
    if (Number.isNaN(size)) throw new Error("Cannot read an answer: the size of a chunk is wanted");
    // The line end behind a chunk is read with it.
    this.#left = size + 2;
    this.#phase = size === 0 ? "trailer" : "chunk";
  }

  #body(chunk: Buffer): Buffer | undefined {
    const took = chunk.subarray(0, this.#left);
    this.#left -= took.length;
    const lineEnd = this.#phase === "chunk" ? Math.max(0, 2 - this.#left) : 0;
    this.#count(took.subarray(0, Math.max(0, took.length - lineEnd)));
    if (this.#left === 0) this.#phase = this.#phase === "chunk" ? "chunk-size" : "done";
    const rest = chunk.subarray(took.length);
    return rest.length > 0 || this.#phase === "done" ? rest : undefined;
  }

  #count(body: Buffer): void {
    if (body.length === 0) return;
    this.bodyBytes += body.length;
    let from = 0;
    if (this.#endsInLf && body[0] === lf) {
      this.frames += 1;
      from = 1;
    }
    for (let at = body.indexOf("\n\n", from); at !== -1; at = body.indexOf("\n\n", from)) {
      this.frames += 1;
      from = at + 2;
    }
    this.#endsInLf = from < body.length && body[body.length - 1] === lf;
  }
}
