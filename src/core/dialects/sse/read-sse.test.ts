import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  readSse,
  restOfSse,
  sseFrameBytesMax,
  startSse,
  type SseFrame,
} from "#core/dialects/sse/read-sse.ts";

function framesOf(chunks: readonly Uint8Array[]): {
  readonly frames: readonly SseFrame[];
  readonly rest: SseFrame | undefined;
} {
  let state = startSse();
  const frames: SseFrame[] = [];
  for (const chunk of chunks) {
    const [next, read] = readSse(state, chunk);
    state = next;
    frames.push(...read);
  }
  return { frames, rest: restOfSse(state) };
}

const bytes = (text: string) => Buffer.from(text, "utf8");
const event = (data: string): SseFrame => ({ kind: "event", data });

describe("server-sent events", () => {
  test.each(["\n", "\r\n", "\r"])("end their lines in %j", (end) => {
    const text = ["data: a", "", ": hello", "", "event: delta", "data: b", "data: c", "", ""].join(end);
    expect(framesOf([bytes(text)]).frames).toEqual([
      event("a"),
      { kind: "comment" },
      { kind: "event", data: "b\nc", event: "delta" },
    ]);
  });

  test("lose one space behind the colon, no more", () => {
    expect(framesOf([bytes("data:  x\n\ndata:y\n\n")]).frames).toEqual([event(" x"), event("y")]);
  });

  test("may begin with a byte order mark", () => {
    expect(framesOf([bytes("\uFEFFdata: a\n\n")]).frames).toEqual([event("a")]);
  });

  test("without their blank line are left over", () => {
    expect(framesOf([bytes("data: a\n\ndata: b")])).toEqual({ frames: [event("a")], rest: event("b") });
  });

  test("beyond the largest size are refused, and nothing after them is read", () => {
    const [state] = readSse(startSse(), Buffer.alloc(sseFrameBytesMax + 1, "x"));
    expect(state.overflowed).toBe(true);
    expect(readSse(state, bytes("\n\ndata: a\n\n"))[1]).toEqual([]);
  });

  test("are the same however the bytes are cut", () => {
    const line = fc.oneof(
      fc.string({ unit: "grapheme" }).map((text) => `data: ${text.replaceAll(/[\r\n]/g, "")}`),
      fc.constantFrom(": keep-alive", "event: x", "id: 7", "", ""),
    );
    const stream = fc.array(fc.tuple(line, fc.constantFrom("\n", "\r\n", "\r")), { maxLength: 30 });
    fc.assert(
      fc.property(stream, fc.array(fc.nat({ max: 400 }), { maxLength: 40 }), (lines, cuts) => {
        const whole = bytes(lines.map(([text, end]) => text + end).join(""));
        const ends = [0, ...cuts.filter((cut) => cut < whole.length).toSorted((a, b) => a - b), whole.length];
        const chunks = ends.slice(1).map((end, at) => whole.subarray(ends[at], end));
        expect(framesOf(chunks)).toEqual(framesOf([whole]));
      }),
    );
  });
});
