import type { ErrorForClient } from "#core/dialects/dialect.ts";
import type { BegunText } from "#core/llm/begun-text.ts";
import type { ResponseCollector } from "#core/llm/response-collector.ts";
import type { StreamPart } from "#core/llm/stream-part.ts";
import type { ClientPort, Trailers } from "#features/gateway/client-port.ts";
import type { Framing } from "#features/gateway/framing.ts";
import type { FrameWriter } from "#features/gateway/frame-writer.ts";

/** What the client's side of a stream is made of. */
export interface AnswerStreamInput {
  readonly writer: FrameWriter;
  readonly framing: Framing;
  readonly client: ClientPort;
  /** Hears of every part, where the route keeps content. */
  readonly collector: ResponseCollector | undefined;
  /** Hears of every part, where the route has broken streams gone on with. */
  readonly begun: BegunText | undefined;
}

/**
 * The one stream that a client gets, whether one attempt brings it or several bring a piece each. Frames wait until the
 * answer is committed; from then on each chunk's leave in one write.
 */
export class AnswerStream {
  readonly #input: AnswerStreamInput;
  #writer: FrameWriter;
  #committed = false;
  #whenCommitted: (() => void) | undefined;
  /** Frames for the client that are not sent yet: all of them until the answer is committed, then a chunk's. */
  #unsent = "";

  constructor(input: AnswerStreamInput) {
    this.#input = input;
    this.#writer = input.writer;
  }

  get committed(): boolean {
    return this.#committed;
  }

  /** Characters that wait for the answer to be committed. */
  get heldLength(): number {
    return this.#committed ? 0 : this.#unsent.length;
  }

  /** Calls back just before the answer is committed. One callback, set before the call begins. */
  whenCommitted(callback: () => void): void {
    this.#whenCommitted = callback;
  }

  /** Takes a frame as it came, with the parts that are in it. */
  frame(data: string, parts: readonly StreamPart[]): void {
    const { collector, begun, framing } = this.#input;
    if (collector) for (const part of parts) collector.add(part);
    if (begun) for (const part of parts) begun.add(part);
    for (const payload of this.#writer.frame(data, parts)) this.#unsent += framing.frame(payload);
  }

  /**
   * Takes parts that are not what a frame says as it came: they are written, also where frames passed before.
   *
   * @param model what the provider calls the model
   */
  parts(parts: readonly StreamPart[], model: string | undefined): void {
    this.#writer = this.#writer.anew?.(model) ?? this.#writer;
    this.frame("", parts);
  }

  /** Shows the answer from here on. Once. */
  commit(start: () => void): void {
    this.#committed = true;
    this.#whenCommitted?.();
    start();
  }

  /** Sends what a chunk has brought in one write. */
  flush(): void {
    if (!this.#committed || this.#unsent === "") return;
    this.#input.client.write(this.#unsent);
    this.#unsent = "";
  }

  /** Sends what the client's dialect puts at the end of a whole stream, and what is told behind it. */
  complete(trailers: Trailers): void {
    const { framing, client } = this.#input;
    for (const payload of this.#writer.end()) this.#unsent += framing.frame(payload);
    client.end(this.#unsent + framing.close(), trailers);
  }

  /** Sends an error as the last thing of a stream under way. */
  breakOff(error: ErrorForClient): void {
    const { framing, client } = this.#input;
    client.breakOff(framing.frame(this.#writer.error(error)) + framing.close());
  }
}
