import { chunkShape, type WireChoice, type WireUsage } from "./answer-shape.ts";
import type { StreamReply } from "./chat-transport.ts";
import { errorIn, SignalboxError } from "./signalbox-error.ts";

/** One step of a streamed answer. */
export interface WireStep {
  /** The answer's id, which is the request's. */
  readonly id?: string;
  /** The model as Signalbox names it. */
  readonly model?: string;
  readonly choice: WireChoice;
}

/** What is known when a stream is over. */
export interface WireEnd {
  /** Tokens, where they were reported: the last report, since each tells all so far. */
  readonly usage?: WireUsage;
}

/**
 * Reads a streamed answer step by step; returns what is known at its end.
 * @throws SignalboxError on an error frame, on what is no chunk, and when the stream ends without a finish reason
 */
export async function* readWireStream({ headers, chunks }: StreamReply): AsyncGenerator<WireStep, WireEnd> {
  let isFinished = false;
  let usage: WireUsage | undefined;
  for await (const body of chunks) {
    const error = errorIn(body, { headers });
    if (error) throw error;
    const read = chunkShape.safeParse(body);
    if (!read.success) {
      throw new SignalboxError("Cannot read the stream: a chat completion chunk is wanted", {
        code: "answer_not_whole",
        headers,
      });
    }
    const { id, model } = read.data;
    usage = read.data.usage ?? usage;
    // Frameworks ask for one answer; of several the first is read.
    const choice = read.data.choices.find(({ index }) => (index ?? 0) === 0);
    if (!choice) continue;
    isFinished ||= Boolean(choice.finish_reason);
    yield { choice, ...(id && { id }), ...(model && { model }) };
  }
  if (!isFinished) {
    throw new SignalboxError(
      "Cannot take the answer for whole: a finish reason is wanted, the stream had none",
      { code: "answer_not_whole", headers },
    );
  }
  return usage ? { usage } : {};
}
