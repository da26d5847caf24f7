import { AppError } from "#core/kernel/app-error.ts";
import type { Json } from "#core/kernel/json.ts";
import type { ChainAnswer, ChainStepEnd, ChainStepStart } from "./schema.ts";
import type { RunEvent } from "./run/run-context.ts";

/** What is told of a streamed run: any number of chunks and steps, then the end. */
export type ChainEvent =
  | Exclude<RunEvent, { type: "step-start" | "step-end" }>
  | ({ readonly type: "step-start" } & ChainStepStart)
  | ({ readonly type: "step-end" } & ChainStepEnd)
  | { readonly type: "end"; readonly answer: ChainAnswer };

/** In whose words a stream is told: ours, or LangServe's for its clients. */
export type StreamWords = "signalbox" | "langserve";

/** A run under way. */
export interface ChainStream {
  readonly requestId: string;
  /** Headers that belong on the answer: how the request was routed. */
  readonly headers: Readonly<Record<string, string>>;
  readonly events: AsyncIterable<ChainEvent>;
  /** Whether the output is the text that is told in chunks. */
  readonly isText: boolean;
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
export async function sendChainStream(
  stream: ChainStream,
  sink: ChainSink,
  words: StreamWords = "signalbox",
): Promise<unknown> {
  let failure: unknown;
  const frames = words === "langserve" ? langServeFrames(stream.isText) : eventFrame;
  try {
    for await (const event of stream.events) {
      const text = frames(event);
      if (text !== "") await sink.write(text);
    }
  } catch (error) {
    failure = error;
    await sink.write(errorFrame(error, stream.requestId, words));
  }
  sink.end();
  return failure;
}

function eventFrame(event: ChainEvent): string {
  if (event.type === "end") return frame("end", event.answer);
  const { type, ...data } = event;
  return frame(type, data);
}

/**
 * Events as LangServe tells them: pieces that add up to the output, then an end without data. A text comes piece by piece;
 * any other output is one piece at the end, since what the model wrote is not what the chain gives.
 */
function langServeFrames(isText: boolean): (event: ChainEvent) => string {
  let isTold = false;
  return (event) => {
    if (event.type === "chunk" && isText) {
      isTold = true;
      return frame("data", event.text);
    }
    if (event.type !== "end") return "";
    const { output, request_id } = event.answer;
    const metadata = frame("metadata", { run_id: request_id });
    return `${isTold ? "" : frame("data", output)}${metadata}event: end\n\n`;
  };
}

/** Our own errors as they are; a mistake of ours tells nothing of itself. */
function errorFrame(error: unknown, requestId: string, words: StreamWords): string {
  const { code, message, retryable } =
    error instanceof AppError ? error : new AppError("internal", "Cannot run the chain: an internal error");
  if (words === "langserve") return frame("error", { status_code: 500, message });
  return frame("error", { error: { code, message, retryable }, request_id: requestId });
}

/** JSON has no line breaks, so that one data line holds it. */
function frame(event: string, data: Json | object): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
