import type { ClientDialect } from "#core/dialects/dialect.ts";
import { readSse, restOfSse, startSse, type SseFrame } from "#core/dialects/sse/read-sse.ts";
import { isContent } from "#core/llm/stream-part.ts";
import type { ResponseCollector } from "#core/llm/response-collector.ts";
import type { UpstreamFailure } from "#core/llm/upstream-failure.ts";
import {
  AnswerTracker,
  incompleteness,
  isPresentable,
  type Answer,
} from "#features/gateway/answer-tracker.ts";
import { BodyCollector } from "#features/gateway/body-collector.ts";
import type { ClientPort } from "#features/gateway/client-port.ts";
import type { ExchangeReader } from "#features/gateway/exchange.ts";
import type { Framing } from "#features/gateway/framing.ts";
import type { FrameWriter } from "#features/gateway/frame-writer.ts";

/** Largest error body that is read, bytes. */
const errorBytesMax = 256 * 1024;
/** Most that is held back before the first content, characters: role-only and empty deltas are tiny. */
const heldLengthMax = 1024 * 1024;

/** What a relay is given. */
export interface StreamRelayInput {
  readonly dialect: ClientDialect<unknown>;
  readonly writer: FrameWriter;
  readonly framing: Framing;
  readonly client: ClientPort;
  readonly nowMs: () => number;
  /** Hears of every part, where the route keeps content. */
  readonly collector: ResponseCollector | undefined;
  /** Whether an answer that was blocked before any content is not sent until it is complete. */
  readonly holdsBlocked: boolean;
  /** Sends status and headers: called once, when the answer is committed. */
  readonly commit: () => void;
}

/** An answer that is no stream: an error, as a rule. */
interface Refusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: BodyCollector;
}

/**
 * Relays a stream frame by frame. Nothing reaches the client until there is something to show (content, or a finish
 * without any); until then a failure is silent and another deployment may take over. From then on every frame goes out
 * as it arrives.
 */
export class StreamRelay implements ExchangeReader {
  readonly #input: StreamRelayInput;
  #sse = startSse();
  #decoder: unknown;
  readonly #answer = new AnswerTracker();
  #committed = false;
  #whenCommitted: (() => void) | undefined;
  /** Frames for the client that are not sent yet: all of them until the answer is committed, then a chunk's. */
  #unsent = "";
  #refusal: Refusal | undefined;

  constructor(input: StreamRelayInput) {
    this.#input = input;
    this.#decoder = input.dialect.startStream();
  }

  get answer(): Answer {
    return this.#answer;
  }

  get committed(): boolean {
    return this.#committed;
  }

  /** Calls back just before the answer is committed. One callback, set before the call begins. */
  whenCommitted(callback: () => void): void {
    this.#whenCommitted = callback;
  }

  started(status: number, headers: Readonly<Record<string, string>>): void {
    const streams =
      status >= 200 && status <= 299 && (headers["content-type"] ?? "").includes("text/event-stream");
    if (!streams) this.#refusal = { status, headers, body: new BodyCollector(errorBytesMax) };
  }

  data(chunk: Uint8Array): UpstreamFailure | "content" | "nothing" {
    if (this.#refusal) return this.#refusal.body.add(chunk) ?? "nothing";
    const [state, frames] = readSse(this.#sse, chunk);
    this.#sse = state;
    const seen = this.#frames(frames);
    this.#flush();
    if (typeof seen === "object") return seen;
    if (state.failure) return state.failure;
    return seen ? "content" : "nothing";
  }

  ended(): UpstreamFailure | undefined {
    if (this.#refusal) return this.#refused(this.#refusal);
    const rest = restOfSse(this.#sse);
    const seen = rest && this.#frame(rest);
    this.#flush();
    return typeof seen === "object" ? seen : incompleteness(this.#answer);
  }

  /** Sends what the client's dialect puts at the end of a whole stream. */
  complete(): void {
    const { writer, framing, client } = this.#input;
    if (!this.#committed) this.#commit();
    for (const payload of writer.end()) this.#unsent += framing.frame(payload);
    client.end(this.#unsent + framing.close());
  }

  /** Sends an error as the last thing of a stream under way. */
  breakOff(frame: string): void {
    this.#input.client.breakOff(this.#input.framing.frame(frame) + this.#input.framing.close());
  }

  #refused(refusal: Refusal): UpstreamFailure {
    const { status, headers } = refusal;
    if (status >= 200 && status <= 299) {
      return { kind: "malformed-answer", status, message: "The upstream's answer is not an event stream" };
    }
    return this.#input.dialect.decodeError(
      status,
      headers,
      refusal.body.bytes().toString("utf8"),
      this.#input.nowMs(),
    );
  }

  /** Takes a chunk's frames: a failure, behind which nothing is read, or whether there was content in any. */
  #frames(frames: readonly SseFrame[]): UpstreamFailure | boolean {
    let content = false;
    for (const frame of frames) {
      const seen = this.#frame(frame);
      if (typeof seen === "object") return seen;
      content ||= seen;
    }
    return content;
  }

  /** Takes one frame: a failure, or whether there was content in it. */
  #frame(frame: SseFrame): UpstreamFailure | boolean {
    if (frame.kind === "comment") return false;
    const { dialect, collector, writer, framing } = this.#input;
    const [decoder, parts] = dialect.decodeFrame(this.#decoder, frame.data);
    this.#decoder = decoder;
    let content = false;
    for (const part of parts) {
      this.#answer.track(part);
      collector?.add(part);
      content ||= isContent(part);
    }
    if (this.#answer.failure) return this.#answer.failure;
    for (const payload of writer.frame(frame.data, parts)) this.#unsent += framing.frame(payload);
    return this.#present() ?? content;
  }

  /** Commits the answer as soon as there is something to show. */
  #present(): UpstreamFailure | undefined {
    if (this.#committed) return undefined;
    if (isPresentable(this.#answer)) {
      if (!this.#isHeld()) this.#commit();
    } else if (this.#unsent.length > heldLengthMax) {
      return { kind: "malformed-answer", message: "The upstream sent too much without any content" };
    }
    return undefined;
  }

  #commit(): void {
    this.#committed = true;
    this.#whenCommitted?.();
    this.#input.commit();
  }

  #isHeld(): boolean {
    const { hasContent, finish } = this.#answer;
    return this.#input.holdsBlocked && !hasContent && finish?.reason === "content-filter";
  }

  /** Sends what a chunk has brought in one write. */
  #flush(): void {
    if (!this.#committed || this.#unsent === "") return;
    this.#input.client.write(this.#unsent);
    this.#unsent = "";
  }
}
