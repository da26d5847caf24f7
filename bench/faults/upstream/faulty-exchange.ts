import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import type { ApiFailure } from "#emulator/api-failure.ts";
import { answerPieces, answerText, type DeploymentName } from "./answer-text.ts";
import type { Wire } from "./wire.ts";

/** Content pieces that go out before a fault that strikes after the first content. */
const piecesBefore = 4;
/** Time for what was sent to be read, ms: a reset throws away what still waits in the receiver's socket. */
const readMs = 40;
/** Time between two frames, ms: so that each comes by itself. */
const paceMs = 1;

const streamType = "text/event-stream";
const jsonType = "application/json";

/** One call of a deployment that something is wrong with: the moves that faults are made of. */
export class FaultyExchange {
  readonly wire: Wire;
  readonly isStream: boolean;
  /** Whether the fault strikes when content has begun. */
  readonly isAfter: boolean;
  readonly #deployment: DeploymentName;
  readonly #response: ServerResponse;

  constructor(
    response: ServerResponse,
    call: {
      readonly wire: Wire;
      readonly deployment: DeploymentName;
      readonly isStream: boolean;
      readonly isAfter: boolean;
    },
  ) {
    this.wire = call.wire;
    this.isStream = call.isStream;
    this.isAfter = call.isAfter;
    this.#deployment = call.deployment;
    this.#response = response;
  }

  /** Whether the caller has left. */
  get isGone(): boolean {
    return this.#response.destroyed || this.#response.socket?.destroyed !== false;
  }

  /** Answers with an error, or any other body. */
  refuse(status: number, body: object | string, headers: Readonly<Record<string, string>> = {}): void {
    const isPage = typeof body === "string";
    this.#response.writeHead(status, {
      "content-type": isPage ? "text/html; charset=UTF-8" : jsonType,
      ...headers,
    });
    this.#response.end(isPage ? body : JSON.stringify(body));
  }

  /** Answers with an error in the words of the wire. */
  fail(failure: ApiFailure): void {
    this.refuse(failure.code, this.wire.error(failure), failure.headers);
  }

  /** Sends the head of a good answer and nothing else. */
  head(): void {
    this.#response.writeHead(200, { "content-type": this.isStream ? streamType : jsonType });
    this.#response.flushHeaders();
  }

  /** The head, and as much of the answer as comes before the fault: of a whole answer half of its body. */
  async begin(): Promise<void> {
    this.head();
    if (!this.isStream) this.write(this.wholeText.slice(0, this.wholeText.length / 2));
    else {
      await this.frames([this.wire.role()]);
      if (this.isAfter) await this.content(0, piecesBefore);
    }
    await wait(readMs);
  }

  /** The rest of a stream that `begin` began. */
  async rest(): Promise<void> {
    await this.content(this.isAfter ? piecesBefore : 0);
  }

  /** Content frames of the answer. */
  async content(from: number, to?: number): Promise<void> {
    await this.frames(
      answerPieces(this.#deployment)
        .slice(from, to)
        .map((piece) => this.wire.content(piece)),
    );
  }

  /** Frames, one after the other. */
  async frames(payloads: readonly string[]): Promise<void> {
    for (const payload of payloads) {
      this.write(`data: ${payload}\n\n`);
      await wait(paceMs);
    }
  }

  /** Ends a stream as it should be. */
  async finish(): Promise<void> {
    await this.frames([...this.wire.finish("stop"), ...this.wire.done]);
    this.end();
  }

  /** The whole answer as it should be. */
  async answer(): Promise<void> {
    if (!this.isStream) return this.refuse(200, this.wire.whole(this.text, "stop"));
    this.head();
    await this.frames([this.wire.role()]);
    await this.content(0);
    await this.finish();
  }

  get text(): string {
    return answerText(this.#deployment);
  }

  /** The body of the whole answer. */
  get wholeText(): string {
    return JSON.stringify(this.wire.whole(this.text, "stop"));
  }

  write(text: string): void {
    this.#response.write(text);
  }

  /** Ends the HTTP answer properly. */
  end(): void {
    this.#response.end();
  }

  /** Bytes that are no HTTP, in place of the head. */
  speakNonsense(): void {
    this.#response.socket?.end("\u0000\u0001 220 no HTTP is spoken here\r\n\r\n");
  }

  /** Closes the connection properly, though the HTTP answer is not over. */
  close(): void {
    this.#response.socket?.end();
  }

  /** Resets the connection. */
  reset(): void {
    this.#response.socket?.resetAndDestroy();
  }

  /** Writes the same again and again until the caller leaves. */
  async repeat(text: string, everyMs: number): Promise<void> {
    while (!this.isGone) {
      this.write(text);
      await wait(everyMs);
    }
  }

  /** Writes bytes without end, as fast as they are taken, up to a number. */
  async flood(bytes: number): Promise<void> {
    const piece = "x".repeat(1024 * 1024);
    for (let sent = 0; sent < bytes && !this.isGone; sent += piece.length) {
      if (!this.#response.write(piece)) await this.#drained();
    }
  }

  async #drained(): Promise<void> {
    const over = new AbortController();
    const { signal } = over;
    const leave = (): void => over.abort();
    this.#response.once("close", leave);
    // Whoever leaves drains nothing: both end the wait.
    await once(this.#response, "drain", { signal }).catch(() => undefined);
    this.#response.off("close", leave);
  }
}
