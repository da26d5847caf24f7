import type { AnswerContext } from "#core/dialects/dialect.ts";
import type { StreamPart } from "#core/llm/stream-part.ts";
import type { Reading } from "./reading.ts";

/** What the other side reads of a stream that a dialect writes. */
export function relayed(
  dialect: Reading,
  parts: readonly StreamPart[],
  context: AnswerContext,
): readonly StreamPart[] {
  let writing = dialect.server.startStream(context);
  const frames = parts.flatMap((part) => {
    const [next, payloads] = dialect.server.encodePart(writing, part);
    writing = next;
    return payloads;
  });
  let reading = dialect.client.startStream();
  return [...frames, ...dialect.server.endStream(writing)].flatMap((frame) => {
    const [next, read] = dialect.client.decodeFrame(reading, frame);
    reading = next;
    return read;
  });
}
