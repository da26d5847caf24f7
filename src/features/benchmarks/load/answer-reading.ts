import { restOfSse, readSse, startSse, type SseFrame, type SseState } from "#core/dialects/sse/read-sse.ts";
import { isJsonObject, type JsonObject } from "#core/kernel/json.ts";
import type { FailureClass } from "#core/benchmarks/measured-request.ts";
import type { AnswerEvent, TokenCounts } from "#core/benchmarks/timeline.ts";
import type { LoadDialect } from "../dialects/load-dialect.ts";

/** The largest answer that is read whole, bytes. */
const wholeBytesMax = 16 * 1024 * 1024;

/** What was wrong with an answer. */
export interface AnswerFault {
  readonly failure: FailureClass;
  readonly detail: string;
}

/** How an answer is read: event by event, or whole at its end. */
export interface AnswerReading {
  readonly events: readonly AnswerEvent[];
  readonly usage: TokenCounts | undefined;
  /** Text of the answer, where it was asked for. */
  readonly text: string;
  /** Takes bytes that came at that moment. */
  take(chunk: Uint8Array, atMs: number): void;
  /** What is wrong, now that it is over; undefined for a good answer. */
  end(): AnswerFault | undefined;
}

/** A stream of server-sent events. Events of one piece of bytes have one time: so they came. */
export class StreamReading implements AnswerReading {
  readonly events: AnswerEvent[] = [];
  usage: TokenCounts | undefined;
  text = "";
  readonly #dialect: LoadDialect;
  readonly #keepsText: boolean;
  #state: SseState = startSse();
  #isFinal = false;
  #fault: AnswerFault | undefined;

  constructor(dialect: LoadDialect, keepsText: boolean) {
    this.#dialect = dialect;
    this.#keepsText = keepsText;
  }

  take(chunk: Uint8Array, atMs: number): void {
    const [state, frames] = readSse(this.#state, chunk);
    this.#state = state;
    for (const frame of frames) this.#frame(frame, atMs);
  }

  end(): AnswerFault | undefined {
    if (this.#fault) return this.#fault;
    const isCut = this.#state.failure !== undefined || restOfSse(this.#state)?.isCut === true;
    if (isCut || !this.#isFinal) return { failure: "cut-off", detail: "the stream ended without its end" };
    return undefined;
  }

  #frame(frame: SseFrame, atMs: number): void {
    if (frame.kind === "comment" || frame.data === this.#dialect.endMark) return;
    const data = parsed(frame.data);
    if (!data) {
      this.#fault ??= { failure: "unreadable", detail: "an event is no JSON object" };
      return;
    }
    const { kind, text, usage, isFinal, error } = this.#dialect.readEvent(data);
    if (error !== undefined) {
      this.#fault ??= { failure: "stream-error", detail: error };
      return;
    }
    this.events.push({ atMs, kind });
    if (usage) this.usage = usage;
    if (isFinal) this.#isFinal = true;
    if (this.#keepsText) this.text += text;
  }
}

/** An answer that comes whole. */
export class WholeReading implements AnswerReading {
  readonly events: readonly AnswerEvent[] = [];
  usage: TokenCounts | undefined;
  text = "";
  readonly #dialect: LoadDialect;
  readonly #chunks: Uint8Array[] = [];
  #bytes = 0;

  constructor(dialect: LoadDialect) {
    this.#dialect = dialect;
  }

  take(chunk: Uint8Array): void {
    this.#bytes += chunk.length;
    if (this.#bytes <= wholeBytesMax) this.#chunks.push(chunk);
  }

  end(): AnswerFault | undefined {
    if (this.#bytes > wholeBytesMax)
      return { failure: "unreadable", detail: `more than ${wholeBytesMax} bytes` };
    const body = parsed(Buffer.concat(this.#chunks).toString("utf8"));
    if (!body) return { failure: "unreadable", detail: "the body is no JSON object" };
    const answer = this.#dialect.readWhole(body);
    this.usage = answer.usage;
    this.text = answer.text;
    return undefined;
  }
}

function parsed(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
