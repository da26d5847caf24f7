import type { ClientDialect } from "#core/dialects/dialect.ts";
import { readSse, restOfSse, startSse, type SseFrame } from "#core/dialects/sse/read-sse.ts";
import { isContent, type StreamPart } from "#core/llm/stream-part.ts";
import type { UpstreamFailure } from "#core/llm/upstream-failure.ts";
import { sumOfUsage, type Usage } from "#core/llm/usage.ts";
import type { AnswerStream } from "#features/gateway/answer-stream.ts";
import {
  AnswerTracker,
  incompleteness,
  isPresentable,
  type Answer,
  type OwnField,
} from "#features/gateway/answer-tracker.ts";
import { BodyCollector } from "#features/gateway/body-collector.ts";
import type { Trailers } from "#features/gateway/client-port.ts";
import type { ExchangeReader } from "#features/gateway/exchange.ts";

/** Largest error body that is read, bytes. */
const errorBytesMax = 256 * 1024;
/** Most that is held back before the first content, characters: role-only and empty deltas are tiny. */
const heldLengthMax = 1024 * 1024;

/** What a relay is given. */
export interface StreamRelayInput {
  readonly dialect: ClientDialect<unknown>;
  /** Where the frames go. */
  readonly stream: AnswerStream;
  readonly nowMs: () => number;
  /** Whether an answer that was blocked before any content is not sent until it is complete. */
  readonly holdsBlocked: boolean;
  /** What is there of the answer that this attempt continues; undefined at the first. */
  readonly before: StreamSoFar | undefined;
  /** Whether more of the answer will be asked for: what looks like its end is none. */
  readonly isContinued: (answer: Answer) => boolean;
  /** Sends status and headers: called when the answer is committed. */
  readonly start: () => void;
}

/** A stream of which pieces are there. */
export interface StreamSoFar {
  /** The state of the decoder behind the last frame; absent where the rest is another answer's stream. */
  readonly decoder?: unknown;
  /** Tokens of the attempts that brought it, where they are known. */
  readonly usage: Usage | undefined;
  readonly ownFields: readonly OwnField[];
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
  readonly #answer: AnswerTracker;
  #refusal: Refusal | undefined;

  constructor(input: StreamRelayInput) {
    const { dialect, before } = input;
    this.#input = input;
    this.#answer = new AnswerTracker(before?.ownFields);
    this.#decoder =
      before?.decoder !== undefined && dialect.continuing
        ? dialect.continuing.startStream(before.decoder)
        : dialect.startStream();
  }

  /** What this attempt brought. */
  get answer(): Answer {
    return this.#answer;
  }

  /** Whether the client has any of the answer, this attempt's or an earlier one's. */
  get committed(): boolean {
    return this.#input.stream.committed;
  }

  /** The state of the decoder behind the last frame. */
  get decoder(): unknown {
    return this.#decoder;
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
    this.#input.stream.flush();
    if (typeof seen === "object") return seen;
    if (state.failure) return state.failure;
    return seen ? "content" : "nothing";
  }

  ended(): UpstreamFailure | undefined {
    if (this.#refusal) return this.#refused(this.#refusal);
    const rest = restOfSse(this.#sse);
    const seen = rest && this.#frame(rest);
    this.#input.stream.flush();
    return typeof seen === "object" ? seen : incompleteness(this.#answer);
  }

  /** Sends what the client's dialect puts at the end of a whole stream, and what is told behind it. */
  complete(trailers: Trailers): void {
    const { stream, start } = this.#input;
    if (!stream.committed) stream.commit(start);
    stream.complete(trailers);
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
    const { dialect, stream, before } = this.#input;
    const [decoder, parts] = dialect.decodeFrame(this.#decoder, frame.data);
    this.#decoder = decoder;
    let content = false;
    for (const part of parts) {
      this.#answer.track(part);
      content ||= isContent(part);
    }
    if (this.#answer.failure) return this.#answer.failure;
    if (before || this.#isContinued()) stream.parts(this.#asPiece(parts), this.#answer.upstreamModel);
    else stream.frame(frame.data, parts);
    return this.#present() ?? content;
  }

  #isContinued(): boolean {
    return this.#answer.finish?.reason === "continuation" && this.#input.isContinued(this.#answer);
  }

  /** The parts as those of a piece of an answer: it begins once and ends once, and its tokens are those of all pieces. */
  #asPiece(parts: readonly StreamPart[]): readonly StreamPart[] {
    const { before } = this.#input;
    const isContinued = this.#isContinued();
    const piece: StreamPart[] = [];
    for (const part of parts) {
      if (part.type === "response-start" && before) continue;
      if (part.type === "finish" && isContinued) continue;
      if (part.type === "usage" && before?.usage) {
        piece.push({ type: "usage", usage: sumOfUsage(before.usage, part.usage) });
      } else piece.push(part);
    }
    return piece;
  }

  /** Commits the answer as soon as there is something to show. */
  #present(): UpstreamFailure | undefined {
    const { stream, start } = this.#input;
    if (stream.committed) return undefined;
    if (isPresentable(this.#answer) && (this.#answer.hasContent || !this.#isContinued())) {
      if (!this.#isHeld()) stream.commit(start);
    } else if (stream.heldLength > heldLengthMax) {
      return { kind: "malformed-answer", message: "The upstream sent too much without any content" };
    }
    return undefined;
  }

  #isHeld(): boolean {
    const { hasContent, finish } = this.#answer;
    return this.#input.holdsBlocked && !hasContent && finish?.reason === "content-filter";
  }
}
