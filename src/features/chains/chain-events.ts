import { AppError } from "#core/kernel/app-error.ts";
import type { ChainAnswer } from "./schema.ts";

/** A step of a streamed run: any number of chunks, then the end. */
export type ChainEvent =
  | { readonly type: "chunk"; readonly text: string }
  | { readonly type: "end"; readonly answer: ChainAnswer };

/** A run under way. */
export interface ChainStream {
  readonly requestId: string;
  /** Headers that belong on the answer: how the request was routed. */
  readonly headers: Readonly<Record<string, string>>;
  readonly events: AsyncIterable<ChainEvent>;
}

/** Where a stream is written to. */
export interface ChainSink {
  /** Takes text; resolves when more is welcome. */
  write(text: string): Promise<void> | void;
  /** Completes the answer. */
  end(): void;
}

/**
 * Writes a run as server-sent events: "chunk"s, then "end" or "error". Does not throw for what fails in the run: that is
 * an event.
 * @returns what failed, for the log
 */
export async function sendChainStream(stream: ChainStream, sink: ChainSink): Promise<unknown> {
  let failure: unknown;
  try {
    for await (const event of stream.events) await sink.write(eventFrame(event));
  } catch (error) {
    failure = error;
    await sink.write(errorFrame(error, stream.requestId));
  }
  sink.end();
  return failure;
}

function eventFrame(event: ChainEvent): string {
  return frame(event.type, event.type === "chunk" ? { text: event.text } : event.answer);
}

/** Our own errors as they are; a mistake of ours tells nothing of itself. */
function errorFrame(error: unknown, requestId: string): string {
  const { code, message, retryable } =
    error instanceof AppError ? error : new AppError("internal", "Cannot run the chain: an internal error");
  return frame("error", { error: { code, message, retryable }, request_id: requestId });
}

/** JSON has no line breaks, so that one data line holds it. */
function frame(event: string, data: object): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
